"""The inbox at work: in time, past every failure, and by whichever worker is alive."""

import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from domain.inbox import scheduler
from domain.kernel import clock
from domain.kernel.db import rows
from tests.fixtures import killed_inbox
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.children import ROOT, carnet, started
from tests.fixtures.databases import VAULT_KEY
from tests.fixtures.desk import on, sold
from tests.fixtures.knocking import GARBAGE, became, event, knocking, opened
from tests.fixtures.own_queue import Queue, own_queue
from tests.fixtures.waiting import eventually, eventually_so
from workers.main import TIMETABLE
from workers.process_inbox import process_inbox

pytestmark = pytest.mark.anyio


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as queue:
        queue.start()
        yield queue


def visit(house: Harbour, days: int = 2, **changed: Any) -> dict[str, Any]:
    """A booking that is told now, of the day after tomorrow unless said otherwise."""
    return event(house, "created", clock.now(), startsAt=clock.now() + timedelta(days=days), **changed)


async def held(package_id: str) -> int:
    (lot,) = await rows("SELECT held FROM lot WHERE package_id = $1", package_id)
    return int(lot["held"])


def counted(state: str) -> float:
    return REGISTRY.get_sample_value("carnet_inbound_events_total", {"state": state}) or 0


def test_the_inbox_is_looked_into_twice_a_second() -> None:
    [row] = [row for row in TIMETABLE if row.sweep is process_inbox]

    assert (row.every, row.at_most) == (timedelta(seconds=0.5), timedelta(minutes=10))


async def test_everything_is_processed_and_what_fails_is_told_at_the_end(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(db)
    await sold(house, house.ten)
    before = {state: counted(state) for state in ("PROCESSED", "REJECTED", "WAITING")}
    monkeypatch.setattr("workers.process_inbox._BATCH", 1)
    command = scheduler._command

    def fail(source: str, event: Any) -> Any:
        if event.data.reference == "broken":
            raise RuntimeError("a fault of ours")
        return command(source, event)

    monkeypatch.setattr(scheduler, "_command", fail)
    async with knocking(await opened(house.owner)) as cal:
        ids = [await cal.tell(told) for told in (visit(house, reference="broken"), GARBAGE, visit(house))]
        with pytest.raises(ExceptionGroup, match="inbound events that cannot be processed") as caught:
            await process_inbox()

    assert [str(error) for error in caught.value.exceptions] == ["a fault of ours"]
    assert [(each[0], each[1]) for each in await became()] == list(
        zip(ids, ("RECEIVED", "REJECTED", "PROCESSED"), strict=True)
    )
    assert {state: counted(state) - count for state, count in before.items()} == {
        "PROCESSED": 1,
        "REJECTED": 1,
        "WAITING": 1,
    }


async def test_what_a_killed_worker_has_done_and_not_written_down_is_found_done(db: str, tmp_path: Path) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    async with knocking(await opened(house.owner)) as cal:
        await cal.tell(visit(house))
        dying = [sys.executable, killed_inbox.__file__, db, VAULT_KEY]
        with started(dying, tmp_path / "killed.log", {"PYTHONPATH": str(ROOT)}) as process:
            await eventually(lambda: process.poll() is not None)
        assert process.returncode == -signal.SIGKILL
        assert (await held(package_id), [each[1] for each in await became()]) == (1, ["RECEIVED"])
        await process_inbox()
        assert [each[1] for each in await became()] == ["RECEIVED"], "it is left to the dead one for a minute"
        with on(clock.now() + timedelta(seconds=61)):
            await process_inbox()

    assert (await held(package_id), [each[1] for each in await became()]) == (1, ["PROCESSED"])
    done = await rows("SELECT id FROM operation WHERE act = 'sync_booking'")
    assert [row["id"] for row in done] == [
        row["operation_id"] for row in await rows("SELECT operation_id FROM inbound_event")
    ]


async def test_what_was_taken_while_no_worker_was_there_has_its_effect_when_one_comes(
    db: str, queue: Queue, tmp_path: Path
) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    settings = {
        "CARNET_DATABASE_URL": db,
        "CARNET_REDIS_URL": queue.url,
        "CARNET_HOME": str(tmp_path / "home"),
        "CARNET_VAULT_KEYS": VAULT_KEY,
    }

    async def is_done() -> bool:
        return {each[1] for each in await became()} == {"PROCESSED"}

    async with knocking(await opened(house.owner)) as cal:
        for number in range(2):
            await cal.tell(visit(house, days=2 + number, reference=f"A-{number}"))
            with started(carnet("worker"), tmp_path / f"{number}.log", settings) as process:
                await eventually_so(is_done)
                process.kill()
                process.wait()

    assert await held(package_id) == 2
