"""Books close and reopen: what is closed stays as it was reported, and what comes late is posted in open books."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.accounting import periods_store
from domain.accounting.close_period import ClosePeriod, PeriodWasClosed
from domain.accounting.errors import NothingClosed, PeriodClosed, PeriodNotOver, PeriodUnfinished
from domain.accounting.reopen_period import ReopenPeriod
from domain.bookings.complete_booking import CompleteBooking
from domain.branches import store as branches
from domain.branches.errors import BooksClosed
from domain.expiry.extend_package import ExtendPackage
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel import clock
from domain.kernel.commands import Done, run_command
from domain.kernel.db import execute, insert, rows
from domain.kernel.errors import Forbidden, InvalidInput
from domain.kernel.ids import new_id
from domain.ledger.audit import audit_ledgers
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.sell_package import SellPackage
from domain.reports.deferred_revenue import deferred_revenue
from domain.reports.figures import span
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused, sold, used
from tests.fixtures.slow_posting import SlowPosting
from tests.fixtures.two_winters import day, two_winters

pytestmark = pytest.mark.anyio

FEBRUARY = span(date(2026, 2, 1), date(2026, 2, 28))


async def closed(house: Harbour, year: int, month: int, of_month: int) -> Done[PeriodWasClosed]:
    """The books are closed up to this day."""
    return await run_command(house.owner, ClosePeriod(date(year, month, of_month), "month end"))


async def postings(operation_id: str) -> list[tuple[str, date, datetime]]:
    """What an operation posted: the event, the accounting day, and the instant for which it counts."""
    found = await rows(
        "SELECT event, posted_on, effective_at FROM journal_entry WHERE operation_id = $1 ORDER BY id", operation_id
    )
    return [(row["event"], row["posted_on"], row["effective_at"]) for row in found]


async def open_from(house: Harbour) -> date | None:
    """The first open day of the chain."""
    return (await branches.chain(house.chain_id)).books_open_from


async def test_books_close_up_to_a_day_and_reopen_one_period_after_the_other(db: str) -> None:
    house = (await two_winters(db)).house
    with on(day(2026, 3, 16)):
        first = await closed(house, 2026, 1, 31)
        second = await closed(house, 2026, 2, 28)
        assert (first.outcome.first_day, first.outcome.open_from) == (None, date(2026, 2, 1))
        assert (second.outcome.first_day, second.outcome.open_from) == (date(2026, 2, 1), date(2026, 3, 1))
        assert await open_from(house) == date(2026, 3, 1)
    with on(day(2026, 3, 17)):
        done = await run_command(house.owner, ReopenPeriod(" a bill was missing "))
        assert (done.outcome.period_id, done.outcome.open_from) == (second.outcome.period_id, date(2026, 2, 1))
        assert await open_from(house) == date(2026, 2, 1)
        assert (await run_command(house.owner, ReopenPeriod("and another"))).outcome.open_from is None
        assert await open_from(house) is None
        await refused(NothingClosed, house.owner, ReopenPeriod("and one more"))
        again = await closed(house, 2026, 2, 28)
        assert again.outcome.first_day is None
    newest, reopened, _ = await periods_store.page(house.accountant, 10)
    assert (newest.id, newest.reopened_at, newest.closed_by) == (again.outcome.period_id, None, again.operation_id)
    assert (reopened.id, reopened.reopened_at, reopened.reopened_by) == (
        second.outcome.period_id, day(2026, 3, 17), done.operation_id,
    )  # fmt: skip
    (said,) = await rows("SELECT reason, principal_id FROM operation WHERE id = $1", done.operation_id)
    assert tuple(said.values()) == ("a bill was missing", house.owner.id)


async def test_a_day_that_is_closed_already(db: str) -> None:
    house = (await two_winters(db)).house
    with on(day(2026, 3, 16)):
        await closed(house, 2026, 2, 28)
        refusal = await refused(PeriodClosed, house.owner, ClosePeriod(date(2026, 2, 28), "again"))
        assert (refusal.last_day, refusal.open_from) == (date(2026, 2, 28), date(2026, 3, 1))
        await closed(house, 2026, 3, 1)


async def test_a_day_that_is_not_over_at_every_branch(db: str) -> None:
    with on(datetime(2026, 3, 1, 0, 30, tzinfo=UTC)):  # 1 March in Lisbon and Madrid, still 28 February in the Azores
        house = await harbour(db)
        refusal = await refused(PeriodNotOver, house.owner, ClosePeriod(date(2026, 2, 28), "too early"))
        assert (refusal.today, refusal.path) == (date(2026, 2, 28), ("lastDay",))
        await closed(house, 2026, 2, 27)


async def test_what_has_lapsed_is_posted_before_the_books_close(db: str) -> None:
    with on(day(2025, 11, 20)):
        house = await harbour(db)
        await sold(house, house.trial)  # lapses at midnight in Lisbon when 18 February ends
    with on(day(2026, 2, 25)):
        await closed(house, 2026, 2, 18)
        refusal = await refused(PeriodUnfinished, house.owner, ClosePeriod(date(2026, 2, 19), "month end"))
        assert refusal.lapses
        assert str(refusal) == "Sessions that lapsed until 2026-02-19 are still being posted. Try again in a minute."
        await lapse_packages()
        await closed(house, 2026, 2, 19)


async def test_estimates_are_posted_before_the_books_close(db: str) -> None:
    house = (await two_winters(db)).house
    run = {
        "id": new_id("run"), "chain_id": house.chain_id, "operation_id": "op_none", "posted_on": date(2026, 2, 1),
        "packages": 1, "started_at": day(2026, 3, 15),
    }  # fmt: skip
    await insert("breakage_run", [run])
    with on(day(2026, 3, 16)):
        await closed(house, 2026, 1, 31)
        refusal = await refused(PeriodUnfinished, house.owner, ClosePeriod(date(2026, 2, 1), "month end"))
        assert not refusal.lapses
        await execute("UPDATE breakage_run SET finished_at = $1", day(2026, 3, 16))
        await closed(house, 2026, 2, 1)


async def test_why_must_be_said(db: str) -> None:
    house = (await two_winters(db)).house
    with on(day(2026, 3, 16)):
        assert (await refused(InvalidInput, house.owner, ClosePeriod(date(2026, 2, 28), " "))).path == ("reason",)
        assert (await refused(InvalidInput, house.owner, ReopenPeriod(""))).path == ("reason",)


async def test_only_an_owner_closes_and_reopens(db: str) -> None:
    house = (await two_winters(db)).house
    with on(day(2026, 3, 16)):
        for actor in (house.manager_lis, house.accountant, house.desk_lis, house.integrator):
            await refused(Forbidden, actor, ClosePeriod(date(2026, 2, 28), "month end"))
            await refused(Forbidden, actor, ReopenPeriod("oh"))


async def test_a_period_that_is_closed_stays_as_it_was_reported(db: str) -> None:
    there = await two_winters(db)
    house = there.house
    with on(day(2026, 3, 16)):
        (old,) = await rows(
            "SELECT id FROM operation WHERE act = 'redeem_session' AND effective_at = $1", day(2026, 2, 28)
        )
        await closed(house, 2026, 2, 28)
        reported = await deferred_revenue(house.owner, FEBRUARY)
        back = await run_command(house.owner, ReverseRedemption(old["id"], Fault.BUSINESS, "was not there"))
        longer = await run_command(house.owner, ExtendPackage(there.trial, "was ill", date(2026, 4, 1)))
        assert await deferred_revenue(house.owner, FEBRUARY) == reported
    assert await postings(back.operation_id) == [("REVERSAL", date(2026, 3, 16), day(2026, 3, 16))]
    assert await postings(longer.operation_id) == [("REINSTATEMENT", date(2026, 3, 16), day(2026, 3, 16))]
    march = (await deferred_revenue(house.owner, span(date(2026, 3, 1), date(2026, 3, 31)))).totals
    assert (march.recognised.value, march.lapsed.value) == (5530 + 4500 - 4500, -6600)
    assert await audit_ledgers(house.chain_id) == []


async def test_an_old_visit_that_is_completed_late_is_posted_on_the_first_open_day(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        visit = await booked(house, MONDAY + timedelta(days=1))
    with on(MONDAY + timedelta(days=30)):
        await closed(house, 2026, 3, 31)
        done = await run_command(house.owner, CompleteBooking(visit))
    assert await postings(done.operation_id) == [("SESSION", date(2026, 4, 1), MONDAY + timedelta(days=1))]


async def test_a_lapse_that_is_found_late_is_posted_on_the_first_open_day(db: str) -> None:
    with on(day(2025, 11, 20)):
        house = await harbour(db)
        await sold(house, house.trial)
    await execute("UPDATE chain SET books_open_from = $2 WHERE id = $1", house.chain_id, date(2026, 3, 1))
    with on(day(2026, 3, 2)):
        await lapse_packages()
    (lapse,) = await rows("SELECT id FROM operation WHERE act = 'lapse_package'")
    assert await postings(lapse["id"]) == [("LAPSE", date(2026, 3, 1), datetime(2026, 2, 19, tzinfo=UTC))]


async def test_a_visit_is_not_dated_back_into_closed_books(db: str) -> None:
    with on(day(2026, 2, 25)):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
    with on(day(2026, 3, 2)):
        await closed(house, 2026, 2, 28)
        late = RedeemSession(house.physio, house.lis, package_id, visited_at=datetime(2026, 2, 28, 23, 59, tzinfo=UTC))
        refusal = await refused(BooksClosed, house.owner, late)
        assert (refusal.day, refusal.open_from, refusal.path) == (date(2026, 2, 28), date(2026, 3, 1), ("visitedAt",))
        done = await used(house, package_id, visited_at=datetime(2026, 3, 1, tzinfo=UTC))
        assert await postings(done.operation_id) == [("SESSION", date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC))]


async def test_who_reads_the_periods(db: str) -> None:
    house = (await two_winters(db)).house
    with on(day(2026, 3, 16)):
        await closed(house, 2026, 1, 31)
        newest = await closed(house, 2026, 2, 28)
    found = await periods_store.page(house.manager_mad, 1)
    assert [period.id for period in found] == [newest.outcome.period_id]
    (older,) = await periods_store.page(house.owner, 5, found[0].id)
    assert older.last_day == date(2026, 1, 31)
    assert await periods_store.page(house.other_owner, 5) == []
    assert await periods_store.by_ids(house.other_owner, [older.id]) == {}
    assert await periods_store.by_ids(house.desk_lis, [older.id]) == {}
    assert await periods_store.by_ids(house.accountant, [older.id]) == {older.id: older}
    with pytest.raises(Forbidden):
        await periods_store.page(house.desk_lis, 5)


async def at(instant: datetime, house: Harbour, command: Any) -> Done[Any]:
    """An act by a clock of its own, while others go by another."""
    with clock.at(instant):
        return await run_command(house.owner, command)


async def test_a_sale_on_its_way_is_waited_for(postgres_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with on(MONDAY):
        house = await harbour(postgres_db)
    slow = SlowPosting(monkeypatch)
    sale = asyncio.create_task(at(MONDAY, house, SellPackage(house.ten, house.ana, house.lis)))
    await slow.begun.wait()
    close = asyncio.create_task(at(MONDAY + timedelta(days=1), house, ClosePeriod(date(2026, 3, 2), "day end")))
    assert await asyncio.wait([close], timeout=0.5) == (set(), {close})
    slow.go_on()
    assert (await close).outcome.open_from == date(2026, 3, 3)
    assert await postings((await sale).operation_id) == [("SALE", date(2026, 3, 2), MONDAY)]


async def test_a_sale_that_comes_while_the_books_close_is_posted_behind_them(
    postgres_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on(MONDAY):
        house = await harbour(postgres_db)
    closing, go_on = asyncio.Event(), asyncio.Event()
    write = periods_store.open_from

    async def wait(*args: Any) -> None:
        closing.set()
        await go_on.wait()
        await write(*args)

    monkeypatch.setattr(periods_store, "open_from", wait)
    close = asyncio.create_task(at(MONDAY + timedelta(days=1), house, ClosePeriod(date(2026, 3, 2), "day end")))
    await closing.wait()
    sale = asyncio.create_task(at(MONDAY, house, SellPackage(house.ten, house.ana, house.lis)))
    assert await asyncio.wait([sale], timeout=0.5) == (set(), {sale})
    go_on.set()
    await close
    assert await postings((await sale).operation_id) == [("SALE", date(2026, 3, 3), MONDAY)]
    assert await audit_ledgers(house.chain_id) == []
