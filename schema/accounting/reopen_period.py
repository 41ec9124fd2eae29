"""The mutation reopenPeriod."""

from datetime import date
from typing import Annotated

import strawberry

from domain.accounting.reopen_period import ReopenPeriod
from schema.accounting.periods import AccountingPeriod, period_shown
from schema.accounting.refusals import NothingClosed
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput


@strawberry.input(description="Why the period that was closed last is reopened.")
class ReopenPeriodInput:
    """The input of reopenPeriod."""

    reason: str = strawberry.field(description="Why, for the audit log; not blank.")


@strawberry.type(description="The period is open again.")
class ReopenPeriodPayload:
    """The outcome of reopenPeriod."""

    open_from: date | None = strawberry.field(
        description="The first day whose books are open; null when they are open from their beginning."
    )
    operation_id: strawberry.ID = operation_id()
    period_id: strawberry.Private[str]

    @strawberry.field(description="The period that was reopened.")
    async def period(self, info: Info) -> AccountingPeriod | None:
        return await period_shown(info, self.period_id)


ReopenPeriodResult = Annotated[
    ReopenPeriodPayload | InvalidInput | NothingClosed,
    strawberry.union("ReopenPeriodResult", description="The period reopened, or why not."),
]


async def resolve(info: Info, input: ReopenPeriodInput) -> ReopenPeriodResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ReopenPeriod(input.reason))
    return ReopenPeriodPayload(
        open_from=done.outcome.open_from,
        operation_id=strawberry.ID(done.operation_id),
        period_id=done.outcome.period_id,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "reopen_period",
        "Reopens the period that was closed last. What was posted behind it meanwhile stays where it is.",
    ),
)
