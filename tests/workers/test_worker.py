"""The worker as it is run, in processes of its own: what was committed is sealed, whatever is killed."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fixtures import killed_worker
from tests.fixtures.chain import harbour
from tests.fixtures.children import ROOT, carnet, started
from tests.fixtures.ledgers import traded
from tests.fixtures.own_queue import Queue, own_queue
from tests.fixtures.sealed import all_sealed, assert_each_sealed_once
from tests.fixtures.waiting import eventually, eventually_so
from workers.main import TIMETABLE
from workers.seal_operations import seal_operations

pytestmark = pytest.mark.anyio


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as queue:
        queue.start()
        yield queue


def worker(db: str, queue: Queue, tmp_path: Path) -> "AbstractContextManager[subprocess.Popen[bytes]]":
    """`carnet worker` over this database and queue."""
    urls = {"CARNET_DATABASE_URL": db, "CARNET_REDIS_URL": queue.url, "CARNET_HOME": str(tmp_path / "home")}
    return started(carnet("worker"), tmp_path / "worker.log", urls)


@asynccontextmanager
async def a_working_one(db: str, queue: Queue, tmp_path: Path) -> AsyncIterator["subprocess.Popen[bytes]"]:
    """A worker that has sealed all there was."""
    with worker(db, queue, tmp_path) as process:
        await eventually_so(all_sealed)
        yield process


def test_operations_are_sealed_twice_a_second() -> None:
    [row] = [row for row in TIMETABLE if row.sweep is seal_operations]

    assert row.every == timedelta(seconds=0.5)


async def test_what_is_committed_is_sealed_by_one_of_two_workers_and_each_ends_well_when_it_is_told_to(
    db: str, queue: Queue, tmp_path: Path
) -> None:
    house = await harbour(db)

    async with a_working_one(db, queue, tmp_path) as one, a_working_one(db, queue, tmp_path) as other:
        for _ in range(10):
            await traded(house)
            await asyncio.sleep(0.1)
        await eventually_so(all_sealed)
        await ended(one, signal.SIGTERM)
        await traded(house)
        await eventually_so(all_sealed)
        await ended(other, signal.SIGINT)

    await assert_each_sealed_once()
    assert (tmp_path / "worker.log").read_text().count("Traceback") == 0


async def ended(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """A worker that was told to stop has done so well."""
    process.send_signal(number)
    await eventually(lambda: process.poll() is not None)
    assert process.returncode == 0


async def test_what_was_committed_while_the_queue_was_dead_is_sealed_when_it_is_back(
    sqlite_db: str, queue: Queue, tmp_path: Path
) -> None:
    house = await harbour(sqlite_db)

    async with a_working_one(sqlite_db, queue, tmp_path):
        queue.kill()
        await traded(house)
        await asyncio.sleep(1)
        assert not await all_sealed()
        queue.start()
        await eventually_so(all_sealed)

    await assert_each_sealed_once()


async def test_what_a_killed_worker_left_undone_is_done_by_the_next(db: str, queue: Queue, tmp_path: Path) -> None:
    await traded(await harbour(db))
    dying = [sys.executable, killed_worker.__file__, db, queue.url]
    with started(dying, tmp_path / "killed.log", {"PYTHONPATH": str(ROOT)}) as process:
        await eventually(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGKILL
    assert not await all_sealed()

    async with a_working_one(db, queue, tmp_path):
        await assert_each_sealed_once()


async def test_workers_that_are_killed_at_any_moment_seal_nothing_twice(
    sqlite_db: str, queue: Queue, tmp_path: Path
) -> None:
    house = await harbour(sqlite_db)
    for pause in (0.0, 0.2):
        async with a_working_one(sqlite_db, queue, tmp_path) as process:
            await traded(house)
            await asyncio.sleep(pause)
            process.kill()

    async with a_working_one(sqlite_db, queue, tmp_path):
        await assert_each_sealed_once()
