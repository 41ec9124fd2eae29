"""The mutation cancelBooking."""

from typing import Annotated

import strawberry

from domain.bookings.cancel_booking import CancelBooking
from schema.acts import carry_out, describe, idempotency_key
from schema.bookings import refusals as booking
from schema.bookings.outcomes import BookingClosing, closing
from schema.context import Info
from schema.packages import refusals
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which visit the customer calls off.")
class CancelBookingInput:
    """The input of cancelBooking."""

    booking_id: strawberry.ID = strawberry.field(description="The booking.")
    idempotency_key: str = idempotency_key()
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The visit was called off.")
class CancelBookingPayload(BookingClosing):
    """The outcome of cancelBooking."""


CancelBookingResult = Annotated[
    CancelBookingPayload
    | InvalidInput
    | NotFound
    | booking.BookingStarted
    | booking.BookingEnded
    | refusals.PackagePending
    | refusals.PackageClosed
    | refusals.PackageFrozen
    | refusals.PackageDisputed
    | booking.ServiceNotOffered,
    strawberry.union("CancelBookingResult", description="The visit called off, or why not."),
]


async def resolve(info: Info, input: CancelBookingInput) -> CancelBookingResult:
    """Build the command and carry it out."""
    done = await carry_out(info, CancelBooking(input.booking_id, input.reason), input.idempotency_key)
    return CancelBookingPayload(**closing(done))


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "cancel_booking",
        "Calls off a visit that has not started, in the customer's name: as long as the terms let it be free, its "
        "sessions go back; later the terms say whether they are used or go back. The clock of the branch decides. What "
        "the terms have used is used also where the package may only be used as far as it is paid.",
    ),
)
