"""The mutation recordPayout."""

from datetime import date
from typing import Annotated

import strawberry

from domain.payments.record_payout import RecordPayout
from schema.acts import carry_out, describe, idempotency_key, operation_id, parsed, replayed
from schema.branches.refusals import BooksClosed, WrongCurrency
from schema.context import Info
from schema.payments.refusals import BadPayoutDay, PayoutExceedsCollected
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, MoneyInput, money_of


@strawberry.input(description="What a payment provider paid out to a branch.")
class RecordPayoutInput:
    """The input of recordPayout."""

    branch_id: strawberry.ID = strawberry.field(description="The branch for which it had collected.")
    gross: MoneyInput = strawberry.field(description="What it paid out, before its fee.")
    idempotency_key: str = idempotency_key()
    fee: MoneyInput | None = strawberry.field(default=None, description="What it kept of that as its fee.")
    paid_out_on: date | None = strawberry.field(
        default=None, description="The day on which the money arrived, by the branch's clock; today unless given."
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The payout was recorded.")
class RecordPayoutPayload:
    """The outcome of recordPayout."""

    arrived: Money = strawberry.field(description="What arrived at the bank.")
    fee: Money = strawberry.field(description="What the provider kept.")
    paid_out_on: date = strawberry.field(description="The day it is posted on.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


RecordPayoutResult = Annotated[
    RecordPayoutPayload | InvalidInput | NotFound | WrongCurrency | PayoutExceedsCollected | BadPayoutDay | BooksClosed,
    strawberry.union("RecordPayoutResult", description="The payout recorded, or why not."),
]


async def resolve(info: Info, input: RecordPayoutInput) -> RecordPayoutResult:
    """Build the command and carry it out."""
    given = [(input.gross, ("gross",))] + ([(input.fee, ("fee",))] if input.fee else [])
    gross, *fees = parsed(*given)
    command = RecordPayout(
        branch_id=input.branch_id,
        gross_minor=gross.amount_minor,
        currency=gross.currency,
        fee_minor=sum(fee.amount_minor for fee in fees),
        fee_currency=fees[0].currency if fees else None,
        paid_out_on=input.paid_out_on,
        reason=input.reason,
    )
    done = await carry_out(info, command, input.idempotency_key)
    outcome = done.outcome
    return RecordPayoutPayload(
        arrived=money_of(outcome.gross_minor - outcome.fee_minor, outcome.currency),
        fee=money_of(outcome.fee_minor, outcome.currency),
        paid_out_on=outcome.paid_out_on,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "record_payout",
        "Records what a payment provider paid out to a branch: the money arrives at the bank, its fee is a cost, and "
        "both are less to come of what it had collected.",
    ),
)
