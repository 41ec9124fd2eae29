"""Pure rules of handing over: the states there are, when something is tried again, and how long a lease lasts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.kernel.calendar import local_date, start_of_day


class Mode(StrEnum):
    """What becomes one document: an entry, or what a branch posted on a day that is over."""

    PER_ENTRY = "PER_ENTRY"
    DAILY_SUMMARY = "DAILY_SUMMARY"


class LockedDays(StrEnum):
    """What is done with a document of a day that is locked there: it waits, or is booked on the first open day."""

    HOLD = "HOLD"
    SHIFT = "SHIFT"


class ConnectionState(StrEnum):
    """Whether documents are sent; Carnet stops by itself what it is let in no more."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"


class DocumentState(StrEnum):
    """Where a document stands."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    REJECTED = "REJECTED"
    UNCERTAIN = "UNCERTAIN"
    VERIFIED = "VERIFIED"


class Call(StrEnum):
    """Why the other system was called."""

    SEND = "SEND"
    PROBE = "PROBE"


Jitter = Callable[[timedelta], timedelta]
"""Any time from none to the one given, each as likely."""

LEASE = timedelta(seconds=60)
RENEWED_EVERY = timedelta(seconds=15)
LONGEST_CALL = LEASE / 2
"""None is begun when less than that is left of the lease."""
A_DAY = timedelta(days=1)
_FIRST = timedelta(seconds=1)
_LONGEST = timedelta(minutes=15)
_AT_NIGHT = timedelta(hours=3)


def backoff(attempts: int, jitter: Jitter) -> timedelta:
    """How long to wait after so many attempts: any part of a time that doubles with each, up to 15 minutes."""
    doubled = min(max(attempts - 1, 0), 20)
    return jitter(min(_FIRST * 2**doubled, _LONGEST))


def last_night(now: datetime, time_zone: str) -> datetime:
    """The newest three o'clock at night there."""
    night = start_of_day(local_date(now, time_zone), time_zone) + _AT_NIGHT
    return night if night <= now else start_of_day(local_date(now - A_DAY, time_zone), time_zone) + _AT_NIGHT


def first_open_day(day: date, locked_until: date | None, today: date) -> date | None:
    """The day on which to book what a locked day does not take; None while there is none that is not to come.

    Where the other system does not say until when it is locked, the next month is tried, and then today.
    """
    if locked_until is not None and locked_until >= day:
        opens = min(locked_until, today) + A_DAY
    else:
        opens = min((day.replace(day=1) + timedelta(days=32)).replace(day=1), today)
    return opens if day < opens <= today else None
