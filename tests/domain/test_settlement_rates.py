"""What a branch earns for the sessions of another: by the rate of the visit's day, in every way to use them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.accounting.close_period import ClosePeriod
from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.mark_no_show import MarkNoShow
from domain.bookings.rules import State
from domain.branches.errors import BooksClosed
from domain.catalog.define_service import DefineService
from domain.catalog.store import BranchPrice
from domain.catalog.terms import Item
from domain.kernel.access import Role
from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.audit import audit_ledgers
from domain.ledger.rules import BonusOrder, BonusValue
from domain.packages.explanation import explain
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.people import store as people
from domain.people.grant_role import GrantRole
from domain.settlements.rates import Basis
from domain.settlements.set_settlement_rate import SetSettlementRate
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, posted, refused, sold, used
from tests.fixtures.visits import VISIT, booked, bought, heard, told

pytestmark = pytest.mark.anyio

TODAY = MONDAY.date()
ONE_DAY = timedelta(days=1)
EVENING = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
"""Half past eleven in Lisbon, half past midnight of the next day in Madrid."""


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def listed(percent: int, starts_on: date = TODAY, **between: Any) -> SetSettlementRate:
    """So many per cent of the list price, between all branches unless said otherwise."""
    return SetSettlementRate(Basis.LIST_PERCENT, starts_on, percent_bp=percent * 100, **between)


async def set_rate(house: Harbour, *rates: SetSettlementRate) -> None:
    with on(MONDAY):
        for rate in rates:
            await run_command(house.accountant, rate)


async def earned(house: Harbour, operation_id: str) -> dict[tuple[str, str], int]:
    """What an operation posted, debits positive, by account and the code of its branch."""
    codes = {house.lis: "LIS", house.mad: "MAD", house.pdl: "PDL"}
    return {(account, codes[branch_id]): amount for account, branch_id, amount in await posted(operation_id)}


def session(value: int, rate: int, sign: int = 1) -> dict[tuple[str, str], int]:
    """A session of Lisbon's worth so much that earns Madrid so much; or its mirror."""
    lines = {
        ("DEFERRED_REVENUE", "LIS"): value,
        ("DUE_TO_BRANCH", "LIS"): -rate,
        ("REVENUE", "LIS"): rate - value,
        ("DUE_FROM_BRANCH", "MAD"): rate,
        ("REVENUE", "MAD"): -rate,
    }
    return {line: sign * amount for line, amount in lines.items() if amount}


async def test_sessions_earn_the_rate_of_their_pair_and_the_home_branch_keeps_or_bears_the_rest(house: Harbour) -> None:
    await set_rate(house, listed(100), listed(66, home_branch_id=house.lis, performing_branch_id=house.mad))
    package_id = await bought(house)
    with on(MONDAY):
        two = await used(house, package_id, branch_id=house.mad, sessions=2)
        assert await earned(house, two.operation_id) == session(9000, 6600)
        dear = await used(house, package_id, branch_id=house.pdl)
        assert (await earned(house, dear.operation_id))["REVENUE", "LIS"] == 500
        home = await used(house, package_id)
        assert await earned(house, home.operation_id) == {("DEFERRED_REVENUE", "LIS"): 4500, ("REVENUE", "LIS"): -4500}
        explained = await explain(house.owner, package_id)
    assert explained is not None and explained.balance.books.recognised_minor == 4 * 4500
    assert await audit_ledgers(house.chain_id) == []


async def test_a_free_session_earns_its_share_of_the_list_price_too(house: Harbour) -> None:
    await set_rate(house, listed(70))
    gift = terms(Item((house.physio,), 3, 1), price_minor=13500)
    price = replace(gift.price, bonus_value=BonusValue.ZERO, bonus_order=BonusOrder.FIRST)
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "GIFT", replace(gift, price=price)))
        free = await used(house, package_id, branch_id=house.mad)
    assert await earned(house, free.operation_id) == session(0, 3500)
    assert await audit_ledgers(house.chain_id) == []


async def test_the_day_of_the_visit_where_it_was_decides_also_when_it_is_told_late(house: Harbour) -> None:
    package_id = await bought(house)
    await set_rate(house, listed(60), listed(80, date(2026, 3, 9)))
    with on(EVENING + ONE_DAY):
        late = await used(house, package_id, branch_id=house.mad, visited_at=EVENING)
        before = await used(house, package_id, branch_id=house.mad, visited_at=EVENING - timedelta(hours=1))
        azores = await used(house, package_id, branch_id=house.pdl, visited_at=EVENING)
    assert await earned(house, late.operation_id) == session(4500, 4000)
    assert await earned(house, before.operation_id) == session(4500, 3000)
    assert (await earned(house, azores.operation_id))["REVENUE", "PDL"] == -3000


