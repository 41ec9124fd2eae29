"""Refusals about bookings as the graph shows them."""

from datetime import datetime

import strawberry

from domain.bookings import errors
from domain.bookings.rules import State
from schema.refusals import ErrorCode, UserError, refusal

ID = strawberry.ID


@refusal(errors.BookingInPast)
class BookingInPast(UserError):
    """Over."""

    starts_at: datetime = strawberry.field(description="When the visit would start.")
    earliest: datetime = strawberry.field(description="The earliest start that could be booked.")


@refusal(errors.NoSuchLocalTime)
class NoSuchLocalTime(UserError):
    """Skipped by the clocks."""

    local: str = strawberry.field(description="The time that was asked for, by the branch's clock.")
    time_zone: str = strawberry.field(description="The clock of the branch.")
    next_instant: datetime = strawberry.field(description="The first instant after the clocks are put forward.")


@refusal(errors.BookingOverlaps)
class BookingOverlaps(UserError):
    """Expected elsewhere."""

    customer_id: ID = strawberry.field(description="Who has another booking then.")
    starts_at: datetime = strawberry.field(description="When that one starts.")
    ends_at: datetime = strawberry.field(description="When that one ends.")
    booking_id: ID | None = strawberry.field(
        name="otherBookingId",  # a nullable bookingId could not be asked for along with that of other refusals
        description="The other booking; null when it is another date of the same series.",
    )


@refusal(errors.ServiceNotOffered)
class ServiceNotOffered(UserError):
    """No price there."""

    service_id: ID = strawberry.field(description="The service.")
    branch_id: ID = strawberry.field(description="The branch.")


@strawberry.type(description="A date of a series that does not fit.")
class DateProblem:
    """A date and what keeps it from being booked."""

    starts_at: datetime = strawberry.field(description="When the visit would start.")
    code: str = strawberry.field(graphql_type=ErrorCode, description="The refusal it would be alone.")
    message: str = strawberry.field(description="What is so and what to do, in one sentence.")


@refusal(errors.DatesDoNotFit)
class DatesDoNotFit(UserError):
    """Not all of a series."""

    dates: list[DateProblem] = strawberry.field(description="Every date that does not fit, by start.")


@refusal(errors.ExternalRefTaken)
class ExternalRefTaken(UserError):
    """Known already."""

    source: str = strawberry.field(description="The other system.")
    reference: str = strawberry.field(description="Its id of the booking.")
    booking_id: ID = strawberry.field(description="The booking that has it.")


@refusal(errors.BookingEnded)
class BookingEnded(UserError):
    """Ended before."""

    booking_id: ID = strawberry.field(description="The booking.")
    state: State = strawberry.field(description="How it ended.")
    ended_at: datetime = strawberry.field(description="When that was written.")


@refusal(errors.BookingNotStarted)
class BookingNotStarted(UserError):
    """Too early."""

    booking_id: ID = strawberry.field(description="The booking.")
    starts_at: datetime = strawberry.field(description="When the visit starts.")


@refusal(errors.BookingStarted)
class BookingStarted(UserError):
    """Too late."""

    booking_id: ID = strawberry.field(description="The booking.")
    starts_at: datetime = strawberry.field(description="When the visit began.")


@refusal(errors.TooLateToReschedule)
class TooLateToReschedule(UserError):
    """A manager must do it."""

    booking_id: ID = strawberry.field(description="The booking.")
    until: datetime = strawberry.field(description="Until when it could have been moved.")


@refusal(errors.NoReschedulesLeft)
class NoReschedulesLeft(UserError):
    """Moved often enough."""

    booking_id: ID = strawberry.field(description="The booking.")
    allowed: int = strawberry.field(description="How often the terms let it be moved.")


@refusal(errors.NothingToCancel)
class NothingToCancel(UserError):
    """None matches."""


@refusal(errors.TooManyBookings)
class TooManyBookings(UserError):
    """More than one act can carry."""

    most: int = strawberry.field(description="How many can be cancelled at once.")
