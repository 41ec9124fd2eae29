"""Packages that are due: some sold through the acts long ago, then copied to as many customers as asked."""

from datetime import timedelta

from domain.kernel import clock
from domain.kernel.commands import run_command
from domain.kernel.db import connect, disconnect, execute
from domain.kernel.db.migrate import migrate
from domain.packages.sell_package import SellPackage
from tests.benchmarks.sample import copied
from tests.fixtures.chain import Harbour, customer, harbour

_EACH = 100
"""So many packages one customer has, and every copy."""
_LONG_AGO = timedelta(days=300)


async def due(url: str, packages: int) -> str:
    """The id of a chain in this database of which so many packages are due; every fifth has a paid and a bonus lot."""
    await migrate(url)
    await connect(url)
    try:
        house = await harbour(url)
        await copied(await _first(house), packages // _EACH - 1)
        return house.chain_id
    finally:
        await disconnect()


async def _first(house: Harbour) -> str:
    first = await customer(house.owner, "Bea", "Mark", house.lis)
    began = clock.now() - _LONG_AGO
    for number in range(_EACH):
        definition = house.ten if number % 5 else house.buy_3_free_1
        with clock.at(began + timedelta(hours=number)):
            await run_command(house.owner, SellPackage(definition, first, house.lis))
    return first


async def tidied(url: str) -> None:
    """What autovacuum would have done by the time at which so many are due."""
    await connect(url)
    try:
        await execute("VACUUM ANALYZE")
    finally:
        await disconnect()
