"""Visits across the changes of the clocks: everybody goes by the wall of the branch, and by whole days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.errors import BookingNotStarted, BookingOverlaps, DatesDoNotFit, NoSuchLocalTime
from domain.bookings.rules import Start, State
from domain.catalog.terms import Expiry, GraceAllows, Validity
from domain.kernel.calendar import local_date, start_of_day
from domain.kernel.commands import run_command
from domain.packages.errors import GraceForBookedOnly, PackageExpired
from tests.fixtures.desk import on, refused
from tests.fixtures.skies import booked, open_shop, shop

pytestmark = pytest.mark.anyio

TICK = timedelta(microseconds=1)
GAPS = [
    # A local time that never comes, and the instant at which the clocks are put forward over it.
    pytest.param("America/Santiago", "2026-09-06T00:30", "2026-09-06T04:00Z", id="Santiago"),
    pytest.param("Africa/Cairo", "2026-04-24T00:15", "2026-04-23T22:00Z", id="Cairo"),
    pytest.param("Asia/Beirut", "2026-03-29T00:00", "2026-03-28T22:00Z", id="Beirut"),
    pytest.param("Europe/Lisbon", "2026-03-29T01:59", "2026-03-29T01:00Z", id="Lisbon"),
]
TWICE = [
    pytest.param("America/Santiago", "2026-04-04T23:30", "2026-04-05T02:30Z", id="Santiago"),
    pytest.param("Africa/Cairo", "2026-10-29T23:15", "2026-10-29T20:15Z", id="Cairo"),
    pytest.param("Asia/Beirut", "2026-10-24T23:00", "2026-10-24T20:00Z", id="Beirut"),
    pytest.param("Europe/Lisbon", "2026-10-25T01:10", "2026-10-25T00:10Z", id="Lisbon"),
]
CUT_OFFS = [
    # Booked for this local time, free to cancel until 24 hours before by the wall, and how long that really is.
    pytest.param("Europe/Lisbon", "2026-03-29T10:00", "2026-03-28T10:00Z", 23, id="Lisbon, spring"),
    pytest.param("Europe/Lisbon", "2026-10-25T10:00", "2026-10-24T09:00Z", 25, id="Lisbon, autumn"),
    pytest.param("Africa/Cairo", "2026-04-24T18:00", "2026-04-23T16:00Z", 23, id="Cairo, spring"),
    pytest.param("Asia/Beirut", "2026-10-25T09:00", "2026-10-24T06:00Z", 25, id="Beirut, autumn"),
    # Where the time of the day before never came, or came twice, the customer has until the later instant.
    pytest.param("America/Santiago", "2026-09-07T00:30", "2026-09-06T04:30Z", 23, id="Santiago, no such cut-off"),
    pytest.param("America/Santiago", "2026-04-05T23:30", "2026-04-05T03:30Z", 24, id="Santiago, cut-off twice"),
]


@pytest.mark.parametrize(("zone", "local", "instant"), GAPS)
async def test_a_time_that_never_comes_cannot_be_booked(db: str, zone: str, local: str, instant: str) -> None:
    there, ten = await open_shop(zone, "2026-02-02T12:00Z", days=300)
    with on(datetime.fromisoformat("2026-02-03T12:00Z")):
        refusal = await refused(NoSuchLocalTime, there.root, there.book(ten, local))
        assert (refusal.local, refusal.time_zone) == (local, zone)
        assert refusal.next_instant == datetime.fromisoformat(instant)
        # The instant itself is a time like any other; a series that meets the gap is refused as a whole.
        assert list(await booked(there, there.book(ten, starts=(Start(at=refusal.next_instant),)))) == [
            refusal.next_instant
        ]
        week_before = (datetime.fromisoformat(local) - timedelta(days=7)).isoformat()
        series = there.book(ten, week_before, every_days=7, times=3)
        (gap,) = (await refused(DatesDoNotFit, there.root, series)).dates
        assert (gap.starts_at, gap.code) == (refusal.next_instant, "NO_SUCH_LOCAL_TIME")


@pytest.mark.parametrize(("zone", "local", "first"), TWICE)
async def test_a_time_that_comes_twice_means_the_first_and_the_second_is_another_visit(
    db: str, zone: str, local: str, first: str
) -> None:
    there, ten = await open_shop(zone, "2026-02-02T12:00Z", days=300)
    begins = datetime.fromisoformat(first)
    with on(begins - timedelta(days=3)):
        assert list(await booked(there, there.book(ten, local))) == [begins]
        # At the second time the wall shows the same again, and Ana has left by then.
        again = await booked(there, there.book(ten, starts=(Start(at=begins + timedelta(hours=1)),)))
        assert list(again) == [begins + timedelta(hours=1)]
        await refused(BookingOverlaps, there.root, there.book(ten, local))


@pytest.mark.parametrize(("zone", "local", "until", "hours"), CUT_OFFS)
async def test_cancelling_is_free_until_the_same_time_of_the_day_before(
    db: str, zone: str, local: str, until: str, hours: int
) -> None:
    there, ten = await open_shop(zone, "2026-02-02T12:00Z", days=300)
    last = datetime.fromisoformat(until)
    with on(last - timedelta(days=10)):
        ((starts_at, booking_id),) = (await booked(there, there.book(ten, local))).items()
    assert starts_at - last == timedelta(hours=hours)
    with on(last):
        closed = (await run_command(there.root, CancelBooking(booking_id))).outcome
        assert (closed.state, closed.used, closed.remaining) == (State.CANCELLED.value, 0, 10)
        ((_, booking_id),) = (await booked(there, there.book(ten, local))).items()
    with on(last + TICK):
        closed = (await run_command(there.root, CancelBooking(booking_id))).outcome
        assert (closed.state, closed.used, closed.remaining) == (State.LATE_CANCELLED.value, 1, 9)


@pytest.mark.parametrize(
    ("zone", "local", "starts"),
    [
        pytest.param("Europe/Lisbon", "2026-03-22T10:00", ("10:00", "09:00", "09:00"), id="Lisbon, spring"),
        pytest.param("Atlantic/Azores", "2026-10-18T10:00", ("10:00", "11:00", "11:00"), id="Azores, autumn"),
        pytest.param("Africa/Cairo", "2026-04-17T01:00", ("23:00", "22:00", "22:00"), id="Cairo, a night of the gap"),
        pytest.param("America/Santiago", "2026-03-28T23:00", ("02:00", "02:00", "03:00"), id="Santiago, both"),
    ],
)
async def test_a_series_keeps_the_time_on_the_wall(db: str, zone: str, local: str, starts: tuple[str, ...]) -> None:
    there, ten = await open_shop(zone, "2026-02-02T12:00Z", days=300)
    with on(datetime.fromisoformat("2026-02-03T12:00Z")):
        visits = await booked(there, there.book(ten, local, every_days=7, times=3))
    assert tuple(f"{start.astimezone(UTC):%H:%M}" for start in visits) == starts
    # A visit can be completed from the first instant of its day on, also where that day has no midnight.
    last, booking_id = list(visits.items())[-1]
    day_begins = start_of_day(local_date(last, zone), zone)
    with on(day_begins - TICK):
        await refused(BookingNotStarted, there.root, CompleteBooking(booking_id))
    with on(day_begins):
        done = (await run_command(there.root, CompleteBooking(booking_id))).outcome
        assert (done.used, done.remaining) == (1, 7)


@pytest.mark.parametrize(
    ("zone", "sold_at", "lapses_at"),
    [
        pytest.param("Europe/Lisbon", "2026-06-21T10:00Z", "2026-11-03T00:00Z", id="Lisbon, summer to winter"),
        pytest.param("Asia/Beirut", "2026-11-14T10:00Z", "2027-03-28T21:00Z", id="Beirut, the day of the gap"),
        pytest.param("America/Santiago", "2026-04-24T15:00Z", "2026-09-06T04:00Z", id="Santiago, up to the gap"),
    ],
)
async def test_grace_over_a_change_of_the_clocks_is_whole_days_too(
    db: str, zone: str, sold_at: str, lapses_at: str
) -> None:
    there, ten = await open_shop(zone, sold_at)
    lapse = datetime.fromisoformat(lapses_at)
    with on(lapse - TICK):
        assert (await run_command(there.root, there.use(ten))).outcome.remaining == 9
    with on(lapse):
        assert (await refused(PackageExpired, there.root, there.use(ten))).lapsed_at == lapse


@pytest.mark.parametrize(
    ("zone", "last", "ends_at", "lapses_at"),
    [
        pytest.param("America/Santiago", "2026-09-05", "2026-09-06T04:00Z", "2026-09-13T03:00Z", id="Santiago"),
        pytest.param("Africa/Cairo", "2026-04-23", "2026-04-23T22:00Z", "2026-04-30T21:00Z", id="Cairo"),
        pytest.param("Asia/Beirut", "2026-10-24", "2026-10-24T22:00Z", "2026-10-31T22:00Z", id="Beirut"),
    ],
)
async def test_grace_for_what_was_booked_is_open_to_whoever_booked_by_the_last_microsecond(
    db: str, zone: str, last: str, ends_at: str, lapses_at: str
) -> None:
    ends, lapse = datetime.fromisoformat(ends_at), datetime.fromisoformat(lapses_at)
    with on(ends - timedelta(days=30)):
        there = await shop(zone)
        grace = Validity(
            until=date.fromisoformat(last),
            expiry=Expiry.SOFT,
            grace_days=7,
            grace_allows=GraceAllows.BOOKED_ONLY,
        )
        ten = await there.sold(grace)
    visit = lapse - timedelta(hours=1)
    with on(ends - TICK):
        ((_, booking_id),) = (await booked(there, there.book(ten, starts=(Start(at=visit),)))).items()
        await refused(PackageExpired, there.root, there.book(ten, starts=(Start(at=lapse),)))
    with on(ends):
        too_late = there.book(ten, starts=(Start(at=visit - timedelta(days=1)),))
        for asked in (too_late, there.use(ten)):
            refusal = await refused(GraceForBookedOnly, there.root, asked)
            assert (refusal.expired_on.isoformat(), refusal.lapses_at) == (last, lapse)
    with on(lapse - TICK):
        assert (await run_command(there.root, CompleteBooking(booking_id))).outcome.used == 1
