"""An API key does and reads what its scopes say, and nothing else."""

from dataclasses import replace

import pytest

from domain.customers import reading as customers
from domain.customers.reading import CustomerFilter
from domain.kernel.access import Actor, Scope
from domain.kernel.errors import Forbidden
from domain.ledger import journal
from domain.ledger.journal import EntryFilter, OperationFilter
from domain.packages import reading
from domain.packages.view import PackageFilter, PackageOrder
from tests.fixtures.chain import Harbour, harbour
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
    for read in (journal.entries(reader, EntryFilter(), 10), journal.trial_balance(reader, None, None)):
        with pytest.raises(Forbidden, match="ACCOUNTING"):
            await read
