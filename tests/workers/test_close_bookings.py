"""Visits that were left open are closed in the worker's own process, and only counted once."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

import pytest
from prometheus_client import REGISTRY

from domain.bookings.close_bookings import close_bookings as close_some
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import OpenBookings
from domain.kernel.commands import run_command
from domain.kernel.db import DatabaseUnavailable, execute, rows
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.children import carnet, started
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.own_queue import Queue, own_queue
from tests.fixtures.visits import VISIT, assert_audited, booked, bought, counts, story
from tests.fixtures.waiting import eventually_so
from workers.close_bookings import close_bookings
from workers.main import TIMETABLE

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as queue:
        queue.start()
        yield queue


def worker(db: str, queue: Queue, tmp_path: Path) -> "AbstractContextManager[Popen[bytes]]":
    """`carnet worker` over this database and queue."""
    urls = {"CARNET_DATABASE_URL": db, "CARNET_REDIS_URL": queue.url, "CARNET_HOME": str(tmp_path / "home")}
    return started(carnet("worker"), tmp_path / "worker.log", urls)


async def left_open(house: Harbour, count: int) -> tuple[str, list[str]]:
    """A package and its visits, all of which are over by the true clock; the package has lapsed as well."""
    package_id = await bought(house)
    return package_id, [await booked(house, VISIT + day * DAY) for day in range(count)]


async def none_left() -> bool:
    """Whether each visit was flagged or completed."""
    return await rows("SELECT id FROM booking WHERE state = 'CONFIRMED' AND flagged_at IS NULL") == []


def test_bookings_are_closed_once_a_minute() -> None:
    [row] = [row for row in TIMETABLE if row.sweep is close_bookings]

    assert (row.every, row.at_most) == (timedelta(minutes=1), timedelta(minutes=10))


async def test_a_sweep_goes_on_until_none_is_left_open_and_counts(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.close_bookings._BATCH", 2)
    with on(MONDAY):
        house = await harbour(db)
    _, booking_ids = await left_open(house, 5)
    before = REGISTRY.get_sample_value("carnet_bookings_closed_total") or 0

    with on(VISIT + 9 * DAY):
        await close_bookings()
        assert await close_some() == 0

    assert [await story(booking_id) for booking_id in booking_ids] == [["BOOKED", "FLAGGED"]] * 5
    assert REGISTRY.get_sample_value("carnet_bookings_closed_total") == before + 5


@pytest.mark.parametrize("open_bookings", OpenBookings)
async def test_bookings_with_which_carnet_fails_keep_no_other_open_and_are_told(
    db: str, monkeypatch: pytest.MonkeyPatch, open_bookings: OpenBookings
) -> None:
    monkeypatch.setattr("workers.close_bookings._BATCH", 2)
    with on(MONDAY):
        house = await harbour(db)
        await run_command(house.owner, ChangeChainSettings(open_bookings=open_bookings))
    _, booking_ids = await left_open(house, 5)
    broken, good = booking_ids[:3], booking_ids[3:]
    (kept,) = await rows("SELECT attachments FROM booking WHERE id = $1", good[0])
    await execute("UPDATE booking SET attachments = $2 WHERE id = ANY($1)", broken, [{"kind": "NO SUCH KIND"}])

    with on(VISIT + 9 * DAY):
        for _ in range(2):
            with pytest.raises(ExceptionGroup, match="bookings that cannot be closed") as caught:
                await close_bookings()
            notes = {note for error in caught.value.exceptions for note in error.__notes__}
            assert notes == {f"This is about the booking {booking_id}." for booking_id in broken}
            assert [len(await story(each)) for each in booking_ids] == [1, 1, 1, 2, 2]
        await execute("UPDATE booking SET attachments = $2 WHERE id = ANY($1)", broken, kept["attachments"])
        await close_bookings()

    assert [len(await story(each)) for each in booking_ids] == [2] * 5


async def test_a_database_that_is_away_is_the_fault_of_no_booking(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with on(MONDAY):
        house = await harbour(db)
    await left_open(house, 1)

    async def away(*_: object) -> None:
        raise DatabaseUnavailable("PostgreSQL does not answer.")

    monkeypatch.setattr("domain.bookings.close_bookings.run_command", away)
    failing: dict[str, Exception] = {}
    with on(VISIT + DAY), pytest.raises(DatabaseUnavailable):
        await close_some(failing=failing)
    assert failing == {}


async def test_two_workers_complete_what_was_left_open_once(db: str, queue: Queue, tmp_path: Path) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await run_command(house.owner, ChangeChainSettings(open_bookings=OpenBookings.COMPLETE))
    package_id, booking_ids = await left_open(house, 3)

    with worker(db, queue, tmp_path), worker(db, queue, tmp_path):
        await eventually_so(none_left)

    assert [await story(booking_id) for booking_id in booking_ids] == [["BOOKED", "COMPLETED"]] * 3
    (lot,) = await counts(package_id)
    assert (lot[1], lot[2]) == (0, 3)
    await assert_audited(house)
