"""The mutation attachToBooking."""

from typing import Annotated

import strawberry

from domain.bookings.attach_to_booking import AttachToBooking
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.bookings.inputs import AttachmentInput, attachments_meant
from schema.bookings.outcomes import OfBooking
from schema.bookings.types import Attachment, attachments_of
from schema.context import Info
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="What to add to the attachments of a booking.")
class AttachToBookingInput:
    """The input of attachToBooking."""

    booking_id: strawberry.ID = strawberry.field(description="The booking, which may have ended.")
    attachments: list[AttachmentInput] = strawberry.field(description="What is added, at least one.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="It was attached.")
class AttachToBookingPayload(OfBooking):
    """The outcome of attachToBooking."""

    attachments: list[Attachment] = strawberry.field(description="All that was attached to it by then.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


AttachToBookingResult = Annotated[
    AttachToBookingPayload | InvalidInput | NotFound,
    strawberry.union("AttachToBookingResult", description="What is attached, or why not."),
]


async def resolve(info: Info, input: AttachToBookingInput) -> AttachToBookingResult:
    """Build the command and carry it out."""
    command = AttachToBooking(input.booking_id, attachments_meant(input.attachments))
    done = await carry_out(info, command, input.idempotency_key)
    return AttachToBookingPayload(
        booking_id=done.outcome.booking_id,
        attachments=attachments_of(done.outcome.attachments),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "attach_to_booking",
        "Adds references to forms, contracts and notes; the same one twice is there once.",
    ),
)
