"""Documents are booked once in the other system, and what is not booked says why, whatever the calls come to."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from domain.accounting.connectors.protocol import Problem
from domain.accounting.sync import connections_store, documents_store, sending
from domain.accounting.sync.lease import held
from domain.accounting.sync.resume_connection import ResumeConnection
from domain.accounting.sync.retry_delivery import RetryDelivery
from domain.accounting.sync.rules import ConnectionState, DocumentState, LockedDays
from domain.accounting.sync.syncing import sync_connection, waiting
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.ledger.accounts import Account
from domain.ledger.seal import seal_operations
from tests.fakes.ledger import Does, Ledger
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.ledgers import traded
from tests.fixtures.synced import connected, known, remote

pytestmark = pytest.mark.anyio

PENDING, SENT, REJECTED = DocumentState.PENDING, DocumentState.SENT, DocumentState.REJECTED
UNCERTAIN, VERIFIED = DocumentState.UNCERTAIN, DocumentState.VERIFIED


async def test_what_is_booked_there_comes_to_the_balances_here(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await traded(house)
            assert await there.round() == 6
            assert await there.round() == 0
            made = await there.documents()

        assert {each.state for each in made} == {SENT}
        assert sorted(each.remote_id or "" for each in made) == ["R1", "R2", "R3", "R4", "R5", "R6"]
        assert ledger.balances == {
            remote(Account.CASH): 20000,
            remote(Account.RECEIVABLE): 25000,
            remote(Account.DEFERRED_REVENUE): -36000,
            remote(Account.REVENUE): -9000,
            remote(Account.DUE_TO_BRANCH): -4500,
            remote(Account.DUE_FROM_BRANCH): 4500,
        }
        assert await there.attempts() == [("SEND", "SUCCESS")] * 6


async def test_a_document_whose_accounts_are_not_mapped_waits_alone_and_goes_on_by_itself(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map(Account.RECEIVABLE, Account.DEFERRED_REVENUE)
            await used(house, await sold(house, house.ten))
            await there.round()
            first, second = await there.documents()
            assert (first.state, second.state, second.problem) == (SENT, PENDING, Problem.NO_MAPPING)
            assert second.message == "No account is mapped for REVENUE at branch LIS, service PHY45."
            assert await there.round() == 0
            assert await waiting() == []
            await there.map(Account.REVENUE)
            assert [(each.due_at, each.state) for each in await there.documents()] == [(None, SENT), (MONDAY, PENDING)]
            assert [each.id for each in await waiting()] == [there.connection_id]
            assert await there.round() == 1
            _, second = await there.documents()

        assert (second.state, second.problem, second.message) == (SENT, None, "")
        assert second.mapping_version == 2


async def test_what_is_mapped_while_it_is_found_unmapped_waits_for_nothing(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with known(Ledger().kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, Ledger())
            await sold(house, house.ten)
            claim = sending._claim

            async def late(*found: Any) -> bool:
                monkeypatch.setattr(sending, "_claim", claim)
                await there.map()
                return await claim(*found)

            monkeypatch.setattr(sending, "_claim", late)
            await there.round()
            assert (await there.document()).state is SENT


async def test_an_uncertain_document_is_looked_for_before_it_is_sent_again(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            ledger.then(Does.BOOKS_AND_IS_SILENT)
            await there.round()
            document = await there.document()
            assert (document.state, document.problem) == (DocumentState.UNCERTAIN, Problem.NO_ANSWER)
            assert await there.round() == 0  # what was asked may be at work there still
            await run_command(house.owner, RetryDelivery(document.id))
            assert await there.document() == document  # nobody knows more than before
        with on(MONDAY + timedelta(seconds=15)):
            await there.round()
            document = await there.document()

        assert (document.state, document.remote_id) == (SENT, "R1")
        assert len(ledger.sent) == 1
        assert await there.attempts() == [("SEND", "UNCERTAIN"), ("PROBE", "SUCCESS")]


async def test_what_may_be_booked_is_looked_for_also_where_many_wait_to_be_sent(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await traded(house)
            ledger.then(Does.IS_SILENT, Does.IS_SILENT, Does.HAS_ENOUGH)
            await there.round()
        later = MONDAY + timedelta(days=1)
        due = await documents_store.due(there.connection_id, later, 4)
        assert [each.state for each in due] == [UNCERTAIN, PENDING, UNCERTAIN, PENDING]
        assert [each.due_at and each.due_at > MONDAY for each in due] == [True, False, True, False]
        assert await documents_store.due(there.connection_id, later, 1) == due[:1]


async def test_what_is_surely_not_there_is_sent_again_with_the_same_bytes(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            ledger.then(Does.IS_SILENT)
            await there.round()
            await there.map()
        with on(MONDAY + timedelta(seconds=15)):
            ledger.then(Does.HAS_ENOUGH)  # cannot look for it: nobody knows
            await there.round()
            assert (await there.document()).state is DocumentState.UNCERTAIN
        with on(MONDAY + timedelta(seconds=60)):
            await there.round()
            document = await there.document()

        assert (document.state, document.mapping_version) == (SENT, 1)
        assert [ledger.sent[0]] == [*ledger.sent[1:]]
        assert ledger.twice == []


async def test_too_many_calls_rest_the_whole_connection_as_long_as_is_asked(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind(at_once=1)):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await traded(house)
            ledger.then(Does.HAS_ENOUGH)
            await there.round()
            assert len(ledger.sent) == 1
            assert [each.attempts for each in await there.documents()] == [1, 0, 0, 0, 0, 0]
        with on(MONDAY + timedelta(seconds=29)):
            assert await waiting() == []
            assert await there.round() == 0
            assert len(ledger.sent) == 1
        with on(MONDAY + timedelta(seconds=30)):
            assert len(await waiting()) == 1
            await there.round()

        assert len(ledger.booked) == 6


async def test_a_rejected_document_says_why_and_is_written_anew_when_it_is_retried(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            ledger.then(Does.REJECTS)
            await there.round()
            document = await there.document()
            assert (document.state, document.problem) == (REJECTED, Problem.UNKNOWN_ACCOUNT)
            assert document.message == "The accounting system did not take it: there is no account 4711."
            assert document.hint == "Map it to one that is there."
            await there.map()
            assert await there.round() == 0
            await run_command(house.accountant, RetryDelivery(document.id))
            await there.round()
            document = await there.document()

        assert (document.state, document.mapping_version, document.problem, document.hint) == (SENT, 2, None, "")


async def test_what_no_database_keeps_of_the_words_and_ids_there_stops_nothing(db: str) -> None:
    ledger = Ledger(says="no caf\ud83d\0 here", series="JV" * 80)
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await used(house, await sold(house, house.ten))
            ledger.then(Does.REJECTS)
            assert await there.round() == 2
            first, second = await there.documents()

    assert (first.state, first.message) == (REJECTED, "The accounting system did not take it: no caf? here.")
    assert (second.state, second.remote_id) == (SENT, "JV" * 60)


async def test_pushing_again_what_was_sent_changes_nothing_there(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            await there.round()
            document = await there.document()
            await run_command(house.accountant, RetryDelivery(document.id))
            await there.round()

            assert (await there.document()).state is SENT
            assert (len(ledger.sent), ledger.probed) == (1, [document.id])
            ledger.booked.clear()
            await run_command(house.accountant, RetryDelivery(document.id))
            await there.round()
            assert ((await there.document()).state, len(ledger.booked)) == (SENT, 1)


@pytest.mark.parametrize(("locked_days", "booked_on"), [(LockedDays.HOLD, None), (LockedDays.SHIFT, date(2026, 3, 4))])
async def test_a_locked_day_holds_a_document_or_shifts_it_to_the_first_open_day(
    db: str, locked_days: LockedDays, booked_on: date | None
) -> None:
    ledger = Ledger(locked_until=date(2026, 3, 3))
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger, locked_days=locked_days)
            await there.map()
            await sold(house, house.ten)
            await there.round()
            document = await there.document()
            assert (document.state, document.problem) == (PENDING, Problem.LOCKED_DAY)  # not into days to come
        with on(MONDAY + timedelta(days=2)):
            await there.round()
            document = await there.document()
        if booked_on is None:
            assert (document.state, document.problem, document.booked_on) == (PENDING, Problem.LOCKED_DAY, None)
            ledger.locked_until = None
            with on(MONDAY + timedelta(days=3)):
                await there.round()
            assert [each.day for each in ledger.booked.values()] == [date(2026, 3, 2)]
        else:
            assert (document.state, document.booked_on, document.day) == (VERIFIED, booked_on, date(2026, 3, 2))
            assert b"of 2026-03-02, whose books were locked" in ledger.sent[-1][1]
            assert [each.day for each in ledger.booked.values()] == [booked_on]


async def test_revoked_credentials_stop_the_connection_and_new_ones_let_it_go_on(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind(at_once=1)):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await traded(house)
            ledger.then(Does.LETS_NOBODY_IN)
            await there.round()
            stopped = await connections_store.connection(there.connection_id)
            assert stopped.state is ConnectionState.STOPPED
            assert stopped.stopped_because == "The accounting system lets Carnet in no more: invalid_grant."
            assert await there.round() == 0
            assert len(ledger.sent) == 1
            await run_command(house.accountant, ResumeConnection(there.connection_id, {"key": "new"}))
            await there.round()

        assert len(ledger.booked) == 6
        kept = await rows("SELECT credentials, token FROM accounting_connection")
        assert "new" not in kept[0]["credentials"]


async def test_what_former_credentials_come_to_does_not_stop_a_connection_that_has_new_ones(db: str) -> None:
    ledger = Ledger()

    async with known(ledger.kind(at_once=1)):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await traded(house)

            async def renew(_: str) -> None:
                ledger.hook = None
                await run_command(house.accountant, ResumeConnection(there.connection_id, {"key": "new"}))
                ledger.then(Does.LETS_NOBODY_IN)

            ledger.hook = renew
            await there.round()
            found = await connections_store.connection(there.connection_id)
            assert (found.state, found.stopped_because, len(ledger.sent)) == (ConnectionState.ACTIVE, "", 1)
            await there.round()

    assert (len(ledger.booked), ledger.twice) == (6, [])


async def test_a_connector_that_fails_leaves_the_document_uncertain_and_the_others_alone(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind(at_once=1)):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await traded(house)
            ledger.then(Does.FAILS)
            await there.round()
            first, *others = await there.documents()

        assert first.state is DocumentState.UNCERTAIN
        assert first.message == "The connector failed (RuntimeError), and nobody knows whether the document is booked."
        assert {each.state for each in others} == {SENT}


async def test_a_document_found_in_sending_is_looked_for_and_not_sent(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            await there.round()
            await execute("UPDATE sync_document SET state = 'SENDING', remote_id = NULL, due_at = $1", MONDAY)
            await there.round()
            document = await there.document()

        assert (document.state, document.remote_id, len(ledger.sent)) == (SENT, "R1", 1)


async def test_two_workers_at_once_book_everything_once(db: str) -> None:
    ledger, others_ended = Ledger(), asyncio.Event()

    async def wait(_: str) -> None:
        await others_ended.wait()

    async with known(ledger.kind()), asyncio.timeout(60):
        house = await harbour(db)
        there = await connected(house, ledger)
        await there.map()
        await traded(house)
        await seal_operations()
        ledger.hook = wait
        workers = asyncio.as_completed([sync_connection(there.connection_id) for _ in range(4)])
        assert [await next(workers) for _ in range(3)] == [None, None, None]
        others_ended.set()

        assert await next(workers) is not None
        assert (len(ledger.booked), ledger.twice) == (6, [])


async def test_who_lost_the_lease_changes_nothing_and_the_next_finds_out(db: str) -> None:
    ledger = Ledger()

    async def steal(_: str) -> None:
        await execute("UPDATE accounting_connection SET leased_by = 'other', leased_until = $1", MONDAY)

    async with known(ledger.kind(at_once=1)):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await traded(house)
            await seal_operations()
            async with held(there.connection_id):
                assert await sync_connection(there.connection_id) is None
            ledger.hook = steal
            assert await sync_connection(there.connection_id) is None
            first = (await there.documents())[0]
            assert (first.state, first.remote_id) == (DocumentState.SENDING, None)
            assert await there.attempts() == []
        ledger.hook = None
        with on(MONDAY + timedelta(seconds=76)):
            await there.round()
            assert {each.state for each in await there.documents()} == {SENT}

    assert (len(ledger.booked), ledger.twice, len(ledger.sent)) == (6, [], 6)


async def test_who_was_asleep_for_longer_than_the_lease_sends_nothing_more(db: str) -> None:
    ledger = Ledger()

    async with known(ledger.kind(at_once=1)):
        with on(MONDAY) as clock:
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await traded(house)
            await seal_operations()

            async def fall_asleep(_: str) -> None:
                ledger.hook = None
                clock.shift(timedelta(seconds=76))
                await sync_connection(there.connection_id)
                ledger.then(Does.IS_SILENT)

            ledger.hook = fall_asleep
            assert await sync_connection(there.connection_id) is None

    assert (len(ledger.booked), ledger.twice) == (6, [])
    assert {each.state for each in await there.documents()} == {SENT}
