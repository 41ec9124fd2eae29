"""The days on which a branch does no business."""

from datetime import date

import strawberry

from domain.branches import business_days
from domain.branches import business_days_store as store
from domain.branches.business_days import DayOfWeek
from domain.kernel.access import Actor
from schema.context import Info, Loader
from schema.enums import enum

Key = tuple[date | None, date | None, str]

Weekday = enum(
    DayOfWeek,
    name="DayOfWeek",
    description="A day of the week.",
    **{day.name: f"{day.name.capitalize()}." for day in DayOfWeek},
)


@strawberry.type(description="A day on which a branch does no business.")
class Holiday:
    """One holiday."""

    day: date = strawberry.field(description="The day, by the clock of the branch.")
    name: str = strawberry.field(description="What it is called.")


async def _of_branches(actor: Actor, keys: list[Key]) -> dict[Key, list[Holiday]]:
    """One statement for each span asked for."""
    found: dict[Key, list[Holiday]] = {}
    for first, last in dict.fromkeys((first, last) for first, last, _ in keys):
        ids = [branch_id for *span, branch_id in keys if span == [first, last]]
        each = await store.holidays(actor, ids, first, last)
        found |= {(first, last, branch_id): list(map(holiday_of, its)) for branch_id, its in each.items()}
    return found


OF_BRANCH: Loader[Key, list[Holiday]] = Loader(_of_branches)


def holiday_of(holiday: business_days.Holiday) -> Holiday:
    """A holiday as the graph shows it."""
    return Holiday(day=holiday.day, name=holiday.name)


async def holidays_of_branch(info: Info, branch_id: str, first: date | None, last: date | None) -> list[Holiday]:
    """The holidays of a branch; many branches take one statement together."""
    return await info.context.load(OF_BRANCH, (first, last, branch_id)) or []
