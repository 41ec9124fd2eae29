"""The mutation completeBooking."""

from typing import Annotated

import strawberry

from domain.bookings.complete_booking import CompleteBooking
from schema.acts import carry_out, describe, idempotency_key
from schema.bookings import refusals as booking
from schema.bookings.outcomes import BookingClosing, closing
from schema.context import Info
from schema.packages import refusals
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which visit took place.")
class CompleteBookingInput:
    """The input of completeBooking."""

    booking_id: strawberry.ID = strawberry.field(description="The booking.")
    idempotency_key: str = idempotency_key()
    attended: int | None = strawberry.field(
        default=None, description="How many of the persons came, at least one; all of them unless given."
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The visit took place.")
class CompleteBookingPayload(BookingClosing):
    """The outcome of completeBooking."""


CompleteBookingResult = Annotated[
    CompleteBookingPayload
    | InvalidInput
    | NotFound
    | booking.BookingNotStarted
    | booking.BookingEnded
    | refusals.PackagePending
    | refusals.PackageClosed
    | refusals.PackageFrozen
    | refusals.PackageDisputed
    | refusals.NotPaidFor
    | booking.ServiceNotOffered,
    strawberry.union("CompleteBookingResult", description="The visit completed, or why not."),
]


async def resolve(info: Info, input: CompleteBookingInput) -> CompleteBookingResult:
    """Build the command and carry it out."""
    done = await carry_out(info, CompleteBooking(input.booking_id, input.attended, input.reason), input.idempotency_key)
    return CompleteBookingPayload(**closing(done))


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "complete_booking",
        "Uses the sessions held for a visit, as of its start, and recognises their value as revenue of the branch "
        "where it was. Those of persons who stayed away follow the terms for no-shows; sessions that no package had "
        "are charged to the customer's account. From the day of the visit on.",
    ),
)
