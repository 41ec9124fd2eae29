"""Mark a no-show: nobody came, and the terms say whether the sessions are used or go back."""

from dataclasses import dataclass

from domain.bookings import ending, locking, rules
from domain.bookings.ending import BookingClosed
from domain.bookings.errors import BookingNotStarted
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act


@dataclass(frozen=True, slots=True)
class MarkNoShow:
    """Nobody came to the visit."""

    booking_id: str
    reason: str = ""


@act
async def mark_no_show(work: Work, command: MarkNoShow) -> BookingClosed:
    """Use or return what the booking holds, as its terms say for no-shows, as of its start.

    Refuses before the visit has started, and a booking that has ended.
    """
    booked = await locking.found(work, command.booking_id)
    checks = Checks()
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    opened = await locking.opened(work, booked)
    if work.now < opened.booked.starts_at:
        raise BookingNotStarted(booked.id, opened.booked.starts_at)
    chosen = rules.missed(opened.cancellation, booked.sessions)
    return await ending.end(work, opened, chosen, opened.booked.starts_at, reason)
