"""A run goes on in whatever worker there is, and catches each package up once."""

import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from domain.accounting.breakage_runs import carry_on
from domain.ledger.audit import audit_ledgers
from tests.fixtures import killed_estimator
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.children import ROOT, carnet, started
from tests.fixtures.desk import sold, used
from tests.fixtures.estimates import estimated, expected_of, expecting, newest_run, reestimated
from tests.fixtures.own_queue import Queue, own_queue
from tests.fixtures.waiting import eventually, eventually_so
from workers.main import TIMETABLE
from workers.reestimate_breakage import reestimate_breakage

pytestmark = pytest.mark.anyio


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as queue:
        queue.start()
        yield queue


def reestimated_so_far() -> float:
    """What the metric of this process says."""
    return REGISTRY.get_sample_value("carnet_packages_reestimated_total") or 0.0


async def progress(house: Harbour) -> tuple[int, int, bool]:
    """Of the newest run: packages, those that are done, and whether it is finished."""
    run = await newest_run(house)
    return run.packages, run.done, run.finished_at is not None


def test_runs_begin_within_five_seconds() -> None:
    [row] = [row for row in TIMETABLE if row.sweep is reestimate_breakage]

    assert (row.every, row.at_most) == (timedelta(seconds=5), timedelta(minutes=10))


async def test_the_sweep_finishes_every_run_and_counts(db: str) -> None:
    house = await harbour(db)
    await expecting(house, house.ten, 2000)
    package_id = await sold(house, house.ten)
    before = reestimated_so_far()

    for rate in (1000, 0):
        await estimated(house, house.ten, rate)
        await reestimate_breakage()
    await reestimate_breakage()

    assert len(await reestimated(package_id)) == 2
    assert await progress(house) == (1, 1, True)
    assert reestimated_so_far() - before == 2


async def test_a_large_run_keeps_no_other_waiting(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.reestimate_breakage._CHUNK", 1)
    house = await harbour(db)
    await expecting(house, house.ten, 2000)
    await estimated(house, house.trial, 2000)
    for _ in range(3):
        await sold(house, house.ten)
    await sold(house, house.trial)
    large, small = [(await estimated(house, of, 1000)).outcome.run_id for of in (house.ten, house.trial)]
    turns: list[str] = []

    async def watched(run_id: str, at_most: int) -> int | None:
        turns.append(run_id)
        return await carry_on(run_id, at_most)

    monkeypatch.setattr("workers.reestimate_breakage.carry_on", watched)
    await reestimate_breakage()

    assert [run_id for run_id in turns if run_id in (large, small)][:4] == [large, small] * 2


@pytest.mark.parametrize("chunks", [1, 2])
async def test_what_a_killed_worker_left_is_done_by_the_next_and_nothing_twice(
    db: str, queue: Queue, tmp_path: Path, chunks: int
) -> None:
    house = await harbour(db)
    await expecting(house, house.ten, 2000)
    packages = [await sold(house, house.ten) for _ in range(8)]
    for package_id in packages:
        await used(house, package_id, sessions=4)
    await estimated(house, house.ten, 0)
    dying = [sys.executable, killed_estimator.__file__, db, str(chunks)]
    with started(dying, tmp_path / "killed.log", {"PYTHONPATH": str(ROOT)}) as process:
        await eventually(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGKILL
    assert await progress(house) == (8, (chunks - 1) * 3, False)

    urls = {"CARNET_DATABASE_URL": db, "CARNET_REDIS_URL": queue.url, "CARNET_HOME": str(tmp_path / "home")}
    with started(carnet("worker"), tmp_path / "worker.log", urls):

        async def done() -> bool:
            return (await progress(house))[2]

        await eventually_so(done)

    assert await progress(house) == (8, 8, True)
    assert (await newest_run(house)).changed_minor == 8 * 4500
    for package_id in packages:
        assert len(await reestimated(package_id)) == 1
        assert await expected_of(package_id) == [(0, 18000, 27000)]
    assert await audit_ledgers(house.chain_id) == []
