"""Schedulers: what they say of a booking, told in full, becomes `sync_booking` under the name of their hook."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from domain.bookings.booked import Attachment, ExternalRef
from domain.bookings.checking import EARLIEST_YEAR
from domain.bookings.rules import AttachmentKind, State
from domain.bookings.sync_booking import BookingSynced, SyncBooking
from domain.bookings.told import MOST_AHEAD
from domain.inbox.rules import Early
from domain.inbox.verification import verified
from domain.kernel.access import Scope
from domain.kernel.errors import FieldProblem, InvalidInput

STATES = {
    "booking.created": State.CONFIRMED,
    "booking.changed": State.CONFIRMED,
    "booking.cancelled": State.CANCELLED,
    "booking.completed": State.COMPLETED,
    "booking.no_show": State.NO_SHOW,
}
"""How the booking stands by each event; all others mean nothing here."""


_Number = Annotated[int, Field(gt=-(2**31), lt=2**31)]
"""What can be written down at all; which of them make sense the act knows."""


class By(StrEnum):
    """Who called it off."""

    CUSTOMER = "CUSTOMER"
    BUSINESS = "BUSINESS"


class _Told(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class _Type(_Told):
    type: str


class _Attached(_Told):
    kind: AttachmentKind
    title: str
    reference: str = ""


class _Booking(_Told):
    reference: str
    service_id: str
    branch_id: str
    customer_id: str
    starts_at: AwareDatetime
    minutes: _Number | None = None
    sessions: _Number = 1
    practitioner_id: str | None = None
    package_id: str | None = None
    attachments: tuple[_Attached, ...] = ()
    cancelled_by: By = By.CUSTOMER
    reason: str = ""


class _Event(_Type):
    timestamp: AwareDatetime
    data: _Booking


class Scheduler:
    """What the interface of providers asks for."""

    scopes = frozenset({Scope.BOOK})
    heals = frozenset(
        """NOT_FOUND BOOKING_OVERLAPS BOOKING_NOT_STARTED NOT_ENOUGH_SESSIONS NOT_PAID_FOR PACKAGE_PENDING
        PACKAGE_FROZEN PACKAGE_DISPUTED SERVICE_NOT_OFFERED SHARE_LIMIT_REACHED""".split()
    )

    def verified(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """By Standard Webhooks."""
        return verified(secrets, headers, body, now)

    def meant(self, source: str, body: bytes, now: datetime) -> SyncBooking | None:
        """The booking as it is told; None for events of other types. Refuses InvalidInput; raises Early."""
        if b"\\u0000" in body:
            raise InvalidInput(FieldProblem((), "The event holds the NUL character. Send text without it."))
        try:
            if _Type.model_validate_json(body, strict=True).type not in STATES:
                return None
            event = _Event.model_validate_json(body, strict=True)
            _check_timestamp(event.timestamp, now)
            return _command(source, event)
        except ValidationError as error:
            raise InvalidInput(*map(_problem, error.errors(include_url=False, include_input=False))) from error
        except OverflowError as error:
            raise InvalidInput(FieldProblem((), "A time of the event lies beyond all years.")) from error

    def person(self, command: SyncBooking) -> str:
        """Who comes."""
        return command.customer_id

    def done(self, outcome: BookingSynced) -> str:
        """What was done, in its order."""
        return ", ".join(outcome.effects)


def _check_timestamp(timestamp: datetime, now: datetime) -> None:
    """Refuses what no clock can mean; one that may be signed already and is not to be taken yet is Early."""
    if timestamp.year < EARLIEST_YEAR:
        raise InvalidInput(FieldProblem(("timestamp",), f"timestamp lies before {EARLIEST_YEAR}."))
    if timestamp > now + 2 * MOST_AHEAD:
        raise InvalidInput(FieldProblem(("timestamp",), "timestamp lies in the future."))
    if timestamp > now + MOST_AHEAD:
        raise Early(
            "timestamp is more than five minutes ahead. It is tried again by then; set the clock of the sender."
        )


def _command(source: str, event: _Event) -> SyncBooking:
    booking = event.data
    by_business = event.type == "booking.cancelled" and booking.cancelled_by is By.BUSINESS
    return SyncBooking(
        external=ExternalRef(source, booking.reference),
        told_at=event.timestamp.astimezone(UTC),
        state=State.CANCELLED_BY_BUSINESS if by_business else STATES[event.type],
        service_id=booking.service_id,
        branch_id=booking.branch_id,
        customer_id=booking.customer_id,
        starts_at=booking.starts_at.astimezone(UTC),
        minutes=booking.minutes,
        sessions=booking.sessions,
        practitioner_id=booking.practitioner_id,
        package_id=booking.package_id,
        attachments=tuple(Attachment(each.kind, each.title, each.reference) for each in booking.attachments),
        reason=booking.reason,
    )


def _problem(error: Any) -> FieldProblem:
    path = tuple(map(str, error["loc"]))
    where = f"{'.'.join(path)}: " if path else ""
    return FieldProblem(path, f"{where}{error['msg']}.")
