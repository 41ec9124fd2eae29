"""Why a visit cannot be booked, moved or ended as asked; each refusal carries what the next screen needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.kernel.errors import Refusal


class BookingInPast(Refusal):
    """The visit would start before now."""

    code = "BOOKING_IN_PAST"

    def __init__(self, starts_at: datetime, earliest: datetime) -> None:
        self.starts_at, self.earliest = starts_at, earliest

    @property
    def message(self) -> str:
        return f"The visit would start on {self.starts_at:%Y-%m-%d %H:%M} UTC, which is over. Choose a later time."


class NoSuchLocalTime(Refusal):
    """The clocks of the branch are put forward over this time, so that it never comes."""

    code = "NO_SUCH_LOCAL_TIME"

    def __init__(self, local: str, time_zone: str, next_instant: datetime) -> None:
        self.local, self.time_zone, self.next_instant = local, time_zone, next_instant

    @property
    def message(self) -> str:
        there = self.next_instant.astimezone(ZoneInfo(self.time_zone))
        return (
            f"There is no {self.local} in {self.time_zone}: the clocks are put forward to {there:%H:%M}. "
            "Choose another time."
        )


class BookingOverlaps(Refusal):
    """Somebody who is to come has another booking at that time."""

    code = "BOOKING_OVERLAPS"

    def __init__(self, customer_id: str, starts_at: datetime, ends_at: datetime, booking_id: str | None) -> None:
        self.customer_id, self.starts_at, self.ends_at, self.booking_id = customer_id, starts_at, ends_at, booking_id

    @property
    def message(self) -> str:
        return f"There is another booking from {self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%H:%M} UTC. Move one."


class ServiceNotOffered(Refusal):
    """The branch does not offer the service: it has no price there."""

    code = "SERVICE_NOT_OFFERED"

    def __init__(self, service_id: str, branch_id: str) -> None:
        self.service_id, self.branch_id = service_id, branch_id

    @property
    def message(self) -> str:
        return "The branch does not offer this service. Choose another branch, or give the service a price there."


@dataclass(frozen=True, slots=True)
class DateProblem:
    """A date of a series that does not fit, and why."""

    starts_at: datetime
    code: str
    message: str


class DatesDoNotFit(Refusal):
    """Some dates of a series cannot be booked, so none of them is."""

    code = "DATES_DO_NOT_FIT"

    def __init__(self, dates: Sequence[DateProblem]) -> None:
        self.dates = tuple(dates)

    @property
    def message(self) -> str:
        if len(self.dates) == 1:
            return "1 date does not fit; none was booked. Leave it out or choose another."
        return f"{len(self.dates)} dates do not fit; none was booked. Leave them out or choose others."


class ExternalRefTaken(Refusal):
    """A booking with this reference of this source exists."""

    code = "EXTERNAL_REF_TAKEN"

    def __init__(self, source: str, reference: str, booking_id: str) -> None:
        self.source, self.reference, self.booking_id = source, reference, booking_id

    @property
    def message(self) -> str:
        return f"{self.source} has a booking {self.reference!r} already. Change that one, or send it by syncBooking."


class BookingEnded(Refusal):
    """The booking was completed, cancelled or missed before; that cannot happen twice, nor be undone by another."""

    code = "BOOKING_ENDED"

    def __init__(self, booking_id: str, state: str, ended_at: datetime) -> None:
        self.booking_id, self.state, self.ended_at = booking_id, state, ended_at

    @property
    def message(self) -> str:
        state = self.state.lower().replace("_", " ")
        return (
            f"The booking is {state} since {self.ended_at:%Y-%m-%d %H:%M} UTC. Book anew if the visit is to take place."
        )


class BookingNotStarted(Refusal):
    """The visit has not begun, so that nobody can have come or stayed away."""

    code = "BOOKING_NOT_STARTED"

    def __init__(self, booking_id: str, starts_at: datetime) -> None:
        self.booking_id, self.starts_at = booking_id, starts_at

    @property
    def message(self) -> str:
        return f"The visit starts on {self.starts_at:%Y-%m-%d %H:%M} UTC. Wait for it, or cancel or move the booking."


class BookingStarted(Refusal):
    """The visit has begun: it can be completed or marked missed, no longer cancelled or moved by the customer."""

    code = "BOOKING_STARTED"

    def __init__(self, booking_id: str, starts_at: datetime) -> None:
        self.booking_id, self.starts_at = booking_id, starts_at

    @property
    def message(self) -> str:
        return f"The visit began on {self.starts_at:%Y-%m-%d %H:%M} UTC. Complete the booking or mark it a no-show."


class TooLateToReschedule(Refusal):
    """The free time to cancel is over, and moving the booking would go round the terms; a manager may."""

    code = "TOO_LATE_TO_RESCHEDULE"

    def __init__(self, booking_id: str, until: datetime) -> None:
        self.booking_id, self.until = booking_id, until

    @property
    def message(self) -> str:
        return f"The booking could be moved until {self.until:%Y-%m-%d %H:%M} UTC. Ask a manager to do it."


class NoReschedulesLeft(Refusal):
    """The booking has been moved as often as the terms allow."""

    code = "NO_RESCHEDULES_LEFT"

    def __init__(self, booking_id: str, allowed: int) -> None:
        self.booking_id, self.allowed = booking_id, allowed

    @property
    def message(self) -> str:
        return f"A booking of this package can be moved {self.allowed} times, and this one has been. Cancel it instead."


class NothingToCancel(Refusal):
    """No confirmed booking that is still to come matches."""

    code = "NOTHING_TO_CANCEL"

    @property
    def message(self) -> str:
        return "No confirmed booking that is still to come matches. Check the branch, the practitioner and the days."


class TooManyBookings(Refusal):
    """More bookings match than one act can carry."""

    code = "TOO_MANY_BOOKINGS"

    def __init__(self, most: int) -> None:
        self.most = most

    @property
    def message(self) -> str:
        return f"More than {self.most} bookings match. Name fewer days, and do it in several steps."
