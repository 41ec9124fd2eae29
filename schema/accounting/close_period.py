"""The mutation closePeriod."""

from datetime import date
from typing import Annotated

import strawberry

from domain.accounting.close_period import ClosePeriod
from schema.accounting.periods import AccountingPeriod, period_shown
from schema.accounting.refusals import PeriodClosed, PeriodNotOver, PeriodUnfinished
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput


@strawberry.input(description="Up to which day the books are closed, and why.")
class ClosePeriodInput:
    """The input of closePeriod."""

    last_day: date = strawberry.field(description="The last day of the period; over at every branch.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")


@strawberry.type(description="The books are closed.")
class ClosePeriodPayload:
    """The outcome of closePeriod."""

    open_from: date = strawberry.field(description="The first day whose books are open.")
    operation_id: strawberry.ID = operation_id()
    period_id: strawberry.Private[str]

    @strawberry.field(description="The period that was closed.")
    async def period(self, info: Info) -> AccountingPeriod | None:
        return await period_shown(info, self.period_id)


ClosePeriodResult = Annotated[
    ClosePeriodPayload | InvalidInput | PeriodClosed | PeriodNotOver | PeriodUnfinished,
    strawberry.union("ClosePeriodResult", description="The period closed, or why not."),
]


async def resolve(info: Info, input: ClosePeriodInput) -> ClosePeriodResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ClosePeriod(input.last_day, input.reason))
    return ClosePeriodPayload(
        open_from=done.outcome.open_from,
        operation_id=strawberry.ID(done.operation_id),
        period_id=done.outcome.period_id,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "close_period",
        "Closes the books from the first open day up to the last day given. Nothing is posted in them any more: what "
        "comes later for these days keeps its own instant and is posted on the first open day; visits and payments "
        "cannot be dated back into them.",
    ),
)
