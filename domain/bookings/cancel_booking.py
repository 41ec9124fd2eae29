"""Cancel: the customer will not come; early the sessions go back, late the terms decide."""

from dataclasses import dataclass

from domain.bookings import ending, locking, rules
from domain.bookings.ending import BookingClosed
from domain.bookings.errors import BookingStarted
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """The customer calls the visit off."""

    booking_id: str
    reason: str = ""


@act
async def cancel_booking(work: Work, command: CancelBooking) -> BookingClosed:
    """Return what the booking holds, or use it when it is too late for the terms, by the clock of the branch.

    Refuses once the visit has started, and a booking that has ended.
    """
    booked = await locking.found(work, command.booking_id)
    checks = Checks()
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    opened = await locking.opened(work, booked)
    if work.now >= opened.booked.starts_at:
        raise BookingStarted(booked.id, opened.booked.starts_at)
    chosen = rules.cancelled(
        opened.cancellation, opened.booked.starts_at, opened.booked.time_zone, work.now, booked.sessions
    )
    return await ending.end(work, opened, chosen, work.now, reason)
