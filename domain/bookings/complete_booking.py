"""Complete: the visit took place, and the sessions held for it are used."""

from dataclasses import dataclass

from domain.bookings import ending, locking, rules
from domain.bookings.ending import BookingClosed
from domain.bookings.errors import BookingNotStarted
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act


@dataclass(frozen=True, slots=True)
class CompleteBooking:
    """The visit took place; all persons came, unless the number of those who did is given."""

    booking_id: str
    attended: int | None = None
    reason: str = ""


@act
async def complete_booking(work: Work, command: CompleteBooking) -> BookingClosed:
    """Use what the booking holds, as of its start, and recognise the value where the visit was.

    Of a group the sessions of those who stayed away follow the terms for no-shows; what no package had is charged.
    From the day of the visit on, however late; refuses a day before it, and a booking that has ended.
    """
    booked = await locking.found(work, command.booking_id)
    checks = Checks()
    attended = booked.sessions if command.attended is None else command.attended
    checks.between(attended, 1, booked.sessions, "attended")
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    opened = await locking.opened(work, booked)
    zone, starts_at = opened.booked.time_zone, opened.booked.starts_at
    if local_date(work.now, zone) < local_date(starts_at, zone):
        raise BookingNotStarted(booked.id, starts_at)
    chosen = rules.completed(opened.cancellation, booked.sessions, attended)
    return await ending.end(work, opened, chosen, min(starts_at, work.now), reason)
