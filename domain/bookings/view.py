"""Bookings as they are read: as they stand at an instant, and their story."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.bookings.booked import Booked, ExternalRef
from domain.bookings.rules import Cause, State
from domain.ledger.rules import Bucket


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking as it stood when it was read."""

    booked: Booked
    read_at: datetime

    @property
    def overdue(self) -> bool:
        """Whether its end has passed, and nobody has said what became of it."""
        return self.booked.state is State.CONFIRMED and self.booked.ends_at <= self.read_at


@dataclass(frozen=True, slots=True)
class BookingFilter:
    """Which bookings; every part that is given must hold. Days are those of the clock of each booking's branch."""

    branch_id: str | None = None
    practitioner_id: str | None = None
    customer_id: str | None = None
    package_id: str | None = None
    series_id: str | None = None
    states: tuple[State, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    overdue: bool | None = None
    external: ExternalRef | None = None


class BookingOrder(StrEnum):
    """In which order bookings come."""

    STARTS_FIRST_FIRST = "STARTS_FIRST_FIRST"
    STARTS_LAST_FIRST = "STARTS_LAST_FIRST"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of bookings starts: behind the one that starts then, with this id."""

    starts_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of somebody's bookings: so many, behind a position; those to come (soonest first), the others, all."""

    size: int
    coming: bool | None = None
    after: Position | None = None


class ChangeKind(StrEnum):
    """What an operation made of a booking."""

    BOOKED = "BOOKED"
    RESCHEDULED = "RESCHEDULED"
    PACKAGE_CHANGED = "PACKAGE_CHANGED"
    ATTACHED = "ATTACHED"
    FLAGGED = "FLAGGED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    LATE_CANCELLED = "LATE_CANCELLED"
    NO_SHOW = "NO_SHOW"
    CANCELLED_BY_BUSINESS = "CANCELLED_BY_BUSINESS"
    REVERSED = "REVERSED"
    OTHER = "OTHER"


class Effect(StrEnum):
    """What happened to sessions of a booking."""

    HELD = "HELD"
    USED = "USED"
    RETURNED = "RETURNED"
    REPLACED = "REPLACED"


@dataclass(frozen=True, slots=True)
class SessionsMoved:
    """What happened to how many sessions of which lot."""

    lot_id: str
    effect: Effect
    sessions: int


@dataclass(frozen=True, slots=True)
class Change:
    """A step in the story of a booking; where and when the visit was to be is known where the step says so."""

    operation_id: str
    act: str
    kind: ChangeKind
    recorded_at: datetime
    effective_at: datetime
    branch_id: str | None
    practitioner_id: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    cause: Cause | None
    note: str
    moved: tuple[SessionsMoved, ...]


def effect_of(source: Bucket, target: Bucket) -> Effect | None:
    """What a movement does to sessions as the booking sees them; None for a step on the way to a replacement."""
    if target in (Bucket.HELD, Bucket.CONSUMED):
        return Effect.HELD if target is Bucket.HELD else Effect.USED
    if target is not Bucket.AVAILABLE:
        return None
    return Effect.REPLACED if source is Bucket.ISSUED else Effect.RETURNED
