"""An API key does and reads what its scopes say, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from domain.catalog import reading as catalog
from domain.catalog.define_package import DefinePackage
from domain.catalog.reading import DefinitionFilter
from domain.catalog.set_delivery_cost import SetDeliveryCost
from domain.catalog.terms import Item
from domain.customers import reading as customers
from domain.customers.reading import CustomerFilter
from domain.kernel.access import Actor, Scope
from domain.kernel.commands import run_command
from domain.kernel.db import execute
from domain.kernel.errors import Forbidden
from domain.ledger import journal
from domain.ledger.journal import EntryFilter, OperationFilter
from domain.packages import reading
from domain.packages.view import PackageFilter, PackageOrder
from domain.people import reading as people
from domain.reports.trial_balance import trial_balance
from tests.fixtures.chain import Harbour, harbour, terms
from tests.fixtures.desk import sold

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(sqlite_db: str) -> Harbour:
    house = await harbour(sqlite_db)
    await sold(house, house.ten)
    return house


def with_scopes(house: Harbour, *scopes: Scope) -> Actor:
    return replace(house.integrator, scopes=frozenset(scopes))


async def seen(key: Actor) -> tuple[int, int, int]:
    packages = await reading.page(key, PackageFilter(), PackageOrder.SOLD_LAST_FIRST, 10)
    people = await customers.page(key, CustomerFilter(), None, 10)
    return len(packages), len(people), len(await journal.operations(key, OperationFilter(act="sell_package"), 10))


async def test_a_key_that_reads_sees_the_chain(house: Harbour) -> None:
    assert await seen(with_scopes(house, Scope.READ)) == (1, 3, 1)


async def test_a_key_that_only_sells_reads_nothing(house: Harbour) -> None:
    assert await seen(with_scopes(house, Scope.SELL, Scope.REDEEM)) == (0, 0, 0)


async def test_the_books_need_the_scope_for_accounting(house: Harbour) -> None:
    assert [each.event for each in await journal.entries(with_scopes(house, Scope.ACCOUNTING), EntryFilter(), 10)] == [
        "SALE"
    ]
    reader = with_scopes(house, Scope.READ)
    for read in (journal.entries(reader, EntryFilter(), 10), trial_balance(reader)):
        with pytest.raises(Forbidden, match="ACCOUNTING"):
            await read


async def business_seen(key: Actor, house: Harbour, draft: str) -> tuple[int, int, bool, bool, bool, bool]:
    """How many of the staff and definitions there are, and whether roles, e-mails, costs and the draft are shown."""
    staff_id = house.manager_lis.id
    [manager] = await people.staff_by_ids(key, [staff_id])
    assert manager.name == "Luis Manager"
    listed = await catalog.definitions_page(key, DefinitionFilter(), None, 10)
    costs = [price.delivery_cost_minor for _, price in await catalog.prices_of(key, [house.physio])]
    assert len(costs) == 3
    return (
        len(await people.staff_page(key, None, 10)),
        len(listed),
        bool(await people.grants_of(key, [staff_id])),
        manager.email is not None,
        costs != [None] * 3,
        bool(await catalog.definitions_by_ids(key, [draft]) and await catalog.versions_of(key, [draft])),
    )


async def test_only_a_key_that_reads_sees_the_staff_the_costs_and_the_drafts(house: Harbour) -> None:
    await execute("UPDATE staff SET email = 'luis@example.com' WHERE id = $1", house.manager_lis.id)
    await run_command(house.owner, SetDeliveryCost(house.physio, house.lis, 2000, "EUR", date(2026, 1, 1)))
    command = DefinePackage("DRAFT", "Not yet", terms(Item((house.physio,), 5), price_minor=20000))
    draft = (await run_command(house.owner, command)).outcome.definition_id
    assert await business_seen(with_scopes(house, Scope.READ), house, draft) == (7, 5, True, True, True, True)
    for scope in (Scope.SELL, Scope.REDEEM, Scope.ACCOUNTING):
        unseen = await business_seen(with_scopes(house, scope), house, draft)
        assert unseen == (0, 4, False, False, False, False)
