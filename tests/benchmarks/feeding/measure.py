"""Measures pages of the feed at the beginning of the sealed order, and with all of a long history before them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median

from domain.feed.acknowledge_entries import AcknowledgeEntries
from domain.feed.reading import readers_page
from domain.kernel.commands import run_command
from domain.kernel.db import connect, disconnect
from domain.kernel.db.migrate import migrate
from domain.ledger import journal, sealed
from domain.ledger.journal import EntryFilter
from domain.ledger.seal import newest_position, seal_operations
from domain.ledger.sealed import Place
from tests.benchmarks.figures import Aim, Figure
from tests.benchmarks.rolling.history import traded
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.feeds import page
from tests.fixtures.graph import graph
from tests.fixtures.postgres import Server

_NAME = "carnet_bench_feeding"
_PAGE = 1000
_TIMES = 7


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds for a page of entries with their lines, by its place; the last one over HTTP too; and for the lag."""

    depth: int
    first: float
    middle: float
    last: float
    over_http: float
    readers: float


def feeding(server: Server, packages: int = 155_000) -> Iterator[Figure]:
    """What a page takes at the beginning, and how much longer at the depth of all those packages."""
    with server.database(_NAME) as url:
        found = asyncio.run(measured(url, packages))
    name = f"a page of {_PAGE:,} entries of the feed"
    yield Figure(f"{name}, at its beginning: ms", 1000 * found.first)
    yield Figure(f"{name}, behind position {found.depth:,}: ms", 1000 * found.last, aim=Aim(most=200))
    yield Figure(f"{name}: the same ÷ at the beginning", found.last / found.first, aim=Aim(most=1.5))
    yield Figure(f"{name}: half-way ÷ at the beginning", found.middle / found.first, aim=Aim(most=1.5))
    yield Figure(f"{name}, the last one, as JSON from the graph: ms", 1000 * found.over_http)
    yield Figure("feedReaders, one at the beginning and one at the end: ms", 1000 * found.readers, aim=Aim(most=50))


async def measured(url: str, packages: int) -> Measured:
    """With a history that the database has written itself."""
    await migrate(url)
    await connect(url)
    try:
        house = await harbour(url)
        await seal_operations()
        await traded(url, house, 0, packages, date(2024, 1, 1), 1000)
        newest = await newest_position(house.chain_id)
        deep = newest - _PAGE - packages % _PAGE
        for feed, position in (("begins", 0), ("ends", newest)):
            await run_command(house.integrator, AcknowledgeEntries(position, feed))
        return Measured(
            depth=deep,
            first=await _seconds(lambda: _page(house, 0)),
            middle=await _seconds(lambda: _page(house, deep // 2)),
            last=await _seconds(lambda: _page(house, deep)),
            over_http=await _over_http(house, deep),
            readers=await _seconds(lambda: readers_page(house.owner, 20)),
        )
    finally:
        await disconnect()


async def _page(house: Harbour, position: int) -> None:
    entries = await sealed.entries(house.integrator, EntryFilter(), _PAGE, Place(position))
    lines = await journal.lines(house.integrator, [entry.id for entry in entries])
    assert len(lines) == _PAGE and all(lines.values()), "the page is not full, however fast it is"


async def _over_http(house: Harbour, position: int) -> float:
    async with graph() as app:
        return await _seconds(lambda: page(app, house.accountant, first=_PAGE, afterPosition=position))


async def _seconds(ask: Callable[[], Awaitable[object]]) -> float:
    """The median of some times."""
    seconds = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        await ask()
        seconds.append(time.perf_counter() - started)
    return median(seconds)
