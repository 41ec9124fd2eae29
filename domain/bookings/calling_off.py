"""What the business calls off: one visit, or all that are to come and match by the clock of the branch of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.bookings import locking, store
from domain.bookings.booked import Booked
from domain.bookings.errors import BookingEnded, NothingToCancel, TooManyBookings
from domain.bookings.locking import Open
from domain.bookings.rules import Cause, State
from domain.kernel.calendar import end_of_day, local_date, start_of_day
from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.packages import store as packages

MOST_BOOKINGS = 2_000


@dataclass(frozen=True, slots=True)
class CancelBookingByBusiness:
    """One booking by its id, or all that are still to come and match: branch, practitioner, local days from and to."""

    cause: Cause
    booking_id: str | None = None
    branch_id: str | None = None
    practitioner_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    reason: str = ""


def checked(command: CancelBookingByBusiness) -> CancelBookingByBusiness:
    """The command without blanks around its reason; refuses one that leaves open which visits are meant."""
    checks = Checks()
    many = (command.branch_id, command.practitioner_id, command.first_day, command.last_day)
    one = command.booking_id is not None
    checks.that(
        one != any(each is not None for each in many), "Name a booking, or a branch, practitioner or days.", "bookingId"
    )
    first, last = command.first_day, command.last_day
    checks.that(first is None or last is None or first <= last, "The last day is before the first.", "lastDay")
    for day, name in ((first, "firstDay"), (last, "lastDay")):
        checks.that(day is None or 1970 <= day.year <= 2200, f"{name} is no day of business.", name)
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


async def chosen(work: Work, command: CancelBookingByBusiness) -> list[Booked]:
    """The bookings that are meant, not locked; refuses none, and too many."""
    if command.booking_id is not None:
        return [await locking.found(work, command.booking_id)]
    if command.branch_id is not None:
        work.authorise(command.branch_id)
    found: list[Booked] = []
    for time_zone in await store.time_zones(work.chain_id, command.branch_id):
        found += await _expected(work, command, time_zone, MOST_BOOKINGS + 1 - len(found))
    found = _matching(work, found, command)
    if not found:
        raise NothingToCancel
    if len(found) > MOST_BOOKINGS:
        raise TooManyBookings(MOST_BOOKINGS)
    return found


async def _expected(work: Work, command: CancelBookingByBusiness, time_zone: str, limit: int) -> list[Booked]:
    """Those that match where this clock goes: exactly these, so that none is lost behind the limit."""
    first = start_of_day(command.first_day, time_zone) if command.first_day else work.now
    return await store.expected(
        work.chain_id,
        time_zone,
        max(work.now, first),
        end_of_day(command.last_day, time_zone) if command.last_day else None,
        limit,
        command.branch_id,
        command.practitioner_id,
    )


def _matching(work: Work, bookings: Sequence[Booked], command: CancelBookingByBusiness) -> list[Booked]:
    """Those that are confirmed, still to come and match; by the clock of the branch of each."""
    matching = [booked for booked in bookings if booked.starts_at >= work.now and _matches(booked, command)]
    for branch_id in sorted({booked.branch_id for booked in matching}):
        work.authorise(branch_id)
    return matching


def _matches(booked: Booked, command: CancelBookingByBusiness) -> bool:
    day = local_date(booked.starts_at, booked.time_zone)
    return (
        booked.state is State.CONFIRMED
        and command.branch_id in (None, booked.branch_id)
        and command.practitioner_id in (None, booked.practitioner_id)
        and (command.first_day is None or command.first_day <= day)
        and (command.last_day is None or day <= command.last_day)
    )


async def opened(work: Work, bookings: Sequence[Booked], command: CancelBookingByBusiness) -> list[Open]:
    """The bookings that are still to be cancelled now that they are locked, after their packages; by start."""
    await store.lock_packages(_packages_of(bookings))
    if command.booking_id is not None:
        still = [await _single(work, bookings[0])]
    else:
        still = _matching(work, await store.lock(work.chain_id, [booked.id for booked in bookings]), command)
    if not still:
        raise NothingToCancel
    sold = {each.id: each for each in await packages.lock_together(work, _packages_of(still))}
    still = sorted(still, key=lambda booked: (booked.starts_at, booked.id))
    return [Open(booked, sold[booked.package_id] if booked.package_id else None) for booked in still]


async def _single(work: Work, booked: Booked) -> Booked:
    locked = await locking.locked(work, booked)
    if locked.state is not State.CONFIRMED:
        raise BookingEnded(locked.id, locked.state.value, locked.ended_at or work.now)
    return locked


def _packages_of(bookings: Sequence[Booked]) -> list[str]:
    return sorted({booked.package_id for booked in bookings if booked.package_id})
