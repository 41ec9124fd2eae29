"""The mutation confirmSettlement."""

from datetime import date
from typing import Annotated

import strawberry

from domain.settlements.confirm_settlement import ConfirmSettlement
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branches.refusals import BooksClosed
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.settlements.refusals import BadSettlementDay, SettlementAlreadyPaid, SettlementNotApproved
from schema.settlements.types import Settlement, settlement_shown


@strawberry.input(description="Which lines of a settlement were paid, and when.")
class ConfirmSettlementInput:
    """The input of confirmSettlement."""

    settlement_id: strawberry.ID = strawberry.field(description="The settlement, approved.")
    idempotency_key: str = idempotency_key()
    line_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The lines that were paid; all that are not paid yet unless given."
    )
    paid_on: date | None = strawberry.field(
        default=None,
        description="The day of the payment, from the day of the settlement on; today by the clock of the branch where "
        "the day begins last unless given.",
    )


@strawberry.type(description="The payment is posted.")
class ConfirmSettlementPayload:
    """The outcome of confirmSettlement."""

    confirmed_line_ids: list[strawberry.ID] = strawberry.field(description="The lines that were paid.")
    paid_on: date = strawberry.field(description="The day it is posted on.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()
    settlement_id: strawberry.Private[str]

    @strawberry.field(description="The settlement.")
    async def settlement(self, info: Info) -> Settlement | None:
        return await settlement_shown(info, self.settlement_id)


ConfirmSettlementResult = Annotated[
    ConfirmSettlementPayload
    | InvalidInput
    | NotFound
    | SettlementNotApproved
    | SettlementAlreadyPaid
    | BadSettlementDay
    | BooksClosed,
    strawberry.union("ConfirmSettlementResult", description="The payment posted, or why not."),
]


async def resolve(info: Info, input: ConfirmSettlementInput) -> ConfirmSettlementResult:
    """Build the command and carry it out."""
    line_ids = None if input.line_ids is None else tuple(input.line_ids)
    done = await carry_out(info, ConfirmSettlement(input.settlement_id, line_ids, input.paid_on), input.idempotency_key)
    return ConfirmSettlementPayload(
        confirmed_line_ids=[strawberry.ID(line_id) for line_id in done.outcome.line_ids],
        paid_on=done.outcome.paid_on,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
        settlement_id=done.outcome.settlement_id,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "confirm_settlement",
        "Posts that lines were paid: what both branches owed each other is settled by one payment of the difference, "
        "or by none where it cancels out. The settlement is PAID with its last line.",
    ),
)
