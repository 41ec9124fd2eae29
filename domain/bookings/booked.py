"""A booking as the acts and rules see it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.bookings.rules import AttachmentKind, Span, State


@dataclass(frozen=True, slots=True)
class ExternalRef:
    """What another system calls the booking: unique for each source."""

    source: str
    reference: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A form, contract or note that belongs to the visit and is kept elsewhere."""

    kind: AttachmentKind
    title: str
    reference: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as it stands."""

    id: str
    branch_id: str
    time_zone: str
    service_id: str
    practitioner_id: str | None
    customer_id: str
    package_id: str | None
    series_id: str | None
    source: str | None
    external_ref: str | None
    told_at: datetime | None
    starts_at: datetime
    ends_at: datetime
    sessions: int
    charged: int
    state: State
    version: int
    reschedules: int
    booked_at: datetime
    ended_at: datetime | None
    flagged_at: datetime | None
    attachments: tuple[Attachment, ...]

    @property
    def span(self) -> Span:
        """When the visit is."""
        return Span(self.starts_at, self.ends_at)

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Offered:
    """A service as a branch offers it."""

    duration_minutes: int
    list_price_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Busy:
    """A time at which a customer is expected already."""

    booking_id: str
    customer_id: str
    branch_id: str
    span: Span
