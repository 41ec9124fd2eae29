"""Flag: a visit whose end has passed is still open, and a person has to say what became of it."""

from dataclasses import dataclass, replace

from domain.bookings import locking, writing_store
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class FlagBooking:
    """The booking was left open; why it could not be completed, where that was tried."""

    booking_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookingFlagged:
    """Whether it was flagged now; not when it was before, or has ended meanwhile."""

    booking_id: str
    flagged: bool


@act
async def flag_booking(work: Work, command: FlagBooking) -> BookingFlagged:
    """Mark a booking that its end has passed and nobody has closed; nothing of it is used or returned."""
    booked = await locking.found(work, command.booking_id)
    locked = await locking.locked(work, booked)
    due = locked.ended_at is None and locked.flagged_at is None and locked.ends_at <= work.now
    outcome = BookingFlagged(booked.id, due)
    recorded = Recorded(
        outcome, branch_id=booked.branch_id, customer_id=booked.customer_id, reason=command.reason[:500]
    )
    await record(work, recorded)
    if due:
        flagged = replace(locked, flagged_at=work.now)
        await writing_store.change([flagged])
        await writing_store.note_changes([(work.operation_id, flagged, "FLAGGED", command.reason[:500])])
    return outcome
