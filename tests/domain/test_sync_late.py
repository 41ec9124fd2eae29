"""What a scheduler tells late is judged as of when it happened, and reaches no further back than anybody's visit."""

from datetime import timedelta

import pytest

from domain.bookings.booked import ExternalRef
from domain.bookings.errors import BookingInPast
from domain.bookings.rules import State
from domain.bookings.sync_booking import Effect
from domain.kernel.db import execute, rows
from domain.packages.errors import BadVisitTime, NotEnoughSessions, PackageFrozen
from tests.fixtures.blocked import frozen
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused
from tests.fixtures.visits import TICK, VISIT, assert_audited, booked, bought, counts, heard, story, the_booking, told

pytestmark = pytest.mark.anyio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONFIRMED, COMPLETED, CANCELLED = State.CONFIRMED, State.COMPLETED, State.CANCELLED


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_visit_moves_back_in_time_no_further_than_one_could_be_booked(house: Harbour) -> None:
    package_id = await bought(house)
    await heard(house, told(house, MONDAY, CONFIRMED))
    with on(VISIT + 7 * DAY):
        early = told(house, VISIT + 7 * DAY, COMPLETED, starts_at=VISIT - TICK)
        refusal = await refused(BookingInPast, house.integrator, early)
        assert (refusal.starts_at, refusal.earliest) == (VISIT - TICK, VISIT)
    with on(VISIT + 30 * DAY):
        await refused(BookingInPast, house.integrator, told(house, VISIT + HOUR, COMPLETED, starts_at=VISIT + HOUR))
    longer = told(house, VISIT + HOUR, COMPLETED, minutes=60)
    assert (await heard(house, longer, VISIT + 30 * DAY)).effects == (Effect.MOVED, Effect.ENDED)
    assert await counts(package_id) == [(9, 0, 1, 0)]
    await assert_audited(house)


async def test_nor_to_before_its_package_was_there(house: Harbour) -> None:
    package_id = await bought(house)
    await heard(house, told(house, MONDAY, CONFIRMED))
    with on(MONDAY + DAY):
        early = told(house, MONDAY + DAY, COMPLETED, starts_at=MONDAY - TICK)
        assert (await refused(NotEnoughSessions, house.integrator, early)).remaining == 0
    assert await counts(package_id) == [(9, 1, 0, 0)]


async def test_a_visit_before_its_package_was_active_has_none(house: Harbour) -> None:
    package_id = await bought(house)
    paid = MONDAY + 3 * DAY
    await execute("UPDATE package SET activated_at = $2 WHERE id = $1", package_id, paid)
    with on(paid + DAY):
        refusal = await refused(
            BadVisitTime, house.integrator, told(house, paid + DAY, COMPLETED, starts_at=paid - TICK)
        )
        assert (refusal.visited_at, refusal.earliest, refusal.latest) == (paid - TICK, paid, paid + DAY)
    await heard(house, told(house, paid + DAY, COMPLETED, starts_at=paid))
    assert await counts(package_id) == [(9, 0, 1, 0)]


async def test_a_visit_in_a_freeze_before_the_newest_is_refused_as_in_any_other(house: Harbour) -> None:
    package_id = await bought(house)
    thaw = VISIT + DAY
    await frozen(package_id, VISIT, thaw)
    await frozen(package_id, VISIT + 30 * DAY, VISIT + 40 * DAY)
    other = ExternalRef("cal", "A-2")
    await heard(house, told(house, MONDAY, CONFIRMED, external=other, starts_at=thaw + DAY))
    with on(VISIT + 3 * DAY):
        for reference in (ExternalRef("cal", "A-1"), other):
            for start in (VISIT, thaw - TICK):
                late = told(house, VISIT + 3 * DAY, COMPLETED, starts_at=start, external=reference)
                refusal = await refused(PackageFrozen, house.integrator, late)
                assert (refusal.frozen_from, refusal.thaws_at) == (VISIT, thaw)
    done = await heard(house, told(house, VISIT + 3 * DAY, COMPLETED, starts_at=thaw))
    assert done.effects == (Effect.BOOKED, Effect.ENDED)
    assert await counts(package_id) == [(8, 1, 1, 0)]


async def test_what_is_called_off_needs_no_place_at_the_time_it_was_moved_to(house: Harbour) -> None:
    package_id = await bought(house)
    made = await heard(house, told(house, MONDAY, CONFIRMED))
    await booked(house, VISIT + 2 * DAY)  # where Ana would be expected twice
    off = await heard(house, told(house, VISIT, CANCELLED, starts_at=VISIT + 2 * DAY))
    kept = await the_booking(house, made.booking_id)
    assert (off.effects, off.state) == ((Effect.ENDED,), "CANCELLED")
    assert (kept.starts_at, kept.ends_at) == (VISIT + 2 * DAY, VISIT + 2 * DAY + timedelta(minutes=45))
    assert (await story(made.booking_id), await counts(package_id)) == (["BOOKED", "CANCELLED"], [(9, 1, 0, 0)])
    await assert_audited(house)


async def test_what_is_called_off_counts_from_no_earlier_than_it_was_booked(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house, external=ExternalRef("cal", "A-1"), at=VISIT - 2 * HOUR)
    late = told(house, VISIT - 3 * HOUR, CANCELLED)
    assert (await heard(house, late, VISIT)).state == "LATE_CANCELLED"
    (ending,) = await rows(
        """SELECT o.effective_at, e.posted_on FROM booking_change c JOIN operation o ON o.id = c.operation_id
        JOIN journal_entry e ON e.operation_id = o.id WHERE c.booking_id = $1 AND c.kind = 'LATE_CANCELLED'""",
        booking_id,
    )
    assert (ending["effective_at"], ending["posted_on"]) == (VISIT - 2 * HOUR, VISIT.date())
    assert await counts(package_id) == [(9, 0, 1, 0)]
