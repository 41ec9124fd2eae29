"""Measures the settlement of a month, and again when another one lies behind it."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.kernel.commands import run_command
from domain.kernel.db import connect, disconnect, rows
from domain.kernel.db.migrate import migrate
from domain.ledger.seal import seal_operations
from domain.settlements.approve_settlement import ApproveSettlement
from domain.settlements.confirm_settlement import ConfirmSettlement
from domain.settlements.proof import Window, rows_behind
from domain.settlements.run_settlement import RunSettlement
from tests.benchmarks.figures import Aim, Figure
from tests.benchmarks.settling.history import VALUE_MINOR, opened, visited
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.postgres import Server

_NAME = "carnet_bench_settling"
_MONTHS = ((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28)))


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds: a settlement from its first statement to its commit, a page of rows behind a line, all payments."""

    run: float
    page: float
    payments: float


def settling(server: Server, branches: int = 50, sessions: int = 500_000) -> Iterator[Figure]:
    """What the settlement of a month of so many sessions takes, and how much longer behind another such month."""
    with server.database(_NAME) as url:
        first, second = asyncio.run(measured(url, branches, sessions))
    name = f"settlement of a month, {branches} branches, {sessions:,} sessions elsewhere"
    yield Figure(f"{name}: ms", 1000 * first.run, aim=Aim(most=5000))
    yield Figure(f"{name}, with another month settled before: ms", 1000 * second.run, aim=Aim(most=5000))
    yield Figure(f"{name}: ms for 100 rows behind a line", 1000 * second.page, aim=Aim(most=2000))
    yield Figure(f"{name}: ms to pay all its lines", 1000 * second.payments)


async def measured(url: str, branches: int, sessions: int) -> list[Measured]:
    """One month after the other, each settled and paid before the next begins."""
    await migrate(url)
    await connect(url)
    try:
        house = await harbour(url)
        await opened(url, house, branches)
        found = []
        for number, (first, last) in enumerate(_MONTHS):
            days = (last - first).days
            await visited(url, house, branches, number * sessions, sessions, first, days)
            found.append(await _settled(house, RunSettlement(first, last), sessions))
        return found
    finally:
        await disconnect()


async def _settled(house: Harbour, command: RunSettlement, sessions: int) -> Measured:
    while await seal_operations(house.chain_id):
        pass
    started = time.perf_counter()
    done = (await run_command(house.accountant, command)).outcome
    ran = time.perf_counter()
    owed = await rows(
        "SELECT SUM(one_owes_minor + other_owes_minor) AS v FROM settlement_line WHERE settlement_id = $1",
        done.settlement_id,
    )
    assert int(owed[0]["v"]) == VALUE_MINOR * sessions, "the settlement is wrong, however fast it is"
    (line, *_) = await rows("SELECT id FROM settlement_line WHERE settlement_id = $1", done.settlement_id)
    page = await _page(house, line["id"], min(100, sessions // done.pairs))
    await run_command(house.owner, ApproveSettlement(done.settlement_id))
    approved = time.perf_counter()
    await run_command(house.owner, ConfirmSettlement(done.settlement_id))
    return Measured(ran - started, page, time.perf_counter() - approved)


async def _page(house: Harbour, line_id: str, least: int) -> float:
    started = time.perf_counter()
    key = (Window(100), line_id)
    assert len((await rows_behind(house.accountant, [key]))[key]) >= least
    return time.perf_counter() - started
