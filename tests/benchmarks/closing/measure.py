"""Measures how long a branch takes to hand its packages on, each as an operation of its own."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import orjson

from domain.branch_transfers.close_branch import CloseBranch
from domain.kernel.commands import run_command
from domain.kernel.db import connect, disconnect
from domain.kernel.db.migrate import migrate
from domain.packages.sell_package import SellPackage
from tests.benchmarks import processes
from tests.benchmarks.closing import sweep
from tests.benchmarks.figures import Aim, Figure
from tests.benchmarks.lapsing.compare import audited
from tests.benchmarks.lapsing.sample import tidied
from tests.benchmarks.lapsing.swept import Swept
from tests.benchmarks.sample import copied
from tests.fixtures.chain import customer, harbour
from tests.fixtures.children import ROOT
from tests.fixtures.postgres import Server

_NAME = "carnet_bench_closing"
_EACH = 100
"""So many packages one customer has, and every copy."""
_RATE = 500
"""Packages a second, at least."""


def closing(server: Server, packages: int) -> Iterator[Figure]:
    """How long all packages take, and the longest transaction; the ledgers it leaves are audited."""
    with server.database(_NAME) as url:
        chain_id = asyncio.run(ordered(url, packages))
        asyncio.run(tidied(url))
        closed = closed_by_worker(url)
        asyncio.run(audited(url, chain_id))
    assert closed.packages == packages, closed
    name = f"closing a branch with {packages:,} packages, PostgreSQL"
    yield Figure(f"{name}: s", closed.seconds, aim=Aim(most=packages / _RATE))
    yield Figure(f"{name}: longest transaction, s", closed.longest_transaction, aim=Aim(most=1))


async def ordered(url: str, packages: int) -> str:
    """The id of a chain in this database of which a branch with so many packages is to close."""
    await migrate(url)
    await connect(url)
    try:
        house = await harbour(url)
        first = await customer(house.owner, "Bea", "Mark", house.lis)
        for number in range(_EACH):
            definition = house.ten if number % 5 else house.buy_3_free_1
            await run_command(house.owner, SellPackage(definition, first, house.lis, confirmed_duplicate=True))
        await copied(first, packages // _EACH - 1)
        await run_command(house.owner, CloseBranch(house.lis, house.mad, "the lease ended"))
        return house.chain_id
    finally:
        await disconnect()


def closed_by_worker(url: str) -> Swept:
    """What the worker takes, in a process of its own on another core than the database, like a server's."""
    command = [sys.executable, "-m", sweep.__name__, url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        processes.pin(process.pid, 0)
        told, _ = process.communicate()
    return Swept(**orjson.loads(told))
