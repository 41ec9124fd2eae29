"""A customer's packages are found with the customer, in one statement for all customers of a page."""

import pytest

from domain.kernel.db import counting
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import sold
from tests.fixtures.graph import graph

pytestmark = pytest.mark.anyio

FOUND = "query($first: Int) { customers { nodes { firstName packages(first: $first) { name status } } } }"


async def test_the_packages_that_customers_hold_come_newest_first_in_one_statement(db: str) -> None:
    house = await harbour(db)
    for definition in (house.ten, house.buy_3_free_1, house.bundle):
        await sold(house, definition)
    await sold(house, house.ten, customer_id=house.eva)
    async with graph() as app:
        with counting() as counter:
            answer = await app.ask(house.owner, FOUND, first=2)
    assert len(counter) == 3, counter.statements  # who asks, the customers, their packages
    held = {
        node["firstName"]: [package["name"] for package in node["packages"]] for node in answer["customers"]["nodes"]
    }
    assert held == {
        "Ana": ["Package MIX42", "Package MASB3F1"],
        "Rui": [],
        "Eva": ["Package PHY10"],
    }


async def test_a_household_member_sees_of_another_only_what_is_shared(db: str) -> None:
    house = await harbour(db)
    await sold(house, house.ten)
    await sold(house, house.buy_3_free_1)
    query = "query($id: ID!) { customer(id: $id) { packages { name } } }"
    async with graph() as app:
        seen = await app.ask(await customer_actor(house, house.rui), query, id=house.ana)
        foreign = await app.ask(house.other_owner, query, id=house.ana)
    assert seen == {"customer": {"packages": [{"name": "Package MASB3F1"}]}}
    assert foreign == {"customer": None}
