"""Pure: the days of a comparison, in stretches that are read one after the other and fit into memory."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

Stretch = tuple[date, date]
"""From the first day to the last, both included."""

MONTH = timedelta(days=31)
MOST = 5_000
"""So many documents in a stretch; a single day may have more."""
_AROUND = timedelta(days=15)
_DAY = timedelta(days=1)


def nightly(today: date, unverified: Iterable[date]) -> list[Stretch]:
    """The last month, and what lies around earlier days of documents that may have been moved by a few days there."""
    joined: list[Stretch] = []
    around = sorted((day - _AROUND, day + _AROUND) for day in unverified)
    for first, last in [*around, (today - MONTH, today)]:
        if joined and first <= joined[-1][1] + _DAY:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return joined


def cut(days: Stretch, documents: Iterable[tuple[date, int]]) -> Iterator[Stretch]:
    """Stretches of a month at most, as far as there are documents: so many on these days, the earliest first."""
    first, within = days[0], 0
    for day, count in documents:
        if within and (within + count > MOST or day - first >= MONTH):
            yield first, day - _DAY
            first, within = day, 0
        within += count
    yield first, days[1]
