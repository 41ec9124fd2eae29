"""The mutation setBusinessDays."""

from datetime import date
from typing import Annotated

import strawberry

from domain.branches.business_days import MOST_HOLIDAYS, DayOfWeek, Holiday
from domain.branches.set_business_days import SetBusinessDays
from schema.acts import carry_out, describe, operation_id
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="A day without business.")
class HolidayInput:
    """One holiday."""

    day: date = strawberry.field(description="The day, by the clock of the branch.")
    name: str = strawberry.field(description="What it is called, at most 120 characters.")


@strawberry.input(description="The days on which a branch does no business; they take the place of all before.")
class SetBusinessDaysInput:
    """The input of setBusinessDays."""

    branch_id: strawberry.ID = strawberry.field(description="The branch.")
    weekend: list[DayOfWeek] = strawberry.field(
        description="The days of the week without business; none for business on every day, at most six."
    )
    holidays: list[HolidayInput] = strawberry.field(
        description=f"The days without business besides, at most {MOST_HOLIDAYS}, each once."
    )


@strawberry.type(description="These days count from now on.")
class SetBusinessDaysPayload:
    """The outcome of setBusinessDays."""

    branch: Branch | None = strawberry.field(description="The branch.")
    operation_id: strawberry.ID = operation_id()


SetBusinessDaysResult = Annotated[
    SetBusinessDaysPayload | InvalidInput | NotFound,
    strawberry.union("SetBusinessDaysResult", description="The business days set, or why not."),
]


async def resolve(info: Info, input: SetBusinessDaysInput) -> SetBusinessDaysResult:
    """Build the command and carry it out."""
    holidays = tuple(Holiday(each.day, each.name) for each in input.holidays)
    done = await carry_out(info, SetBusinessDays(input.branch_id, tuple(input.weekend), holidays))
    return SetBusinessDaysPayload(
        branch=await info.context.load(BRANCH, done.outcome.branch_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "set_business_days",
        "Says on which days a branch does no business. Cooling-off of so many business days is reckoned by them for "
        "packages at home there, also for those that were sold before.",
    ),
)
