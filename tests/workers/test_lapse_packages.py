"""Packages lapse in the worker's own processes: once, with the same figures, whoever is killed or was off."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

import pytest
from prometheus_client import REGISTRY

from domain.expiry import lapse_packages as chunks
from domain.kernel import clock
from domain.kernel.commands import run_command
from domain.kernel.db import DatabaseUnavailable, execute, rows
from domain.ledger.audit import audit_ledgers
from domain.packages.errors import PackageExpired
from domain.packages.redeem_session import RedeemSession
from tests.fixtures import killed_lapser, lapse_all
from tests.fixtures.chain import harbour
from tests.fixtures.children import ROOT, carnet, started
from tests.fixtures.overdue import expected, lapses, none_due, overdue
from tests.fixtures.own_queue import Queue, own_queue
from tests.fixtures.waiting import eventually, eventually_so
from workers.lapse_packages import lapse_packages
from workers.main import TIMETABLE

pytestmark = pytest.mark.anyio


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as queue:
        queue.start()
        yield queue


def worker(db: str, queue: Queue, tmp_path: Path) -> "AbstractContextManager[Popen[bytes]]":
    """`carnet worker` over this database and queue."""
    urls = {"CARNET_DATABASE_URL": db, "CARNET_REDIS_URL": queue.url, "CARNET_HOME": str(tmp_path / "home")}
    return started(carnet("worker"), tmp_path / "worker.log", urls)


def test_packages_lapse_twice_a_minute() -> None:
    [row] = [row for row in TIMETABLE if row.sweep is lapse_packages]

    assert (row.every, row.at_most) == (timedelta(seconds=30), timedelta(minutes=10))


async def test_a_sweep_goes_on_until_nothing_is_due_and_counts(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.lapse_packages._BATCH", 2)
    package_ids = await overdue(await harbour(db), 5)
    before = REGISTRY.get_sample_value("carnet_packages_lapsed_total") or 0

    await lapse_packages()

    assert await lapses() == await expected(package_ids)
    assert REGISTRY.get_sample_value("carnet_packages_lapsed_total") == before + 5


async def test_packages_with_which_carnet_fails_keep_nobody_waiting_and_are_told(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.lapse_packages._BATCH", 2)
    package_ids = await overdue(await harbour(db), 6)
    broken, good = package_ids[:3], package_ids[3:]
    await execute("UPDATE package SET version = 0 WHERE id = ANY($1)", broken)  # their next operation is there already

    for _ in range(2):
        with pytest.raises(ExceptionGroup, match="packages that cannot lapse") as caught:
            await lapse_packages()
        notes = {note for error in caught.value.exceptions for note in error.__notes__}
        assert notes == {f"This is about the package {package_id}." for package_id in broken}
        assert await lapses() == await expected(good)

    await execute("UPDATE package SET version = 1 WHERE id = ANY($1)", broken)
    await lapse_packages()
    assert await lapses() == await expected(package_ids)


async def test_a_database_that_is_away_is_the_fault_of_no_package(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await overdue(await harbour(db), 2)

    async def away(_posted: object) -> None:
        raise DatabaseUnavailable("PostgreSQL does not answer.")

    monkeypatch.setattr("domain.expiry.lapse_packages.post_together", away)
    failing: dict[str, Exception] = {}
    with pytest.raises(DatabaseUnavailable):
        await chunks.lapse_packages(failing=failing)
    assert failing == {}


async def test_a_worker_that_was_off_for_months_posts_what_it_would_have_posted_in_time(
    db: str, queue: Queue, tmp_path: Path
) -> None:
    house = await harbour(db)
    package_ids = await overdue(house, 3)

    with worker(db, queue, tmp_path):
        await eventually_so(none_due)

    assert await lapses() == await expected(package_ids)
    assert await audit_ledgers(house.chain_id) == []


async def test_what_a_killed_worker_left_undone_lapses_in_the_next(db: str, queue: Queue, tmp_path: Path) -> None:
    house = await harbour(db)
    package_ids = await overdue(house, 3)
    dying = [sys.executable, killed_lapser.__file__, db, queue.url]
    with started(dying, tmp_path / "killed.log", {"PYTHONPATH": str(ROOT)}) as process:
        await eventually(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGKILL
    assert await lapses() == []
    queue.flush()  # the tick it died with is not rung again for half a minute

    with worker(db, queue, tmp_path):
        await eventually_so(none_due)

    assert await lapses() == await expected(package_ids)
    assert await audit_ledgers(house.chain_id) == []


async def test_of_many_sweeps_in_three_processes_each_lapse_is_posted_by_one(postgres_db: str) -> None:
    house = await harbour(postgres_db)
    package_ids = await overdue(house, 60)
    command = [sys.executable, lapse_all.__file__, postgres_db]
    sweeping = [
        await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=-1)
        for _ in range(3)
    ]
    visits = (RedeemSession(house.physio, house.lis, package_id) for package_id in package_ids)
    refused = await asyncio.gather(*(run_command(house.owner, visit) for visit in visits), return_exceptions=True)
    counts = [int((await each.communicate())[0]) for each in sweeping]

    assert {type(each) for each in refused} == {PackageExpired}
    assert (sum(counts), await none_due()) == (60, True)
    assert await lapses() == await expected(package_ids)
    assert await audit_ledgers(house.chain_id) == []


async def test_a_visit_told_late_and_a_sweep_at_once_leave_one_story(db: str) -> None:
    house = await harbour(db)
    package_ids = await overdue(house, 10)
    (lot,) = await rows("SELECT lapses_at FROM lot WHERE package_id = $1", package_ids[0])
    last_visit = lot["lapses_at"] - timedelta(hours=1)

    with clock.at(lot["lapses_at"] + timedelta(hours=1)):
        visits = [
            run_command(house.owner, RedeemSession(house.physio, house.lis, package_id, visited_at=last_visit))
            for package_id in package_ids
        ]
        await asyncio.gather(lapse_packages(), *visits, lapse_packages())
        await lapse_packages()

    counts = await rows("SELECT DISTINCT available, consumed, expired, value_left_minor FROM lot")
    assert counts == [{"available": 0, "consumed": 1, "expired": 9, "value_left_minor": 0}]
    assert await audit_ledgers(house.chain_id) == []
