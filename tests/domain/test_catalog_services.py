"""A service is offered where it has a price, and its code names it for good."""

from dataclasses import replace
from typing import Any

import pytest

from domain.catalog import reading, store
from domain.catalog.define_service import DefineService
from domain.catalog.store import BranchPrice, Service
from domain.kernel.commands import run_command
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from domain.kernel.money import MAX_MINOR
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio


async def test_a_service_is_defined_with_its_prices(db: str) -> None:
    house = await harbour(db)
    prices = (BranchPrice(house.lis, 1200, 450), BranchPrice(house.mad, 1400))
    command = DefineService("YOG60", " Yoga group ", 60, prices, "movement", group_class=True, tax_code="REDUCED")
    done = await run_command(house.owner, command)
    yoga = done.outcome.service_id
    assert done.outcome.created
    assert await store.services(house.chain_id, [yoga]) == [
        Service(yoga, "YOG60", "Yoga group", "movement", 60, True, "REDUCED")
    ]
    assert await reading.prices_of(house.owner, [yoga]) == [(yoga, price) for price in sorted(prices, key=_branch_id)]


def _branch_id(price: BranchPrice) -> str:
    return price.branch_id


async def test_defining_a_known_code_again_changes_that_service_as_a_whole(db: str) -> None:
    house = await harbour(db)
    done = await run_command(
        house.owner, DefineService("PHY45", "Physiotherapy 50", 50, (BranchPrice(house.pdl, 5200),))
    )
    assert (done.outcome.service_id, done.outcome.created) == (house.physio, False)
    (physio,) = await store.services(house.chain_id, [house.physio])
    assert (physio.name, physio.duration_minutes, physio.category) == ("Physiotherapy 50", 50, "")
    assert await reading.prices_of(house.owner, [house.physio]) == [(house.physio, BranchPrice(house.pdl, 5200))]


async def test_a_new_price_leaves_sold_packages_as_they_were(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, SellPackage(house.ten, house.ana, house.lis))
    async with unchanged(but=("service", "service_price", "operation", "unsealed_operation")):
        await run_command(house.owner, DefineService("PHY45", "Physio", 45, (BranchPrice(house.lis, 9900),)))


async def test_codes_belong_to_a_chain(db: str) -> None:
    house = await harbour(db)
    done = await run_command(
        house.other_owner, DefineService("PHY45", "Physio", 45, (BranchPrice(house.other_branch, 6000),))
    )
    assert done.outcome.created
    assert await reading.services_by_ids(house.owner, [done.outcome.service_id]) == []
    assert await reading.prices_of(house.owner, [done.outcome.service_id]) == []


async def test_a_service_that_cannot_be_is_refused(db: str) -> None:
    house = await harbour(db)
    good = DefineService("YOG60", "Yoga", 60, (BranchPrice(house.lis, 1200),))
    wrong: list[tuple[dict[str, Any], tuple[str, ...]]] = [
        ({"code": "yog 60"}, ("code",)),
        ({"name": ""}, ("name",)),
        ({"category": "x" * 61}, ("category",)),
        ({"tax_code": "x" * 21}, ("taxCode",)),
        ({"duration_minutes": 0}, ("durationMinutes",)),
        ({"duration_minutes": 1441}, ("durationMinutes",)),
        ({"prices": (BranchPrice(house.lis, -1),)}, ("prices", "0", "listPrice")),
        ({"prices": (BranchPrice(house.lis, MAX_MINOR),)}, ("prices", "0", "listPrice")),
        ({"prices": (BranchPrice(house.mad, 1), BranchPrice(house.lis, 1, -1))}, ("prices", "1", "deliveryCost")),
    ]
    async with unchanged():
        for changes, path in wrong:
            with pytest.raises(InvalidInput) as refused:
                await run_command(house.owner, replace(good, **changes))
            assert refused.value.path == path
        with pytest.raises(InvalidInput) as twice:
            await run_command(house.owner, replace(good, prices=good.prices * 2))
        assert [problem.path[1] for problem in twice.value.problems] == ["0", "1"]


async def test_a_branch_of_another_chain_is_as_unknown_as_none(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        for unknown in (house.other_branch, new_id("brn")):
            prices = (BranchPrice(house.lis, 1200), BranchPrice(unknown, 1200))
            with pytest.raises(NotFound) as refused:
                await run_command(house.owner, DefineService("YOG60", "Yoga", 60, prices))
            assert (refused.value.noun, refused.value.path) == ("branch", ("prices", "1", "branchId"))


async def test_a_manager_of_one_branch_does_not_define_services_for_the_chain(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        for actor in (house.manager_lis, house.desk_lis, house.integrator, await customer_actor(house, house.ana)):
            with pytest.raises(Forbidden):
                await run_command(actor, DefineService("YOG60", "Yoga", 60, (BranchPrice(house.lis, 1200),)))


async def test_where_a_service_is_not_offered_the_lowest_price_of_the_chain_weighs(db: str) -> None:
    house = await harbour(db)
    await run_command(
        house.owner,
        DefineService("DEN40", "Dental", 40, (BranchPrice(house.mad, 7000), BranchPrice(house.lis, 6500))),
    )
    dental = (await reading.services_page(house.owner, None, 10))[-1].id
    assert await store.list_prices([dental, house.massage], house.mad) == {dental: 7000, house.massage: 6500}
    assert await store.list_prices([dental, house.massage], house.pdl) == {dental: 6500, house.massage: 5500}


async def test_what_delivery_costs_is_not_for_customers(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, DefineService("PHY45", "Physio", 45, (BranchPrice(house.lis, 5000, 2100),)))
    ana = await customer_actor(house, house.ana)
    assert await reading.prices_of(house.desk_lis, [house.physio]) == [
        (house.physio, BranchPrice(house.lis, 5000, 2100))
    ]
    assert await reading.prices_of(ana, [house.physio]) == [(house.physio, BranchPrice(house.lis, 5000))]


async def test_services_come_page_by_page(db: str) -> None:
    house = await harbour(db)
    first = await reading.services_page(house.desk_lis, None, 2)
    rest = await reading.services_page(house.desk_lis, first[-1].id, 2)
    assert [service.id for service in first + rest] == [house.physio, house.massage, house.facial]
