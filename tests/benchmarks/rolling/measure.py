"""Measures the roll-forward of a month over a history, and again when twice as much lies behind it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from domain.kernel.db import connect, disconnect, rows
from domain.kernel.db.migrate import migrate
from domain.ledger.total import total_journal
from domain.reports.deferred_revenue import deferred_revenue
from domain.reports.figures import Span, span
from domain.reports.rows import rows_of
from tests.benchmarks.figures import Aim, Figure
from tests.benchmarks.rolling.history import traded
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.postgres import Server

_NAME = "carnet_bench_rolling"
_HALF = timedelta(days=18 * 365 // 12)
_USED = 50
"""So many days are left behind each half, in which the last of its packages are used."""
_OCTOBER = span(date(2026, 10, 1), date(2026, 10, 31))
_PART = span(date(2026, 10, 5), date(2026, 10, 20))
_UNTIL_NOW = span(date(2026, 10, 1), date(2026, 12, 31))
_TIMES = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds: a whole month, a part of one, and a page of the rows behind a figure; and of adding everything up."""

    month: float
    part: float
    page: float
    totals: float


def rolling(server: Server, packages: int) -> Iterator[Figure]:
    """What the report takes with so many packages in 36 months behind it, and how much longer than with 18."""
    with server.database(_NAME) as url:
        half, whole = asyncio.run(measured(url, packages))
    movements = packages * 20 // 3
    name = f"deferred revenue, {packages:,} packages, {movements:,} movements"
    yield Figure(f"{name}: ms for a month", 1000 * whole.month, aim=Aim(most=2000))
    yield Figure(f"{name}: the same ÷ with half that history", whole.month / half.month, aim=Aim(most=1.5))
    yield Figure(f"{name}: ms for a part of a month", 1000 * whole.part, aim=Aim(most=2000))
    yield Figure(f"{name}: ms for 100 rows behind a figure", 1000 * whole.page, aim=Aim(most=2000))
    yield Figure(f"{name}: operations/s added up by the sweep", movements / 2 / whole.totals)


async def measured(url: str, packages: int) -> tuple[Measured, Measured]:
    """With half of the packages in the last 18 months, and with the other half in the 18 before."""
    await migrate(url)
    await connect(url)
    try:
        house = await harbour(url)
        began, part = date(2027, 1, 1) - _HALF, packages // 2
        await traded(url, house, 0, part, began, _HALF.days - _USED)
        half = await _measured(house)
        await traded(url, house, part, part, began - _HALF, _HALF.days - _USED)
        return half, await _measured(house)
    finally:
        await disconnect()


async def _measured(house: Harbour) -> Measured:
    started = time.perf_counter()
    while await total_journal():
        pass
    totals = time.perf_counter() - started
    closing = (await deferred_revenue(house.owner, _UNTIL_NOW)).totals.closing
    (left,) = await rows("SELECT SUM(value_left_minor) AS value FROM lot")
    assert closing.value == int(left["value"]), "the report is wrong, however fast it is"
    return Measured(
        month=await _seconds(lambda: deferred_revenue(house.owner, _OCTOBER)),
        part=await _seconds(lambda: deferred_revenue(house.owner, _PART)),
        page=await _seconds(lambda: _page(house, _OCTOBER)),
        totals=totals,
    )


async def _page(house: Harbour, days: Span) -> None:
    figures = (await deferred_revenue(house.owner, days)).totals
    assert len(await rows_of(house.owner, figures.recognised, 100)) == 100


async def _seconds(ask: Callable[[], Awaitable[object]]) -> float:
    """The median of some times."""
    seconds = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        await ask()
        seconds.append(time.perf_counter() - started)
    return median(seconds)
