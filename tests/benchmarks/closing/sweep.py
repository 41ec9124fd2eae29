"""Carries every closing on to its end, in a process of its own as the worker does: `python -m … DATABASE_URL`."""

import asyncio
import sys
import time

import orjson
import psutil  # type: ignore[import-untyped,unused-ignore]
import uvloop

from domain.branch_transfers import carry_on as closing
from domain.kernel.db import connect, disconnect
from tests.benchmarks.lapsing.swept import Swept
from workers.close_branches import close_branches


async def main(url: str) -> None:
    """Close, and tell how it went as JSON; each chunk is one transaction."""
    await connect(url)
    sweep = closing.carry_on
    count, longest = 0, 0.0
    before = most = _megabytes()

    async def watched(closing_id: str, at_most: int = 200) -> int | None:
        nonlocal count, longest, most
        started = time.perf_counter()
        moved = await sweep(closing_id, at_most)
        longest, most = max(longest, time.perf_counter() - started), max(most, _megabytes())
        count += moved or 0
        return moved

    closing.carry_on = watched
    started = time.perf_counter()
    await close_branches()
    seconds = time.perf_counter() - started
    await disconnect()
    sys.stdout.buffer.write(orjson.dumps(Swept(count, seconds, longest, before, most)))


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1]))
