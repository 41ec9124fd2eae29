"""Closes the visits that were left open since the last time."""

from prometheus_client import Counter

from domain.bookings import close_bookings as bookings

_CLOSED = Counter("carnet_bookings_closed", "Bookings left open after their end that were completed or flagged.")
_BATCH = 200


async def close_bookings() -> None:
    """Until none is left open that nobody was told of.

    Bookings with which Carnet fails keep no other waiting: they are told at the end, and tried again the next time.
    """
    failing: dict[str, Exception] = {}
    while closed := await bookings.close_bookings(_BATCH, failing):
        _CLOSED.inc(closed)
    if failing:
        raise ExceptionGroup("bookings that cannot be closed", list(failing.values()))
