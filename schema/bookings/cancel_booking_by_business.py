"""The mutation cancelBookingByBusiness."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from domain.bookings.cancel_booking_by_business import CancelBookingByBusiness
from domain.bookings.returning import BookingReturned
from domain.bookings.rules import Cause
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.bookings import refusals as booking
from schema.bookings.outcomes import OfBooking
from schema.context import Info
from schema.refusals import InvalidInput, NotFound


@strawberry.input(
    description="One booking by its id; or all that are still to come and match a branch, a practitioner and days."
)
class CancelBookingByBusinessInput:
    """The input of cancelBookingByBusiness."""

    cause: Cause = strawberry.field(description="Why.")
    idempotency_key: str = idempotency_key()
    booking_id: strawberry.ID | None = strawberry.field(default=None, description="The one booking.")
    branch_id: strawberry.ID | None = strawberry.field(default=None, description="All at this branch.")
    practitioner_id: strawberry.ID | None = strawberry.field(default=None, description="All with this practitioner.")
    first_day: date | None = strawberry.field(
        default=None, description="From this day on, each by the clock of its own branch."
    )
    last_day: date | None = strawberry.field(default=None, description="Up to this day.")
    reason: str = strawberry.field(default="", description="What to add to the cause, for the audit log.")


@strawberry.type(description="A visit that the business called off.")
class ReturnedVisit(OfBooking):
    """A booking with what went back."""

    customer_id: strawberry.ID = strawberry.field(description="Whose it was, and who should be told.")
    starts_at: datetime = strawberry.field(description="When it would have started.")
    returned: int = strawberry.field(description="Sessions that went back.")
    replacement_lot_ids: list[strawberry.ID] = strawberry.field(
        description="The goodwill lots that stand in for lots that had lapsed."
    )


@strawberry.type(description="The visits were called off.")
class CancelBookingByBusinessPayload:
    """The outcome of cancelBookingByBusiness."""

    bookings: list[ReturnedVisit] = strawberry.field(description="Every visit, by start.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


CancelBookingByBusinessResult = Annotated[
    CancelBookingByBusinessPayload
    | InvalidInput
    | NotFound
    | booking.BookingEnded
    | booking.NothingToCancel
    | booking.TooManyBookings,
    strawberry.union("CancelBookingByBusinessResult", description="The visits called off, or why not."),
]


async def resolve(info: Info, input: CancelBookingByBusinessInput) -> CancelBookingByBusinessResult:
    """Build the command and carry it out."""
    command = CancelBookingByBusiness(
        cause=input.cause,
        booking_id=input.booking_id,
        branch_id=input.branch_id,
        practitioner_id=input.practitioner_id,
        first_day=input.first_day,
        last_day=input.last_day,
        reason=input.reason,
    )
    done = await carry_out(info, command, input.idempotency_key)
    return CancelBookingByBusinessPayload(
        bookings=[_visit(each) for each in done.outcome.bookings],
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


def _visit(returned: BookingReturned) -> ReturnedVisit:
    return ReturnedVisit(
        booking_id=strawberry.ID(returned.booking_id),
        customer_id=strawberry.ID(returned.customer_id),
        starts_at=returned.starts_at,
        returned=returned.returned,
        replacement_lot_ids=[strawberry.ID(lot_id) for lot_id in returned.replacement_lot_ids],
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "cancel_booking_by_business",
        "Calls off a visit, or up to 2,000 that are still to come, through the business's fault: every session goes "
        "back, and where its lot has lapsed a goodwill lot of 30 days with its value stands in for it.",
    ),
)
