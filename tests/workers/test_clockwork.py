"""The timetable is kept whatever happens to the queue, and no sweep can spoil another."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from arq.connections import ArqRedis
from structlog.testing import capture_logs

from tests.fixtures.own_queue import Queue, own_queue
from tests.fixtures.waiting import eventually
from workers.queue import work
from workers.timetable import Row, Sweep

pytestmark = pytest.mark.anyio

OFTEN, LONG = timedelta(seconds=0.1), timedelta(days=1000)


@pytest.fixture
def absent() -> Iterator[Queue]:
    with own_queue() as queue:
        yield queue


@pytest.fixture
def queue(absent: Queue) -> Queue:
    absent.start()
    return absent


class Sweeps:
    """A sweep that counts; what it does besides is said by the test."""

    def __init__(self, name: str = "sweep", then: Sweep | None = None) -> None:
        self.count, self._then = 0, then
        self.__name__ = name

    async def __call__(self) -> None:
        self.count += 1
        if self._then:
            await self._then()


def row(sweep: Sweep, every: timedelta = OFTEN, at_most: timedelta = LONG) -> Row:
    return Row(sweep, every, at_most)


@asynccontextmanager
async def working(queue: Queue, *rows: Row) -> AsyncIterator[None]:
    """A worker that keeps these rows, told to stop when the block ends."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(rows, queue.url, stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def test_a_sweep_runs_at_once_and_then_at_every_tick(queue: Queue) -> None:
    rare, often = Sweeps("rare"), Sweeps("often")

    async with working(queue, row(rare, every=LONG), row(often)):
        await eventually(lambda: rare.count == 1 and often.count >= 3)

    assert rare.count == 1


async def test_of_two_workers_that_ring_a_tick_one_sweeps(queue: Queue) -> None:
    rare, often = Sweeps("rare"), Sweeps("often")
    rows = row(rare, every=LONG), row(often)

    async with working(queue, *rows), working(queue, *rows):
        await eventually(lambda: often.count >= 5)

    assert rare.count == 1


async def test_a_queue_that_comes_late_is_awaited_and_missed_once(absent: Queue) -> None:
    sweep = Sweeps()

    with capture_logs() as logged:
        async with working(absent, row(sweep)):
            await eventually(lambda: logged)
            await asyncio.sleep(0.5)  # it tries several times
            absent.start()
            await eventually(lambda: sweep.count >= 2)

    assert [line["event"] for line in logged] == ["the queue cannot be used, trying again", "the queue is back"]


async def test_a_queue_that_died_is_missed_and_the_sweeps_go_on_when_it_is_back(queue: Queue) -> None:
    sweep = Sweeps()

    async with working(queue, row(sweep)):
        await eventually(lambda: sweep.count)
        queue.kill()
        await asyncio.sleep(0.5)
        queue.start()
        seen = sweep.count
        await eventually(lambda: sweep.count >= seen + 3)


async def test_a_queue_that_forgot_everything_is_told_anew(queue: Queue) -> None:
    sweep = Sweeps()

    async with working(queue, row(sweep)):
        await eventually(lambda: sweep.count)
        queue.flush()
        seen = sweep.count
        await eventually(lambda: sweep.count >= seen + 3)


async def test_a_queue_that_answers_but_takes_nothing_is_missed_once(queue: Queue) -> None:
    sweep = Sweeps()

    with capture_logs() as logged:
        async with working(queue, row(sweep)):
            await eventually(lambda: sweep.count)
            queue.ask(b"CONFIG SET maxmemory 1")
            await eventually(lambda: logged)
            await asyncio.sleep(0.5)
            queue.ask(b"CONFIG SET maxmemory 0")
            seen = sweep.count
            await eventually(lambda: sweep.count >= seen + 2)

    assert [line["event"] for line in logged] == ["the queue cannot be used, trying again", "the queue is back"]


async def test_a_failing_sweep_stops_neither_itself_nor_another_and_is_told_once(queue: Queue) -> None:
    async def fail() -> None:
        if failing.count <= 3:
            raise KeyError("no chain")

    failing, other = Sweeps("failing", fail), Sweeps("other")

    with capture_logs() as logged:
        async with working(queue, row(failing), row(other)):
            await eventually(lambda: failing.count >= 5 and other.count >= 5)

    assert [(line["event"], line["sweep"]) for line in logged] == [
        ("a sweep fails, and is tried again at every tick", "failing"),
        ("a sweep works again", "failing"),
    ]


async def test_a_sweep_that_hangs_is_given_up_and_never_runs_beside_itself(queue: Queue) -> None:
    running, most = 0, 0

    async def hang() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            await asyncio.sleep(3600)
        finally:
            running -= 1

    hanging, other = Sweeps("hanging", hang), Sweeps("other")

    async with working(queue, row(hanging, at_most=timedelta(seconds=0.3)), row(other)):
        await eventually(lambda: hanging.count >= 3 and other.count >= 5)

    assert (running, most) == (0, 1)


async def test_a_worker_that_is_told_to_stop_finishes_its_sweep_and_begins_no_other(queue: Queue) -> None:
    go_on, done = asyncio.Event(), 0

    async def wait() -> None:
        nonlocal done
        await go_on.wait()
        done += 1

    slow, often = Sweeps("slow", wait), Sweeps("often")
    stopping = asyncio.create_task(run_until_begun(queue, slow, often))
    await eventually(lambda: slow.count and often.count)
    await asyncio.sleep(0.2)  # the last tick may be on its way
    seen = often.count
    await asyncio.sleep(0.5)
    assert (done, often.count) == (0, seen)

    go_on.set()
    await stopping

    assert (slow.count, done) == (1, 1)


async def run_until_begun(queue: Queue, slow: Sweeps, often: Sweeps) -> None:
    """A worker that is told to stop while the slow sweep is at work."""
    async with working(queue, row(slow, every=LONG), row(often)):
        await eventually(lambda: slow.count and often.count)


async def test_a_worker_stops_also_when_the_client_of_the_queue_swallows_a_cancellation(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring, sweep = ArqRedis.enqueue_job, Sweeps()

    async def ring_and_swallow(redis: ArqRedis, *args: Any, **options: Any) -> None:
        await ring(redis, *args, **options)
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)

    monkeypatch.setattr(ArqRedis, "enqueue_job", ring_and_swallow)
    async with asyncio.timeout(10), working(queue, row(sweep, every=LONG)):
        await eventually(lambda: sweep.count)
