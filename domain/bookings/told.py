"""What a scheduler says of a booking, checked before anything is brought about."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.bookings.booked import Attachment, ExternalRef
from domain.bookings.checking import (
    EARLIEST_YEAR,
    MOST_DAYS,
    MOST_MINUTES,
    MOST_SESSIONS,
    attachments_of,
    check_time,
)
from domain.bookings.rules import Span, State
from domain.kernel.checks import Checks

MOST_AHEAD = timedelta(minutes=5)
"""How far the clock of a scheduler may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class SyncBooking:
    """A booking in full, as it stood in the scheduler at an instant.

    `state` is one of CONFIRMED, COMPLETED, CANCELLED, NO_SHOW and CANCELLED_BY_BUSINESS; whether a cancellation is
    late is decided here.
    """

    external: ExternalRef
    told_at: datetime
    state: State
    service_id: str
    branch_id: str
    customer_id: str
    starts_at: datetime
    minutes: int | None = None
    sessions: int = 1
    practitioner_id: str | None = None
    package_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    reason: str = ""

    @property
    def called_off(self) -> bool:
        """Whether the visit is not going to take place, nor was it to."""
        return self.state in (State.CANCELLED, State.CANCELLED_BY_BUSINESS)

    def span(self, minutes: int) -> Span:
        """When the visit is, which lasts so many minutes unless it says how many."""
        return Span(self.starts_at, self.starts_at + timedelta(minutes=self.minutes or minutes))


def checked(command: SyncBooking, now: datetime) -> SyncBooking:
    """The command without blanks around its words; refuses what no scheduler can mean."""
    checks = Checks()
    source = checks.required(command.external.source, 40, "externalRef", "source")
    reference = checks.required(command.external.reference, 120, "externalRef", "reference")
    checks.between(command.sessions, 1, MOST_SESSIONS, "sessions")
    if command.minutes is not None:
        checks.between(command.minutes, 1, MOST_MINUTES, "minutes")
    checks.that(command.told_at <= now + MOST_AHEAD, "toldAt lies in the future.", "toldAt")
    checks.that(command.told_at.year >= EARLIEST_YEAR, f"toldAt lies before {EARLIEST_YEAR}.", "toldAt")
    checks.that(command.state is not State.LATE_CANCELLED, "Say CANCELLED; the terms tell whether it is late.", "state")
    latest = now + timedelta(days=MOST_DAYS)
    check_time(checks, command.starts_at.replace(tzinfo=None), latest, "startsAt")
    attachments = attachments_of(checks, command.attachments)
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    external = ExternalRef(source, reference)
    return replace(command, external=external, attachments=attachments, reason=reason)
