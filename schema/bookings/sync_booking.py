"""The mutation syncBooking."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.bookings.rules import State
from domain.bookings.sync_booking import Effect, SyncBooking
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.bookings import refusals as booking
from schema.bookings.inputs import AttachmentInput, ExternalRefInput, attachments_meant
from schema.bookings.outcomes import OfBooking
from schema.context import Info
from schema.customers.refusals import CustomerMerged
from schema.packages import refusals
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="A booking in full, as it stood in the outside scheduler at an instant.")
class SyncBookingInput:
    """The input of syncBooking."""

    external_ref: ExternalRefInput = strawberry.field(description="What the scheduler calls it.")
    told_at: datetime = strawberry.field(
        description="As of when; what is older than what was said last is passed over."
    )
    state: State = strawberry.field(
        description="How it stands. A cancellation is CANCELLED; whether it is late the terms decide."
    )
    service_id: strawberry.ID = strawberry.field(description="The service.")
    branch_id: strawberry.ID = strawberry.field(description="The branch.")
    customer_id: strawberry.ID = strawberry.field(description="Who comes.")
    starts_at: datetime = strawberry.field(description="When the visit starts.")
    idempotency_key: str = idempotency_key()
    minutes: int | None = strawberry.field(default=None, description="How long; as before, or as the service lasts.")
    sessions: int = strawberry.field(default=1, description="How many persons come; only of a booking that is new.")
    practitioner_id: strawberry.ID | None = strawberry.field(default=None, description="Who is to perform it.")
    package_id: strawberry.ID | None = strawberry.field(
        default=None, description="The package to use; only of a booking that is new."
    )
    attachments: list[AttachmentInput] = strawberry.field(
        default_factory=list, description="Forms, contracts and notes; only of a booking that is new."
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The booking is as the scheduler says, or as somebody said later.")
class SyncBookingPayload(OfBooking):
    """The outcome of syncBooking."""

    state: State = strawberry.field(description="How it stands here after it.")
    effects: list[Effect] = strawberry.field(description="What was done, in its order.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


SyncBookingResult = Annotated[
    SyncBookingPayload
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
    | refusals.NotPaidFor
    | refusals.WrongBranch
    | refusals.BranchClosed
    | refusals.WrongService
    | refusals.WrongPractitioner
    | refusals.PersonMayNotUse
    | refusals.ShareLimitReached
    | refusals.BadVisitTime
    | booking.BookingInPast
    | booking.BookingOverlaps
    | booking.ServiceNotOffered
    | booking.ExternalRefTaken
    | booking.BookingNotStarted
    | booking.BookingEnded,
    strawberry.union("SyncBookingResult", description="What came of it, or why nothing did."),
]


async def resolve(info: Info, input: SyncBookingInput) -> SyncBookingResult:
    """Build the command and carry it out."""
    command = SyncBooking(
        external=input.external_ref.meant(),
        told_at=input.told_at,
        state=input.state,
        service_id=input.service_id,
        branch_id=input.branch_id,
        customer_id=input.customer_id,
        starts_at=input.starts_at,
        minutes=input.minutes,
        sessions=input.sessions,
        practitioner_id=input.practitioner_id,
        package_id=input.package_id,
        attachments=attachments_meant(input.attachments),
        reason=input.reason,
    )
    done = await carry_out(info, command, input.idempotency_key)
    return SyncBookingPayload(
        booking_id=done.outcome.booking_id,
        state=State(done.outcome.state),
        effects=list(done.outcome.effects),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "sync_booking",
        "Takes over what an outside scheduler says of a booking, which it may say again and out of order: it is "
        "booked, moved and ended by the rules that hold everywhere. A cancellation that comes before its booking is "
        "kept, so that the booking holds nothing when it comes. Its moves are taken as told, without the limits on how "
        "often and how late a visit may be moved; the start that was told last decides whether a cancellation is late.",
    ),
)
