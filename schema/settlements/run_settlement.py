"""The mutation runSettlement."""

from datetime import date
from typing import Annotated

import strawberry

from domain.settlements.run_settlement import RunSettlement, settle
from schema.acts import describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.refusals import InvalidInput
from schema.settlements.refusals import EarlierUnsettled, NothingToSettle, SettlementOpen, SettlementPeriodNotOver
from schema.settlements.types import Settlement, settlement_shown


@strawberry.input(description="The days of a settlement, both included.")
class SettlementPeriodInput:
    """A period."""

    first_day: date = strawberry.field(
        name="from",
        description="The first day; not behind the first day that is unsettled, but as far before it as you like.",
    )
    until: date = strawberry.field(description="The last day; over at every branch.")


@strawberry.input(description="Which days to settle.")
class RunSettlementInput:
    """The input of runSettlement."""

    period: SettlementPeriodInput = strawberry.field(description="The period.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The settlement is drafted.")
class RunSettlementPayload:
    """The outcome of runSettlement."""

    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()
    settlement_id: strawberry.Private[str]

    @strawberry.field(description="The draft.")
    async def settlement(self, info: Info) -> Settlement | None:
        return await settlement_shown(info, self.settlement_id)


RunSettlementResult = Annotated[
    RunSettlementPayload | InvalidInput | SettlementPeriodNotOver | EarlierUnsettled | NothingToSettle | SettlementOpen,
    strawberry.union("RunSettlementResult", description="The settlement drafted, or why not."),
]


async def resolve(info: Info, input: RunSettlementInput) -> RunSettlementResult:
    """Build the command and carry it out."""
    command = RunSettlement(input.period.first_day, input.period.until)
    done = await settle(info.context.actor, command, input.idempotency_key)
    info.context.forget()
    return RunSettlementPayload(
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
        settlement_id=done.outcome.settlement_id,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "run_settlement",
        "Drafts what every two branches owe each other, both sides and the difference, for everything that was posted "
        "until the last day and that no earlier settlement covers, and for what was disputed in those and is resolved. "
        "What comes later for these days lands in the next settlement; nothing is in two.",
    ),
)
