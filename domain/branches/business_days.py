"""The days on which a branch does no business: its weekend, and holidays by their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.kernel.checks import Checks

MOST_HOLIDAYS = 366
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


class DayOfWeek(StrEnum):
    """A day of the week."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A local day without business, and what it is called."""

    day: date
    name: str


def weekend_of(stored: str) -> list[DayOfWeek]:
    """The days of a weekend as it is stored: their numbers, 1 for Monday."""
    week = list(DayOfWeek)
    return [week[int(number) - 1] for number in stored]


def stored(weekend: Sequence[DayOfWeek]) -> str:
    """A weekend as it is stored, in the order of the week."""
    return "".join(str(number) for number, day in enumerate(DayOfWeek, 1) if day in weekend)


def check(checks: Checks, weekend: Sequence[DayOfWeek], holidays: Sequence[Holiday]) -> tuple[Holiday, ...]:
    """Note a week without a business day, days that are named twice, and too many; the holidays by day, names bare."""
    checks.that(len(set(weekend)) < len(DayOfWeek), "weekend leaves at least one day for business.", "weekend")
    checks.that(len(set(weekend)) == len(weekend), "weekend names each day once.", "weekend")
    checks.that(len(holidays) <= MOST_HOLIDAYS, f"At most {MOST_HOLIDAYS} holidays.", "holidays")
    known: set[date] = set()
    found = []
    for index, each in enumerate(holidays[:MOST_HOLIDAYS]):
        path = ("holidays", str(index))
        in_time = _FIRST_YEAR <= each.day.year <= _LAST_YEAR
        checks.that(in_time, f"day lies from {_FIRST_YEAR} to {_LAST_YEAR}.", *path, "day")
        checks.that(each.day not in known, "day is named before. Name each day once.", *path, "day")
        known.add(each.day)
        found.append(Holiday(each.day, checks.required(each.name, 120, *path, "name")))
    return tuple(sorted(found, key=lambda holiday: holiday.day))
