"""How the time up to the last day of a report is cut: whole years and months have totals, other days only lines."""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.kernel.calendar import add_months


@dataclass(frozen=True, slots=True)
class Cut:
    """What is read where; periods are years as 2026 and months as 202603.

    Totals are those of the years before `year`, and of the months from its January until before `until`, but for
    the months that are cut in two; of these the `days` are read line by line.
    """

    year: int
    until: int
    days: tuple[tuple[date, date], ...]

    @property
    def january(self) -> int:
        """The first month of which the own total counts, and not that of its year."""
        return self.year * 100 + 1

    @property
    def parted(self) -> tuple[int, ...]:
        """The months that are cut in two."""
        return tuple(month_of(first) for first, _ in self.days)


def cut(first_day: date, last_day: date) -> Cut:
    """The cut of a span with all that came before it: years up to that of the first day, months from then on."""
    days = []
    if first_day.day > 1:
        days.append((first_day.replace(day=1), min(last_day, _end_of(first_day))))
    if last_day != _end_of(last_day) and month_of(last_day) not in {month_of(first) for first, _ in days}:
        days.append((last_day.replace(day=1), last_day))
    return Cut(first_day.year, month_of(last_day) + 1, tuple(days))


def month_of(day: date) -> int:
    """The month of a day as 202603."""
    return day.year * 100 + day.month


def _end_of(day: date) -> date:
    if (day.year, day.month) == (9999, 12):
        return date.max
    return add_months(day.replace(day=1), 1) - timedelta(days=1)
