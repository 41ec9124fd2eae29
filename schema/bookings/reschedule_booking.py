"""The mutation rescheduleBooking."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.bookings.reschedule_booking import RescheduleBooking
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.bookings import refusals as booking
from schema.bookings.inputs import VisitStart
from schema.bookings.outcomes import WHY, LotHeld, MaybeOfPackage, OfBooking, lots_held
from schema.context import Info
from schema.customers.refusals import CustomerMerged
from schema.packages import refusals
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="When the visit is to be instead; where, with whom and how long, as before unless given.")
class RescheduleBookingInput:
    """The input of rescheduleBooking."""

    booking_id: strawberry.ID = strawberry.field(description="The booking.")
    start: VisitStart = strawberry.field(description="When it is to start.")
    idempotency_key: str = idempotency_key()
    branch_id: strawberry.ID | None = strawberry.field(default=None, description="The branch, if another.")
    practitioner_id: strawberry.ID | None = strawberry.field(default=None, description="The practitioner, if another.")
    minutes: int | None = strawberry.field(default=None, description="How long, if longer or shorter.")
    reason: str = strawberry.field(default="", description="Why, for the audit log.")


@strawberry.type(description="The visit was moved, and its sessions are held for the new time.")
class RescheduleBookingPayload(OfBooking, MaybeOfPackage):
    """The outcome of rescheduleBooking."""

    starts_at: datetime = strawberry.field(description="When it starts now.")
    ends_at: datetime = strawberry.field(description="When it ends now.")
    held: list[LotHeld] = strawberry.field(description="Where its sessions are held now.")
    reschedules: int = strawberry.field(description="How often it has been moved.")
    remaining: int = strawberry.field(description="Sessions of the package that were usable after it.")
    why: str = strawberry.field(description=WHY)
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


RescheduleBookingResult = Annotated[
    RescheduleBookingPayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | refusals.NotEnoughSessions
    | refusals.PackageExpired
    | refusals.GraceForBookedOnly
    | refusals.PackagePending
    | refusals.PackageClosed
    | refusals.PackageFrozen
    | refusals.PackageDisputed
    | refusals.WrongBranch
    | refusals.BranchClosed
    | refusals.WrongService
    | refusals.WrongPractitioner
    | booking.BookingInPast
    | booking.NoSuchLocalTime
    | booking.BookingOverlaps
    | booking.ServiceNotOffered
    | booking.BookingStarted
    | booking.BookingEnded
    | booking.NoReschedulesLeft
    | booking.TooLateToReschedule,
    strawberry.union("RescheduleBookingResult", description="The visit moved, or why not."),
]


async def resolve(info: Info, input: RescheduleBookingInput) -> RescheduleBookingResult:
    """Build the command and carry it out."""
    command = RescheduleBooking(
        booking_id=input.booking_id,
        start=input.start.meant(),
        branch_id=input.branch_id,
        practitioner_id=input.practitioner_id,
        minutes=input.minutes,
        reason=input.reason,
    )
    done = await carry_out(info, command, input.idempotency_key)
    moved = done.outcome
    return RescheduleBookingPayload(
        booking_id=moved.booking_id,
        held_on=moved.package_id,
        starts_at=moved.starts_at,
        ends_at=moved.ends_at,
        held=lots_held(moved.held),
        reschedules=moved.reschedules,
        remaining=moved.remaining,
        why=moved.why,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "reschedule_booking",
        "Moves a visit that has not started, as often as the terms allow. Its sessions stay held on their lots where "
        "these can be used at the new start, and else move to lots that can. Where a late cancellation costs the "
        "session it can be moved as long as cancelling is free; later a manager may. To where and when it is anyway "
        "counts as no move.",
    ),
)
