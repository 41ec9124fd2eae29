"""What delivering a session costs counts from a day by the branch's own clock, until a later day says otherwise."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.accounting.close_period import ClosePeriod
from domain.branches.errors import BooksClosed, WrongCurrency
from domain.catalog import cost_store, reading
from domain.catalog.cost_store import DeliveryCost
from domain.catalog.define_service import DefineService
from domain.catalog.set_delivery_cost import DeliveryCostSet, SetDeliveryCost
from domain.catalog.store import BranchPrice
from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows, transaction
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from domain.kernel.money import MAX_MINOR
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import on, refused
from tests.fixtures.waiting import eventually_so

pytestmark = pytest.mark.anyio

EVENING = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""Half past eleven in Lisbon, half past midnight of the next day in Madrid, half past ten in Ponta Delgada."""


async def costs(actor: Actor, house: Harbour) -> dict[str, int | None]:
    """What physiotherapy costs now to deliver, by branch."""
    return {price.branch_id: price.delivery_cost_minor for _, price in await reading.prices_of(actor, [house.physio])}


def cost(house: Harbour, cost_minor: int, starts_on: date, branch_id: str | None = None) -> SetDeliveryCost:
    """The command for physiotherapy, in Lisbon unless said otherwise."""
    return SetDeliveryCost(house.physio, branch_id or house.lis, cost_minor, "EUR", starts_on)


async def test_a_cost_counts_from_its_day_by_the_branchs_clock(db: str) -> None:
    house = await harbour(db)
    with on(EVENING):
        for branch_id in (house.lis, house.mad, house.pdl):
            done = await run_command(house.owner, cost(house, 2000, date(2026, 3, 3), branch_id))
        assert done.outcome == DeliveryCostSet(house.physio, house.pdl, 2000, "EUR", date(2026, 3, 3))
        assert await costs(house.owner, house) == {house.lis: None, house.mad: 2000, house.pdl: None}
    with on(datetime(2026, 3, 3, 0, 30, tzinfo=UTC)):
        assert await costs(house.owner, house) == {house.lis: 2000, house.mad: 2000, house.pdl: None}
    with on(datetime(2026, 3, 3, 1, tzinfo=UTC)):
        assert await costs(house.owner, house) == {house.lis: 2000, house.mad: 2000, house.pdl: 2000}


