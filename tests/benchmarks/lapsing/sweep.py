"""Lets everything lapse that is due, in a process of its own as the worker does: `python -m … DATABASE_URL`."""

import asyncio
import sys
import time

import orjson
import psutil  # type: ignore[import-untyped,unused-ignore]
import uvloop

from domain.expiry import lapse_packages as lapses
from domain.kernel.db import connect, disconnect
from tests.benchmarks.lapsing.swept import Swept
from workers.lapse_packages import lapse_packages


async def main(url: str) -> None:
    """Sweep, and tell how it went as JSON; each chunk is one transaction."""
    await connect(url)
    sweep = lapses.lapse_packages
    count, longest = 0, 0.0
    before = most = _megabytes()

    async def watched(at_most: int = 500, failing: dict[str, Exception] | None = None) -> int:
        nonlocal count, longest, most
        started = time.perf_counter()
        lapsed = await sweep(at_most, failing)
        longest = max(longest, time.perf_counter() - started)
        most = max(most, _megabytes())
        count += lapsed
        return lapsed

    lapses.lapse_packages = watched
    started = time.perf_counter()
    await lapse_packages()
    seconds = time.perf_counter() - started
    await disconnect()
    sys.stdout.buffer.write(orjson.dumps(Swept(count, seconds, longest, before, most)))


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1]))
