"""A comparison finds what is missing, extra or changed there, and what was uncertain is known again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from carnet.laid_out import standing
from domain.accounting.connectors.answers import NotRead, unanswered, unauthorised
from domain.accounting.connectors.protocol import Booked, Problem
from domain.accounting.sync import connections_store, reading, syncing
from domain.accounting.sync.comparing import DifferenceKind
from domain.accounting.sync.map_account import MapAccount
from domain.accounting.sync.mapping import Mapped
from domain.accounting.sync.pause_connection import PauseConnection
from domain.accounting.sync.reconcile import Reconcile
from domain.accounting.sync.reconciling_store import Reconciled
from domain.accounting.sync.resume_connection import ResumeConnection
from domain.accounting.sync.rules import ConnectionState, DocumentState
from domain.kernel.calendar import Days
from domain.kernel.commands import run_command
from domain.ledger.accounts import Account
from tests.fakes.ledger import Does, Ledger
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold
from tests.fixtures.synced import Synced, connected, known, remote

pytestmark = pytest.mark.anyio

NIGHT = MONDAY + timedelta(hours=17)
"""Three o'clock in Lisbon."""


async def newest(there: Synced) -> Reconciled:
    """The newest comparison, as the accountant sees it."""
    connection = await connections_store.connection(there.connection_id)
    [found] = await reading.reconciliations(connection, 1)
    return found


async def three_sales(db: str, ledger: Ledger) -> tuple[Harbour, Synced]:
    """Three documents that were sent."""
    house = await harbour(db)
    there = await connected(house, ledger)
    await there.map()
    for _ in range(3):
        await sold(house, house.ten)
    await there.round()
    return house, there


