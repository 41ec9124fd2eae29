"""The three forms in which a date is written, and a branch's wall clock as an instant."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from domain.imports.rules.faults import Fault, RowRefused

_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_SLASHES = re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})")
_WORDS = re.compile(r"(?P<day>[0-9]{1,2}) (?P<word>[A-Z][a-z]{2}) (?P<year>[0-9]{4})")
_WALL_CLOCK = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2})")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

# Grace days and the end of the last day are added later and must still be dates.
_YEARS = range(1900, 9900)


def parse_date(text: str) -> date:
    """`2026-03-14`, `14/03/2026` (always day first) or `14 Mar 2026`; anything else is refused."""
    match = _ISO.fullmatch(text) or _SLASHES.fullmatch(text) or _WORDS.fullmatch(text)
    if match is None:
        raise RowRefused(Fault.BAD_DATE)
    parts = match.groupdict()
    try:
        month = _MONTHS.index(parts["word"]) + 1 if "word" in parts else int(parts["month"])
        day = date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        raise RowRefused(Fault.BAD_DATE) from None
    if day.year not in _YEARS:
        raise RowRefused(Fault.BAD_DATE)
    return day


def parse_wall_clock(text: str, time_zone: str) -> datetime:
    """`2026-03-14 18:15` on the wall of a branch, as an instant; of an hour that comes twice, the first."""
    match = _WALL_CLOCK.fullmatch(text)
    if match is None:
        raise RowRefused(Fault.BAD_DATE)
    parse_date(match[1])
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise RowRefused(Fault.BAD_DATE) from None
    return local.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
