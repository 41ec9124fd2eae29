"""What was left open after its end is flagged, or completed where the chain says so; nothing is lost or done twice."""

from datetime import timedelta

import pytest

from domain.bookings.close_bookings import close_bookings
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.flag_booking import FlagBooking
from domain.bookings.reschedule_booking import RescheduleBooking
from domain.bookings.rules import Start, State
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import OpenBookings
from domain.kernel.access import system
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused
from tests.fixtures.unchanged import unchanged
from tests.fixtures.visits import (
    TICK,
    VISIT,
    assert_audited,
    booked,
    bought,
    counts,
    ended,
    story,
    the_booking,
)

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
OVER = VISIT + timedelta(minutes=45)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def completing(house: Harbour) -> None:
    with on(MONDAY):
        await run_command(house.owner, ChangeChainSettings(open_bookings=OpenBookings.COMPLETE))


async def test_it_is_flagged_once_when_its_end_has_passed_and_holds_on(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house)
    with on(OVER - TICK):
        async with unchanged():
            assert await close_bookings() == 0
    with on(OVER):
        assert await close_bookings() == 1
        async with unchanged():
            assert await close_bookings() == 0
    kept = await the_booking(house, booking_id)
    assert (kept.state, kept.flagged_at) == (State.CONFIRMED, OVER)
    assert (await counts(package_id), await story(booking_id)) == ([(9, 1, 0, 0)], ["BOOKED", "FLAGGED"])
    await ended(house, OVER + 9 * DAY, CompleteBooking(booking_id))
    assert await story(booking_id) == ["BOOKED", "FLAGGED", "COMPLETED"]
    await assert_audited(house)


async def test_it_is_completed_as_of_its_start_where_the_chain_says_so(house: Harbour) -> None:
    await completing(house)
    package_id = await bought(house)
    booking_id = await booked(house, sessions=2)
    with on(OVER + 3 * DAY):
        assert await close_bookings() == 1
        assert await close_bookings() == 0
    assert (await counts(package_id), await story(booking_id)) == ([(8, 0, 2, 0)], ["BOOKED", "COMPLETED"])
    (operation,) = await rows("SELECT principal, effective_at FROM operation WHERE act = 'complete_booking'")
    assert operation == {"principal": "SYSTEM", "effective_at": VISIT}
    await assert_audited(house)


async def test_what_cannot_be_completed_is_flagged_with_the_reason_and_stops_nothing_else(house: Harbour) -> None:
    await completing(house)
    disputed, other = await bought(house), await bought(house, house.trial, customer_id=house.rui)
    stuck = await booked(house, package_id=disputed)
    fine = await booked(house, VISIT + DAY, customer_id=house.rui, service_id=house.facial, package_id=other)
    await execute("UPDATE package SET disputed_at = $2 WHERE id = $1", disputed, MONDAY + DAY)
    with on(VISIT + 3 * DAY):
        assert await close_bookings() == 2
        assert await close_bookings() == 0
    assert (await story(stuck), await story(fine)) == (["BOOKED", "FLAGGED"], ["BOOKED", "COMPLETED"])
    (change,) = await rows("SELECT note FROM booking_change WHERE booking_id = $1 AND kind = 'FLAGGED'", stuck)
    assert "dispute" in change["note"]
    assert await counts(disputed) == [(9, 1, 0, 0)]


async def test_the_oldest_come_first_a_few_at_a_time(house: Harbour) -> None:
    await bought(house)
    later, sooner = await booked(house, VISIT + DAY), await booked(house)
    with on(VISIT + 3 * DAY):
        assert await close_bookings(at_most=1) == 1
        assert [(await the_booking(house, each)).flagged_at is None for each in (sooner, later)] == [False, True]
        assert await close_bookings(at_most=1) == 1


async def test_a_flag_comes_down_when_the_visit_moves(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house, VISIT)
    root = system(house.chain_id)
    with on(OVER):
        await close_bookings()
        done = await run_command(root, FlagBooking(booking_id))
        assert done.outcome.flagged is False
    await execute("UPDATE booking SET starts_at = $2, ends_at = $3 WHERE id = $1", booking_id, VISIT + DAY, OVER + DAY)
    await ended(house, OVER, RescheduleBooking(booking_id, Start(VISIT + 2 * DAY)))
    assert (await the_booking(house, booking_id)).flagged_at is None
    with on(OVER + 2 * DAY):
        assert await close_bookings() == 1


async def test_only_carnet_flags(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house)
    with on(OVER):
        await refused(Forbidden, house.owner, FlagBooking(booking_id))
