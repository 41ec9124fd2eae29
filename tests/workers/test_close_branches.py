"""A branch goes on closing in whatever worker there is, and each of its packages moves once."""

import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from domain.branch_transfers.carry_on import carry_on
from domain.kernel.db import rows
from tests.fixtures import killed_closer
from tests.fixtures.branch_moves import assert_sound, closing, deferred
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.children import ROOT, carnet, started
from tests.fixtures.desk import sold
from tests.fixtures.own_queue import Queue, own_queue
from tests.fixtures.races import at_once
from tests.fixtures.waiting import eventually, eventually_so
from workers.close_branches import close_branches
from workers.lapse_branch_transfers import lapse_branch_transfers
from workers.main import TIMETABLE

pytestmark = pytest.mark.anyio


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as queue:
        queue.start()
        yield queue


async def moves() -> dict[str, int]:
    """How often each package has moved."""
    found = await rows("SELECT package_id, COUNT(*) AS times FROM branch_transfer GROUP BY package_id")
    return {row["package_id"]: row["times"] for row in found}


async def progress(closing_id: str) -> tuple[int, bool]:
    """How many have moved, and whether it is finished."""
    (row,) = await rows("SELECT moved, finished_at FROM branch_closing WHERE id = $1", closing_id)
    return row["moved"], row["finished_at"] is not None


async def branch_with(house: Harbour, packages: int) -> list[str]:
    """So many packages at home in Lisbon."""
    return [await sold(house, house.ten) for _ in range(packages)]


def test_closings_begin_within_five_seconds_and_transfers_lapse_within_a_minute() -> None:
    often = {row.sweep: row.every for row in TIMETABLE}
    assert often[close_branches] == timedelta(seconds=5)
    assert often[lapse_branch_transfers] == timedelta(seconds=60)


async def test_the_sweep_finishes_and_counts_and_two_of_them_move_nothing_twice(db: str) -> None:
    house = await harbour(db)
    packages = await branch_with(house, 5)
    closing_id = await closing(house, house.lis, house.mad)
    before = REGISTRY.get_sample_value("carnet_packages_rehomed_total") or 0.0
    await at_once(close_branches(), close_branches())
    await close_branches()
    assert await progress(closing_id) == (5, True)
    assert await moves() == dict.fromkeys(packages, 1)
    assert (REGISTRY.get_sample_value("carnet_packages_rehomed_total") or 0.0) - before == 5
    await assert_sound(house, *packages)


async def test_a_closing_with_which_carnet_fails_keeps_no_other_waiting(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(db)
    await branch_with(house, 1)
    await sold(house, house.ten, branch_id=house.pdl)
    broken, sane = await closing(house, house.lis, house.mad), await closing(house, house.pdl, house.mad)

    async def fails(closing_id: str, at_most: int) -> int | None:
        assert closing_id != broken
        return await carry_on(closing_id, at_most)

    monkeypatch.setattr("domain.branch_transfers.carry_on.carry_on", fails)
    with pytest.raises(ExceptionGroup, match="branches that cannot be closed"):
        await close_branches()
    assert [await progress(each) for each in (broken, sane)] == [(0, False), (1, True)]


async def test_what_a_killed_worker_left_is_done_by_the_next_and_nothing_twice(
    db: str, queue: Queue, tmp_path: Path
) -> None:
    house = await harbour(db)
    packages = await branch_with(house, 8)
    closing_id = await closing(house, house.lis, house.mad)
    dying = [sys.executable, killed_closer.__file__, db, "2"]
    with started(dying, tmp_path / "killed.log", {"PYTHONPATH": str(ROOT)}) as process:
        await eventually(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGKILL
    assert await progress(closing_id) == (3, False)
    assert await deferred(house) == {house.lis: 5 * 45000, house.mad: 3 * 45000}

    urls = {"CARNET_DATABASE_URL": db, "CARNET_REDIS_URL": queue.url, "CARNET_HOME": str(tmp_path / "home")}
    with started(carnet("worker"), tmp_path / "worker.log", urls):

        async def done() -> bool:
            return (await progress(closing_id))[1]

        await eventually_so(done)

    assert await progress(closing_id) == (8, True)
    assert await moves() == dict.fromkeys(packages, 1)
    await assert_sound(house, *packages)
