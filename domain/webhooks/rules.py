"""What a webhook and a delivery can be, and what an answer means."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class WebhookState(StrEnum):
    """Whether events go out."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver: what was answered, or why nothing was."""

    delivery_id: str
    status: int | None
    detail: str
    attempted_at: datetime
    milliseconds: int
    retry_after: timedelta | None = None
    """How long the receiver asks to be left alone."""

    @property
    def delivered(self) -> bool:
        """Only an answer from 200 to 299 says that the event was taken."""
        return self.status is not None and 200 <= self.status <= 299

    @property
    def gone(self) -> bool:
        """By 410 a receiver says that it wants no event any more."""
        return self.status == 410


LONGEST_DETAIL = 500


def detail(status: int, location: str, said: str) -> str:
    """What there is to know about an answer that did not take the event."""
    if 200 <= status <= 299:
        return ""
    if 300 <= status <= 399:
        return f"It leads to {location or 'somewhere else'}, and is not followed: give that address."[:LONGEST_DETAIL]
    written = "".join(letter if letter.isprintable() else " " for letter in said)
    return " ".join(written.split())[:LONGEST_DETAIL]
