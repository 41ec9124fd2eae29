"""An extension of many packages goes on in whatever worker there is, and extends each package once."""

import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from domain.expiry.carry_on import carry_on
from domain.ledger.audit import audit_ledgers
from tests.fixtures import killed_extender
from tests.fixtures.chain import harbour
from tests.fixtures.children import ROOT, carnet, started
from tests.fixtures.desk import sold
from tests.fixtures.extended_many import counts, ordered, times_extended
from tests.fixtures.own_queue import Queue, own_queue
from tests.fixtures.waiting import eventually, eventually_so
from workers.extend_packages import extend_packages
from workers.main import TIMETABLE

pytestmark = pytest.mark.anyio


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as queue:
        queue.start()
        yield queue


def extended_so_far() -> float:
    """What the metric of this process says."""
    return REGISTRY.get_sample_value("carnet_packages_extended_total") or 0.0


def test_extensions_begin_within_five_seconds() -> None:
    [row] = [row for row in TIMETABLE if row.sweep is extend_packages]

    assert (row.every, row.at_most) == (timedelta(seconds=5), timedelta(minutes=10))


async def test_the_sweep_finishes_every_extension_and_counts(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    orders = [await ordered(house, days) for days in (7, 14)]
    before = extended_so_far()

    await extend_packages()
    await extend_packages()

    assert [await counts(house, order) for order in orders] == [(1, 1, 0, True)] * 2
    assert await times_extended() == {package_id: 2}
    assert extended_so_far() - before == 2


async def test_a_large_extension_keeps_no_other_waiting(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.extend_packages._CHUNK", 1)
    house = await harbour(db)
    for _ in range(3):
        await sold(house, house.ten)
    await sold(house, house.trial)
    large, small = await ordered(house, 7), await ordered(house, 7, definition_id=house.trial)
    turns: list[str] = []

    async def watched(extension_id: str, at_most: int) -> int | None:
        turns.append(extension_id)
        return await carry_on(extension_id, at_most)

    monkeypatch.setattr("workers.extend_packages.carry_on", watched)
    await extend_packages()
    assert turns[:4] == [large, small] * 2
    assert [await counts(house, order) for order in (large, small)] == [(4, 4, 0, True), (1, 1, 0, True)]


@pytest.mark.parametrize("times", [1, 5])
async def test_what_a_killed_worker_left_is_done_by_the_next_and_nothing_twice(
    db: str, queue: Queue, tmp_path: Path, times: int
) -> None:
    house = await harbour(db)
    packages = [await sold(house, house.ten) for _ in range(8)]
    extension_id = await ordered(house)
    dying = [sys.executable, killed_extender.__file__, db, str(times)]
    with started(dying, tmp_path / "killed.log", {"PYTHONPATH": str(ROOT)}) as process:
        await eventually(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGKILL
    assert sum((await times_extended()).values()) == times - 1
    assert await counts(house, extension_id) == (8, (times - 1) // 3 * 3, 0, False)

    urls = {"CARNET_DATABASE_URL": db, "CARNET_REDIS_URL": queue.url, "CARNET_HOME": str(tmp_path / "home")}
    with started(carnet("worker"), tmp_path / "worker.log", urls):

        async def done() -> bool:
            return (await counts(house, extension_id))[3]

        await eventually_so(done)

    assert await counts(house, extension_id) == (8, 8, 0, True)
    assert await times_extended() == dict.fromkeys(packages, 1)
    assert await audit_ledgers(house.chain_id) == []
