"""A comparison reads no more than it must, in stretches that stay compared whatever becomes of the rest."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from domain.accounting.sync import connections_store, lease_store, reconciling, reconciling_store, stretches, syncing
from domain.accounting.sync.comparing import DifferenceKind
from domain.accounting.sync.reconciling_store import Reconciled
from domain.accounting.sync.rules import LEASE
from domain.kernel.calendar import Days
from domain.kernel.clock import now
from tests.fakes.ledger import Ledger
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.synced import Synced, connected, known

pytestmark = pytest.mark.anyio

NIGHT = MONDAY + timedelta(hours=17)
"""Three o'clock in Lisbon."""
EVER = Days(None, None)


async def sales(db: str, ledger: Ledger, *days_ago: int) -> tuple[Harbour, Synced]:
    """A document for a sale on each of the days, none of which was sent yet."""
    with on(MONDAY - timedelta(days=60)):
        house = await harbour(db)
        there = await connected(house, ledger)
        await there.map()
    for days in days_ago:
        with on(MONDAY - timedelta(days=days)):
            await sold(house, house.ten)
    return house, there


async def states(there: Synced) -> list[str]:
    """Where the documents stand."""
    return [each.state.value for each in await there.documents()]


async def compared(there: Synced, days: Days = EVER) -> Reconciled:
    """These days, now."""
    found = await syncing.reconcile_now(there.connection_id, days)
    assert isinstance(found, Reconciled)
    return found


async def newest(there: Synced) -> Reconciled:
    """What the last comparison came to."""
    [found] = await reconciling_store.reconciliations(there.connection_id, 1)
    return found


async def test_a_document_that_stays_missing_has_the_days_around_it_read_every_night_and_no_others(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        _, there = await sales(db, ledger, 55, 33, 0)
        with on(MONDAY + timedelta(days=9)):
            await there.round()
            assert await states(there) == ["VERIFIED"] * 3
            ledger.booked["R1"] = replace(ledger.booked["R1"], day=date(2026, 1, 9))
            assert {each.kind for each in (await compared(there)).differences} == {DifferenceKind.CHANGED}
        ledger.read.clear()
        for nights, kind in ((9, DifferenceKind.CHANGED), (10, DifferenceKind.MISSING)):
            with on(NIGHT + timedelta(days=nights)):
                await there.round()
                found = await newest(there)
                assert {each.kind for each in found.differences} == {kind}
                assert (found.compared, found.first_day, found.last_day) == (
                    2,
                    date(2025, 12, 22),
                    date(2026, 3, 3 + nights),
                )
            ledger.booked.pop("R1", None)

    assert ledger.read == [
        (date(2025, 12, 22), date(2026, 1, 21)),
        (date(2026, 2, 9), date(2026, 3, 12)),
        (date(2025, 12, 22), date(2026, 1, 21)),
        (date(2026, 2, 10), date(2026, 3, 13)),
    ]


async def test_what_is_booked_in_another_stretch_is_told_once(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "MOST", 1)
    ledger = Ledger()
    async with known(ledger.kind()):
        _, there = await sales(db, ledger, 4, 3, 2, 1)
        with on(MONDAY):
            await there.round()
            first, second, third, fourth = await there.documents()
            ledger.booked["R1"] = replace(ledger.booked["R1"], day=date(2026, 3, 1))
            ledger.booked["R9"] = replace(ledger.booked["R2"], remote_id="R9", day=date(2026, 2, 28))
            ledger.booked["R4"] = replace(ledger.booked["R4"], day=date(2026, 2, 26))
            del ledger.booked["R3"]
            ledger.read.clear()
            found = await compared(there)
            told = {(each.kind.value, each.document_id, each.remote_id) for each in found.differences}
            left = await states(there)

    assert [str(until) for _, until in ledger.read] == ["2026-02-26", "2026-02-27", "2026-02-28", "2026-03-02"]
    assert told == {
        ("CHANGED", first.id, "R1"),
        ("EXTRA", second.id, "R9"),
        ("MISSING", third.id, None),
        ("CHANGED", fourth.id, "R4"),
    }
    assert (found.compared, found.waiting, len(found.differences)) == (4, 0, 8)
    assert left == ["SENT", "VERIFIED", "SENT", "SENT"]


async def test_what_was_compared_stays_so_where_there_is_no_time_for_the_rest(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "MOST", 1)
    ledger = Ledger()
    told = []
    async with known(ledger.kind()):
        _, there = await sales(db, ledger, 3, 2, 1)
        with on(NIGHT), ExitStack() as later:

            async def passes() -> None:
                later.enter_context(on(NIGHT + timedelta(minutes=4)))

            ledger.read_hook = passes
            await there.round()
            told.append((await states(there), await connections_store.connection(there.connection_id)))
        with on(NIGHT + timedelta(minutes=6)):
            monkeypatch.setattr(reconciling, "_LONGEST", timedelta(milliseconds=20))
            ledger.read_hook = partial(asyncio.sleep, 60)
            await there.round()
            told.append((await states(there), await connections_store.connection(there.connection_id)))
            ledger.read_hook = None
            found = await compared(there)

    assert [(stood, connection.unread_times) for stood, connection in told] == [
        (["VERIFIED", "SENT", "SENT"], 1),
        (["VERIFIED", "SENT", "SENT"], 2),
    ]
    [because] = {connection.unread_because for _, connection in told}
    assert because.endswith("It takes longer than there is time for at once. What was compared stays compared.")
    assert (found.compared, found.differences) == (3, ())


async def test_a_comparison_that_is_lost_to_a_worker_tells_that_it_has_it(sqlite_db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        _, there = await sales(sqlite_db, ledger, 1)
        with on(MONDAY), ExitStack() as later:
            await there.round()

            async def sleeps() -> None:
                later.enter_context(on(MONDAY + 2 * LEASE))
                assert await lease_store.take(there.connection_id, "lse_other", now(), LEASE)

            ledger.read_hook = sleeps
            assert await syncing.reconcile_now(there.connection_id, EVER) is None
            assert len(await reconciling_store.reconciliations(there.connection_id, 2)) == 1  # that of the round
