"""The only clock: every instant that Carnet decides by comes from here."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)
