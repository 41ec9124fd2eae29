"""Branch-local days: last days of validity and the instants at which they end (rules.md, Calendar)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included; None leaves an end open."""

    first: date | None = None
    last: date | None = None


def local_date(instant: datetime, time_zone: str) -> date:
    """The date on the branch's own wall at that instant."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def add_months(day: date, months: int) -> date:
    """The same day number so many months later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_day(day: date, time_zone: str) -> datetime:
    """The first instant after the local day has ended, in UTC.

    Where the following midnight is skipped it is the instant of the change; where midnight comes twice it
    is the first one.
    """
    zone = ZoneInfo(time_zone)
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    instant = midnight.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return instant
    return _first_instant_of(day + timedelta(days=1), zone, instant)


def _first_instant_of(day: date, zone: ZoneInfo, near: datetime) -> datetime:
    """The first whole second of a local day whose midnight does not exist, by bisection around `near`."""
    before, after = near - timedelta(hours=26), near + timedelta(hours=26)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).date() < day:
            before = middle
        else:
            after = middle
    return after


def start_of_day(day: date, time_zone: str) -> datetime:
    """The first instant of the local day, in UTC."""
    return end_of_day(day - timedelta(days=1), time_zone)


def between(earliest: datetime, latest: datetime) -> str:
    """The time from one instant to another in words; with the seconds where the minutes do not tell them apart."""
    for digits in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
        first, last = (f"{instant.astimezone(UTC):{digits}}" for instant in (earliest, latest))
        if first != last:
            return f"between {first} and {last} UTC"
    return f"at {last} UTC"