async def test_at_night_what_is_booked_as_it_was_sent_is_verified(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            _, there = await three_sales(db, ledger)
        with on(NIGHT - timedelta(seconds=1)):
            assert await syncing.waiting() == []
        with on(NIGHT):
            assert [each.id for each in await syncing.waiting()] == [there.connection_id]
            await there.round()
            assert await syncing.waiting() == []
            found = await newest(there)
            assert {each.state for each in await there.documents()} == {DocumentState.VERIFIED}

    assert (found.compared, found.differences, found.reconciled_by) == (3, (), "")
    assert (found.first_day, found.last_day) == (date(2026, 1, 31), date(2026, 3, 3))


async def test_what_is_missing_extra_or_changed_is_listed_and_not_sent_again(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house, there = await three_sales(db, ledger)
            first, second, third = await there.documents()
            receivable, deferred = remote(Account.RECEIVABLE), remote(Account.DEFERRED_REVENUE)
            del ledger.booked["R1"]
            ledger.booked["R2"] = replace(ledger.booked["R2"], amounts={receivable: 45000, "9999": -45000})
            ledger.booked["R4"] = Booked("R4", third.id, date(2026, 3, 2), {receivable: 1, deferred: -1})
            await run_command(house.accountant, Reconcile(there.connection_id))
            await there.round()
            found = await newest(there)
            states = [each.state for each in await there.documents()]

    told = [
        (each.kind.value, each.document_id, each.account, each.expected_minor, each.found_minor)
        for each in found.differences
    ]
    missing, extra, changed = (kind.value for kind in DifferenceKind)
    assert sorted(told) == sorted(
        [
            (missing, first.id, receivable, 45000, 0),
            (missing, first.id, deferred, -45000, 0),
            (changed, second.id, deferred, -45000, 0),
            (changed, second.id, "9999", 0, -45000),
            (extra, third.id, receivable, 0, 1),
            (extra, third.id, deferred, 0, -1),
        ]
    )
    assert {each.branch_id for each in found.differences} == {house.lis}
    hints = {each.kind.value: each.hint for each in found.differences}
    assert hints[missing].startswith("If it was removed there by mistake, retry the document")
    assert hints[extra] == "The document is there more than once: remove R4 there. Carnet removes nothing by itself."
    assert hints[changed] == "Somebody changed R2 there: put it back as it was sent."
    assert (found.reconciled_by, found.last_day) == (house.accountant.id, date(2026, 3, 2))
    assert states == [DocumentState.SENT, DocumentState.SENT, DocumentState.VERIFIED]
    assert len(ledger.sent) == 3


async def test_what_waits_is_told_apart_from_what_was_compared(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY - timedelta(days=40)):
            house, there = await three_sales(db, ledger)
            ledger.locked_until = date(2026, 1, 31)
            await sold(house, house.ten)
            await there.round()
        with on(MONDAY - timedelta(days=2)):
            await sold(house, house.ten)
            await there.round()
            ledger.then(Does.REJECTS)
            await sold(house, house.ten)
            await there.round()
            taken_back = MapAccount(there.connection_id, (Mapped(Account.RECEIVABLE, None),))
            await run_command(house.owner, taken_back)
            await sold(house, house.ten)
            await there.round()
            found = await syncing.reconcile_now(there.connection_id, Days(None, None))
            lately = await syncing.reconcile_now(there.connection_id, Days(date(2026, 2, 1), None))
            assert isinstance(found, Reconciled)
            assert isinstance(lately, Reconciled)
            assert (await newest(there)).waiting == 2
        with on(MONDAY):
            await run_command(house.owner, Reconcile(there.connection_id))
            await there.round()
            nightly = await newest(there)

    assert (found.compared, found.waiting, found.differences) == (4, 3, ())
    assert (lately.compared, lately.waiting, lately.differences) == (1, 2, ())
    assert (nightly.first_day, nightly.compared, nightly.waiting) == (date(2026, 1, 30), 1, 3)


async def test_what_another_connection_booked_in_the_same_company_is_not_extra(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house, there = await three_sales(db, ledger)
            beside = await connected(house, ledger, name="Beside")
            await beside.map()
            await beside.round()
            ledger.booked["R9"] = replace(ledger.booked["R1"], remote_id="R9", document_id="doc_of_nobody_here")
            compared = [await syncing.reconcile_now(each.connection_id, Days(None, None)) for each in (there, beside)]

    for found in compared:
        assert isinstance(found, Reconciled)
        assert found.compared == 3
        assert {(each.kind, each.document_id) for each in found.differences} == {
            (DifferenceKind.EXTRA, "doc_of_nobody_here")
        }
        assert found.differences[0].hint == (
            "Nothing here has this id. Look first whether another Carnet keeps its books there too: if none does, "
            "remove R9 there, or take the id out of it. Carnet removes nothing by itself."
        )


async def test_a_paused_connection_that_is_let_in_no_more_stays_paused_and_is_told_why(sqlite_db: str) -> None:
    ledger = Ledger(unreadable=NotRead(unauthorised("invalid_grant", 401)))
    async with known(ledger.kind()):
        with on(MONDAY):
            house, there = await three_sales(sqlite_db, ledger)
            await run_command(house.owner, PauseConnection(there.connection_id))
            told = await syncing.reconcile_now(there.connection_id, Days(None, None))
            found = await connections_store.connection(there.connection_id)
            assert told == "What is booked there could not be read: invalid_grant."
            assert (found.state, found.stopped_because) == (ConnectionState.PAUSED, "")
            await run_command(house.owner, ResumeConnection(there.connection_id))
            await syncing.reconcile_now(there.connection_id, Days(None, None))
            found = await connections_store.connection(there.connection_id)

    assert (found.state, found.stopped_because) == (
        ConnectionState.STOPPED,
        "The accounting system lets Carnet in no more: invalid_grant.",
    )


async def test_a_comparison_that_finds_the_door_shut_says_so_where_the_connection_stops(sqlite_db: str) -> None:
    ledger = Ledger(unreadable=NotRead(unauthorised("invalid_grant", 401)))
    async with known(ledger.kind()):
        with on(MONDAY):
            house, there = await three_sales(sqlite_db, ledger)
            await run_command(house.owner, Reconcile(there.connection_id))
            await there.round()
            found = await connections_store.connection(there.connection_id)

    assert (found.state, found.reconciled_at, found.unread_at) == (ConnectionState.STOPPED, None, MONDAY)
    assert found.unread_because == "What is booked there could not be read: invalid_grant."
    assert found.reconcile_for == house.owner.id  # it is made when the connection is resumed


async def test_what_was_booked_on_another_day_there_is_changed(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            _, there = await three_sales(db, ledger)
            ledger.booked["R1"] = replace(ledger.booked["R1"], day=date(2026, 3, 1))
        with on(NIGHT):
            await there.round()
            found = await newest(there)

    assert {(each.kind, each.day, each.found_day) for each in found.differences} == {
        (DifferenceKind.CHANGED, date(2026, 3, 2), date(2026, 3, 1))
    }


async def test_an_uncertain_document_that_is_found_there_is_uncertain_no_more(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten, payments=cash(45000))
            ledger.then(Does.BOOKS_AND_IS_SILENT, Does.BOOKS_AND_IS_SILENT)
            await there.round()
            await run_command(house.accountant, Reconcile(there.connection_id))
            await there.round()
            made = await there.documents()

    assert {each.state for each in made} == {DocumentState.VERIFIED}
    assert sorted(each.remote_id or "" for each in made) == ["R1", "R2"]
    assert (len(ledger.sent), ledger.probed) == (2, [])


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (NotRead(unanswered("an entry cannot be read")), "an entry cannot be read."),
        (NotRead(unauthorised("no permission for GL Entry", 403)), "no permission for GL Entry."),
        (NotRead(replace(unanswered("busy"), retry_after=timedelta(seconds=30))), "busy."),
        (RuntimeError("a bug"), "The connector failed (RuntimeError)."),
    ],
)
async def test_a_comparison_that_can_never_be_read_is_told_and_keeps_nothing_from_being_sent(
    sqlite_db: str, error: Exception, why: str
) -> None:
    ledger = Ledger(unreadable=error)
    async with known(ledger.kind()):
        with on(MONDAY):
            house, there = await three_sales(sqlite_db, ledger)
        for minute in range(3):
            with on(NIGHT + timedelta(minutes=minute)):
                assert [each.id for each in await syncing.waiting()] == [there.connection_id]
                await there.round()
                found = await connections_store.connection(there.connection_id)
                assert (found.unread_at, found.reconciled_at) == (NIGHT + timedelta(minutes=minute), None)
                assert (found.state, found.stopped_because) == (ConnectionState.ACTIVE, "")
                assert found.unread_because == f"What is booked there could not be read: {why}"
            with on(NIGHT + timedelta(minutes=minute, seconds=31)):
                await sold(house, house.ten)
                assert await there.round() == 1  # what is to be sent does not wait for it
                assert await syncing.waiting() == []
        with on(NIGHT + timedelta(hours=20)):
            assert await syncing.waiting() == []
            now = await syncing.reconcile_now(there.connection_id, Days(None, None))
            assert now == found.unread_because
            stands = standing(found, {}, 0, {Problem.LOCKED_DAY: 2}).splitlines()
            assert stands[1].startswith("    not compared on 2026-03-03 03:02 UTC: What is")
            assert stands[-1] == "    not booked: LOCKED_DAY 2"
        with on(NIGHT + timedelta(days=1)):
            ledger.unreadable = None
            await there.round()
            found = await connections_store.connection(there.connection_id)

    assert (found.unread_at, found.unread_because, found.reconciled_at) == (None, "", NIGHT + timedelta(days=1))
