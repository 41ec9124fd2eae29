"""How long what has ended is kept to be looked at, where nothing depends on it any more."""

from datetime import datetime, timedelta

_kept = timedelta(days=90)


def keep(days: int) -> None:
    """From now on it is kept for so many days."""
    global _kept
    _kept = timedelta(days=days)


def kept_since(now: datetime) -> datetime:
    """What ended before that is kept no longer."""
    return now - _kept
