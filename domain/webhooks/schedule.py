"""When a delivery is attempted: at once, and again after longer and longer pauses, for more than three days."""

from collections.abc import Callable
from datetime import datetime, timedelta

Draw = Callable[[int], int]
"""A number from 0 up to, but not including, this one."""

PAUSES = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before each attempt, counted from the one before."""

_LONGEST_ASKED = timedelta(hours=24)
_JITTER_PARTS = 10


def next_attempt(attempts: int, now: datetime, draw: Draw, asked: timedelta | None = None) -> datetime | None:
    """When to try again after so many attempts; None when the schedule is used up.

    Who asks for a longer pause than the schedule's gets it, up to a day. Up to a tenth is added, so that what failed
    together does not come back together.
    """
    if attempts >= len(PAUSES):
        return None
    pause = max(PAUSES[attempts], min(asked or timedelta(0), _LONGEST_ASKED))
    most = pause // timedelta(milliseconds=1) // _JITTER_PARTS
    return now + pause + timedelta(milliseconds=draw(most + 1))
