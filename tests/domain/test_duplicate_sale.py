"""The same package sold to the same customer within minutes is asked about first: it may be the same sale."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute, rows
from domain.ledger.audit import audit_ledgers
from domain.packages.errors import DuplicateSale, LimitPerCustomerReached
from domain.packages.sell_package import SellPackage
from domain.packages.sold import Closing
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused, sold
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def selling(house: Harbour, definition_id: str, **rest: Any) -> SellPackage:
    return SellPackage(definition_id, house.ana, house.lis, **rest)


async def test_within_ten_minutes_it_is_refused_with_the_sale_before(house: Harbour) -> None:
    with on(MONDAY):
        first = await sold(house, house.ten)
    with on(MONDAY + 3 * MINUTE):
        refusal = await refused(DuplicateSale, house.desk_lis, selling(house, house.ten))
    assert (refusal.sold_package_id, refusal.sold_at, refusal.minutes) == (first, MONDAY, 3)
    assert refusal.message == (
        "This package was sold to this customer 3 minutes ago. Confirm that another one is to be sold."
    )
    assert refusal.path == ("confirmDuplicate",)


async def test_the_last_of_several_is_the_one_that_is_told(house: Harbour) -> None:
    with on(MONDAY):
        await sold(house, house.ten)
    with on(MONDAY + MINUTE):
        second = await sold(house, house.ten)
        refusal = await refused(DuplicateSale, house.desk_lis, selling(house, house.ten))
    assert (refusal.sold_package_id, refusal.minutes) == (second, 0)


async def test_after_ten_minutes_and_for_others_nobody_asks(house: Harbour) -> None:
    with on(MONDAY):
        await sold(house, house.ten)
        await run_command(house.desk_lis, selling(house, house.bundle))
        await run_command(house.desk_lis, SellPackage(house.ten, house.rui, house.lis))
    with on(MONDAY + 10 * MINUTE):
        await run_command(house.desk_lis, selling(house, house.ten))


async def test_who_confirms_sells_another_one(house: Harbour) -> None:
    with on(MONDAY):
        await sold(house, house.ten)
        await run_command(house.desk_lis, selling(house, house.ten, confirmed_duplicate=True))
    assert len(await rows("SELECT id FROM package")) == 2


async def test_a_chain_that_asks_for_no_time_is_not_asked(house: Harbour) -> None:
    await execute("UPDATE chain SET duplicate_sale_minutes = 0")
    with on(MONDAY):
        await sold(house, house.ten)
        await run_command(house.desk_lis, selling(house, house.ten))


async def test_a_package_that_may_not_be_seen_is_not_named(house: Harbour) -> None:
    with on(MONDAY):
        await sold(house, house.ten)
        asked = SellPackage(house.ten, house.ana, house.mad)
        refusal = await refused(DuplicateSale, house.manager_mad, asked)
    assert (refusal.sold_package_id, refusal.sold_at) == (None, MONDAY)


async def test_a_void_sale_counts_neither_as_a_duplicate_nor_for_the_limit(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.trial)
        await refused(LimitPerCustomerReached, house.desk_lis, selling(house, house.trial))
        await execute(
            "UPDATE package SET closed_as = $1, closed_at = $2 WHERE id = $3", Closing.VOIDED.value, MONDAY, package_id
        )
        await run_command(house.desk_lis, selling(house, house.trial))


async def test_of_two_desks_at_once_one_sells(house: Harbour) -> None:
    answers = await at_once(*(run_command(house.owner, selling(house, house.ten)) for _ in range(4)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done"] + ["DuplicateSale"] * 3
    assert len(await rows("SELECT id FROM package")) == 1
    assert await audit_ledgers(house.chain_id) == []


async def test_the_same_key_is_no_duplicate(house: Harbour) -> None:
    first = await run_command(house.owner, selling(house, house.ten), "sale of the tests")
    again = await run_command(house.owner, selling(house, house.ten), "sale of the tests")
    assert (again.replayed, again.outcome) == (True, first.outcome)


async def test_asking_costs_two_statements(house: Harbour) -> None:
    with counting() as confirmed:
        await run_command(house.owner, selling(house, house.ten, confirmed_duplicate=True))
    with counting() as asked:
        await run_command(house.owner, SellPackage(house.ten, house.rui, house.lis))
    assert len(asked) == len(confirmed) + 2
