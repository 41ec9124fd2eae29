"""How many statements a query takes does not depend on how much there is."""

import pytest

from domain.kernel.db import counting
from tests.fixtures.chain import customer, customer_actor, harbour
from tests.fixtures.graph import graph

pytestmark = pytest.mark.anyio

CUSTOMERS = """{ customers(first: 50) { nodes { name references homeBranch { name }
  household { name members { name homeBranch { code } } } } } }"""
CATALOGUE = """query($at: ID!) { packageDefinitions(first: 4) { nodes {
  name versions { version }
  current {
    pricing(branchId: $at) { perSessionPrice { amount } items { services { name prices { branch { code } } } } }
    terms { items { services { name } } where { branches { code } practitioners { name } } policies { text } }
  }
} } }"""


async def test_a_page_of_customers_with_everything_of_theirs_is_six_statements(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for more in range(2):
            for number in range(20 * more):
                await customer(house.owner, f"Bia{number}", "Rocha", house.mad, references=(f"R-{number}",))
            with counting() as counter:
                await app.ask(house.owner, CUSTOMERS)
            # who asks, the page, their references, branches, households, and the members of these
            assert len(counter) == 6, counter.statements


async def test_the_catalogue_with_prices_and_terms_is_seven_statements(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    async with graph() as app:
        with counting() as counter:
            await app.ask(ana, CATALOGUE, at=house.lis)
    # who asks, the page, versions, prices, services, the branch compared at, the other branches with prices
    assert len(counter) == 7, counter.statements


async def test_who_asks_is_one_statement(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for actor in (house.owner, await customer_actor(house, house.ana)):
            with counting() as counter:
                await app.ask(actor, "{ viewer { id kind name roles { role } scopes } }")
            assert len(counter) == 1, counter.statements
