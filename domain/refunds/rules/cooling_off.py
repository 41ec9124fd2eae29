"""Cooling-off: until which local day a package may be given back without any penalty."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from domain.catalog.terms import Refunding
from domain.kernel.calendar import local_date

WEEKEND = (5, 6)
"""Saturday and Sunday, as Python numbers the days of the week; where others are free, a branch says so."""


def last_day(
    refunding: Refunding, sold_on: date, holidays: Collection[date] = (), weekend: Collection[int] = WEEKEND
) -> date | None:
    """The last local day of cooling-off, the day of the sale not counted; None where there is none.

    Business days are those that are neither at the weekend nor holidays of the branch.
    """
    if refunding.cooling_off_days == 0:
        return None
    if not refunding.cooling_off_business_days:
        return sold_on + timedelta(days=refunding.cooling_off_days)
    assert len(set(weekend)) < 7, "a week without a business day has no end"
    day, left, free = sold_on, refunding.cooling_off_days, frozenset(holidays)
    while left:
        day += timedelta(days=1)
        left -= day not in free and day.weekday() not in weekend
    return day


def is_cooling_off(
    refunding: Refunding,
    sold_at: datetime,
    now: datetime,
    time_zone: str,
    holidays: Collection[date] = (),
    weekend: Collection[int] = WEEKEND,
) -> bool:
    """Whether cooling-off still lasts, by the clock of the branch."""
    last = last_day(refunding, local_date(sold_at, time_zone), holidays, weekend)
    return last is not None and local_date(now, time_zone) <= last
