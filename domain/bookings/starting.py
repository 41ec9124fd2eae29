"""Packages whose validity starts with their first use, booked ahead: how long they will last once it has."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.bookings import store
from domain.kernel.calendar import local_date
from domain.ledger.rules import Lot
from domain.packages import rules
from domain.packages.sold import Sold


async def first_day(sold: Sold, starts_at: datetime, but: str = "") -> date | None:
    """The day on which validity is going to start, of a package that has not and whose first visit is in time.

    The first visit is the one asked about, or a booking before it.
    """
    if sold.start_by is None or sold.first_used_on is not None:
        return None
    booked = await store.first_expected(sold.id, but)
    day = local_date(min(starts_at, booked) if booked else starts_at, sold.home_time_zone)
    return day if day <= sold.start_by else None


def as_started(lots: Sequence[Lot], sold: Sold, day: date | None) -> list[Lot]:
    """The lots with the last days they will have when validity starts on that day."""
    return list(lots) if day is None else rules.started(lots, sold, day)