async def test_past_and_future_days_stand_side_by_side_and_the_newest_word_for_a_day_counts(db: str) -> None:
    house = await harbour(db)
    with on(EVENING):
        for minor, day in ((2200, date(2026, 6, 1)), (1800, date(2025, 1, 1)), (2000, date(2026, 1, 1))):
            await run_command(house.accountant, cost(house, minor, day))
        await run_command(house.manager_lis, cost(house, 2300, date(2026, 6, 1)))
        assert await cost_store.costs_of(house.desk_lis, [house.physio]) == {
            house.physio: [
                DeliveryCost(house.lis, date(2025, 1, 1), 1800),
                DeliveryCost(house.lis, date(2026, 1, 1), 2000),
                DeliveryCost(house.lis, date(2026, 6, 1), 2300),
            ]
        }
        assert (await costs(house.owner, house))[house.lis] == 2000
    with on(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        assert (await costs(house.owner, house))[house.lis] == 2300
        assert await cost_store.costs_of(await customer_actor(house, house.ana), [house.physio]) == {}


async def test_defining_a_service_again_sets_its_cost_from_today_by_the_branchs_clock(db: str) -> None:
    house = await harbour(db)
    prices = (BranchPrice(house.lis, 5000, 1900), BranchPrice(house.mad, 5000, 2100))
    with on(EVENING):
        await run_command(house.owner, cost(house, 2500, date(2026, 6, 1)))
        for _ in range(2):  # the same again adds nothing
            await run_command(house.owner, DefineService("PHY45", "Physiotherapy", 45, prices))
        found = (await cost_store.costs_of(house.owner, [house.physio]))[house.physio]
        assert found == [
            DeliveryCost(house.lis, date(2026, 3, 2), 1900),
            DeliveryCost(house.lis, date(2026, 6, 1), 2500),
            DeliveryCost(house.mad, date(2026, 3, 3), 2100),
        ]
        yoga = await run_command(house.owner, DefineService("YOG60", "Yoga", 60, (BranchPrice(house.lis, 1200, 450),)))
        of_yoga = yoga.outcome.service_id
        assert await cost_store.costs_of(house.owner, [of_yoga]) == {
            of_yoga: [DeliveryCost(house.lis, date(1970, 1, 1), 450)]
        }


async def test_a_cost_that_cannot_be_is_refused(db: str) -> None:
    house = await harbour(db)
    good = cost(house, 2000, date(2026, 1, 1))
    for changes, path in (
        ({"cost_minor": -1}, ("cost",)),
        ({"cost_minor": MAX_MINOR}, ("cost",)),
        ({"starts_on": date(1969, 12, 31)}, ("startsOn",)),
        ({"starts_on": date.max}, ("startsOn",)),
    ):
        refusal = await refused(InvalidInput, house.owner, replace(good, **changes))
        assert refusal.path == path
    pounds = await refused(WrongCurrency, house.owner, replace(good, currency="GBP"))
    assert (pounds.expected, pounds.path) == ("EUR", ("cost", "currency"))
    for service_id in (new_id("srv"), "nothing"):
        unknown = await refused(NotFound, house.owner, replace(good, service_id=service_id))
        assert (unknown.noun, unknown.path) == ("service", ("serviceId",))
    elsewhere = await refused(NotFound, house.owner, replace(good, branch_id=house.other_branch))
    assert (elsewhere.noun, elsewhere.path) == ("branch", ("branchId",))
    theirs = await refused(NotFound, house.other_owner, replace(good, branch_id=house.other_branch, currency="GBP"))
    assert theirs.noun == "service"


async def test_a_cost_does_not_change_days_whose_books_are_closed(db: str) -> None:
    house = await harbour(db)
    with on(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        await run_command(house.owner, ClosePeriod(date(2026, 2, 28), "month end"))
        refusal = await refused(BooksClosed, house.owner, cost(house, 2000, date(2026, 2, 28)))
        assert (refusal.day, refusal.open_from, refusal.path) == (date(2026, 2, 28), date(2026, 3, 1), ("startsOn",))
        await run_command(house.owner, cost(house, 2000, date(2026, 3, 1)))
    assert await cost_store.costs_of(house.owner, [house.physio]) == {
        house.physio: [DeliveryCost(house.lis, date(2026, 3, 1), 2000)]
    }


async def test_a_cost_that_comes_while_books_are_being_closed_waits_and_is_refused(db: str) -> None:
    house = await harbour(db)
    closing = asyncio.Event()

    async def told_meanwhile() -> object:
        await closing.wait()
        return await run_command(house.owner, cost(house, 2000, date(2026, 2, 28)))

    late = asyncio.create_task(told_meanwhile())  # before the transaction, so that it has one of its own
    async with transaction():
        await rows("SELECT id FROM chain WHERE id = $1 FOR UPDATE", house.chain_id)
        await execute("UPDATE chain SET books_open_from = $2 WHERE id = $1", house.chain_id, date(2026, 3, 1))
        closing.set()
        if db.startswith("postgres"):
            await eventually_so(_somebody_waits)
    with pytest.raises(BooksClosed):
        await late
    assert await cost_store.costs_of(house.owner, [house.physio]) == {}


async def _somebody_waits() -> bool:
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    return bool(await rows(waiting))


async def test_who_may_set_costs_may_do_so_at_their_branches(db: str) -> None:
    house = await harbour(db)
    command = cost(house, 2000, date(2026, 1, 1))
    for actor in (house.manager_mad, house.desk_lis, house.practitioner_lis, house.integrator):
        await refused(Forbidden, actor, command)
    for actor in (house.owner, house.manager_lis, house.accountant):
        await run_command(actor, command)
