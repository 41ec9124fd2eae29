"""Packages whose validity starts with their first use, booked ahead: how long they will last once it has."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.bookings import store
from domain.kernel.calendar import local_date
from domain.ledger.rules import Lot
from domain.packages import rules
from domain.packages.sold import Frozen, Sold


async def first_day(sold: Sold, lots: Sequence[Lot], starts_at: datetime, but: str = "") -> date | None:
    """The day on which validity is going to start, of a package that has not and whose first visit is in time.

    The first visit is the one asked about, or a booking before it.
    """
    if sold.start_by is None or sold.first_used_on is not None:
        return None
    booked = await store.first_expected(sold.id, but)
    first = min(starts_at, booked) if booked else starts_at
    return rules.first_use(sold, lots, first)


def as_started(lots: Sequence[Lot], sold: Sold, day: date | None) -> list[Lot]:
    """The lots with the last days they will have when validity starts on that day."""
    return list(lots) if day is None else rules.started(lots, sold, day, _newest(sold, lots))


def _newest(sold: Sold, lots: Sequence[Lot]) -> list[Frozen]:
    """The freeze that the package bears: of all it is the only one that can begin after a visit that is to come."""
    if sold.frozen_from is None or sold.thaws_at is None:
        return []
    begins, ends = (local_date(at, sold.home_time_zone) for at in (sold.frozen_from, sold.thaws_at))
    return [Frozen(begins, ends, sold.frozen_from, [lot.id for lot in lots])]
