"""What an event that came in can be, and when one that was refused is tried again."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar


class ProviderKind(StrEnum):
    """What kind of system knocks."""

    SCHEDULER = "SCHEDULER"


class EventState(StrEnum):
    """How far an event has come."""

    RECEIVED = "RECEIVED"
    PROCESSED = "PROCESSED"
    REJECTED = "REJECTED"
    IGNORED = "IGNORED"


class Early(Exception):
    """It is of an instant that has not come by our clock, and will have when it is tried again."""

    code: ClassVar[str] = "TIMESTAMP_EARLY"


LEASE = timedelta(seconds=60)
"""How long an event is left to who has taken it; after that it is taken for dead."""

PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""After each attempt: what came out of order is healed in seconds, what somebody has to put right in hours."""


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts; None when the schedule is used up."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
