"""The only clock: every instant that Carnet decides by comes from here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_TOLD: ContextVar[datetime | None] = ContextVar("_TOLD", default=None)


def now() -> datetime:
    """The present instant, in UTC."""
    return _TOLD.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let the clock stand at this instant for whatever the block calls, and for nobody else.

    Only for telling the history of the demo chain before anything is served: a request can never ask for it.
    """
    told = _TOLD.set(instant)
    try:
        yield
    finally:
        _TOLD.reset(told)
