"""Attach: forms, contracts and notes that are kept elsewhere and belong to a visit."""

from dataclasses import dataclass, replace

from domain.bookings import locking, writing_store
from domain.bookings.booked import Attachment
from domain.bookings.checking import MOST_ATTACHMENTS, attachments_of
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class AttachToBooking:
    """What is added to the attachments that the booking has."""

    booking_id: str
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class AttachedToBooking:
    """All the attachments the booking has now."""

    booking_id: str
    attachments: tuple[Attachment, ...]


@act
async def attach_to_booking(work: Work, command: AttachToBooking) -> AttachedToBooking:
    """Add references to a booking, also to one that has ended; the same one twice is there once."""
    booked = await locking.found(work, command.booking_id)
    checks = Checks()
    checks.that(bool(command.attachments), "Name at least one attachment.", "attachments")
    new = attachments_of(checks, command.attachments)
    checks.passed()
    locked = await locking.locked(work, booked)
    together = tuple(dict.fromkeys((*locked.attachments, *new)))
    checks.that(len(together) <= MOST_ATTACHMENTS, f"A booking has at most {MOST_ATTACHMENTS}.", "attachments")
    checks.passed()
    outcome = AttachedToBooking(booked.id, together)
    await record(work, Recorded(outcome, branch_id=booked.branch_id, customer_id=booked.customer_id))
    changed = replace(locked, attachments=together)
    await writing_store.change([changed])
    await writing_store.note_changes([(work.operation_id, changed, "ATTACHED", "")])
    return outcome