@pytest.mark.parametrize("end", [CompleteBooking, MarkNoShow, CancelBooking])
async def test_bookings_earn_by_the_day_of_the_visit_however_and_whenever_they_end(house: Harbour, end: type) -> None:
    await set_rate(house, listed(60), listed(80, VISIT.date()), listed(100, VISIT.date() + ONE_DAY))
    await bought(house)
    booking_id = await booked(house, branch_id=house.mad)
    with on(VISIT - ONE_DAY / 2 if end is CancelBooking else VISIT + ONE_DAY):
        done = await run_command(house.owner, end(booking_id))
    assert done.outcome.used == 1
    assert await earned(house, done.operation_id) == session(4500, 4000)
    assert await audit_ledgers(house.chain_id) == []


async def test_a_visit_that_a_scheduler_tells_of_earns_the_same(house: Harbour) -> None:
    await set_rate(house, listed(60), listed(80, VISIT.date()))
    await bought(house)
    await heard(house, told(house, VISIT + ONE_DAY, State.COMPLETED, branch_id=house.mad))
    [entry] = await rows("SELECT operation_id FROM journal_entry WHERE event = 'SESSION'")
    assert await earned(house, entry["operation_id"]) == session(4500, 4000)


async def test_a_reversal_mirrors_what_was_posted_though_another_rate_counts_by_now(house: Harbour) -> None:
    await set_rate(house, listed(60))
    package_id = await bought(house)
    with on(MONDAY):
        done = await used(house, package_id, branch_id=house.mad)
        await run_command(house.owner, listed(100))
        back = await run_command(house.owner, ReverseRedemption(done.operation_id, Fault.CUSTOMER, "typed twice"))
        again = await used(house, package_id, branch_id=house.mad)
    assert await earned(house, back.operation_id) == session(4500, 3000, -1)
    assert await earned(house, again.operation_id) == session(4500, 5000)


async def test_without_a_list_price_there_a_session_earns_what_it_is_worth(house: Harbour) -> None:
    await set_rate(house, listed(60))
    package_id = await bought(house)
    with on(MONDAY):
        await run_command(house.owner, DefineService("PHY45", "Physio", 45, (BranchPrice(house.lis, 5000),)))
        done = await used(house, package_id, branch_id=house.mad)
    assert await earned(house, done.operation_id) == session(4500, 4500)


async def test_the_value_of_the_session_counts_again_where_a_narrower_rate_says_so(house: Harbour) -> None:
    value = SetSettlementRate(Basis.SESSION_VALUE, TODAY, performing_branch_id=house.mad)
    await set_rate(house, value, listed(60))
    package_id = await bought(house)
    with on(MONDAY):
        done = await used(house, package_id, branch_id=house.mad)
    assert await earned(house, done.operation_id) == session(4500, 4500)


async def test_another_branch_costs_one_statement_more_however_many_rates_there_are(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    counts = []
    for more in range(3):
        await set_rate(house, *(listed(60 + more),) * 3 * more)
        for branch_id in (house.lis, house.mad):
            with counting() as counter:
                await used(house, package_id, branch_id=branch_id)
            counts.append(len(counter))
    assert counts == [8, 9] * 3


async def test_a_rate_that_cannot_be_is_refused(house: Harbour) -> None:
    with on(MONDAY):
        await run_command(house.owner, ClosePeriod(date(2026, 1, 31), "told"))
        for bad, path in (
            (replace(listed(60), percent_bp=None), "percent"),
            (listed(101), "percent"),
            (listed(-1), "percent"),
            (replace(listed(60), basis=Basis.SESSION_VALUE), "percent"),
            (listed(60, date(1969, 12, 31)), "startsOn"),
            (listed(60, date(2200, 1, 1)), "startsOn"),
            (listed(60, home_branch_id=house.lis, performing_branch_id=house.lis), "performingBranchId"),
        ):
            assert (await refused(InvalidInput, house.owner, bad)).path == (path,), bad
        for branch_id in (house.other_branch, "brn_none"):
            home = await refused(NotFound, house.owner, listed(60, home_branch_id=branch_id))
            assert (home.id, home.path) == (branch_id, ("homeBranchId",))
            performing = await refused(NotFound, house.owner, listed(60, performing_branch_id=branch_id))
            assert (performing.id, performing.path) == (branch_id, ("performingBranchId",))
        closed = await refused(BooksClosed, house.owner, listed(60, date(2026, 1, 31)))
        assert (closed.open_from, closed.path) == (date(2026, 2, 1), ("startsOn",))
        await run_command(house.owner, listed(60, date(2026, 2, 1)))
        in_lisbon = await run_command(house.owner, GrantRole(Role.ACCOUNTANT, house.lis, name="Anton Accountant"))
        accountant = await people.load_staff(house.chain_id, in_lisbon.outcome.staff_id)
        assert accountant is not None
        for other in (accountant, house.manager_lis, house.integrator):
            await refused(Forbidden, other, listed(60, home_branch_id=house.lis))


async def test_rates_are_never_changed_nor_removed(house: Harbour) -> None:
    await set_rate(house, listed(60))
    for statement in ("UPDATE settlement_rate SET percent_bp = 1", "DELETE FROM settlement_rate"):
        with pytest.raises(Exception, match="append-only"):
            await execute(statement)
