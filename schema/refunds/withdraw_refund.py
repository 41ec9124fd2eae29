"""The mutation withdrawRefund."""

from typing import Annotated

import strawberry

from domain.refunds.withdraw_refund import WithdrawRefund
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.refunds.deciding_refusals import WrongRefundState
from schema.refunds.types import OfRefund
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which refund to take back, and why.")
class WithdrawRefundInput:
    """The input of withdrawRefund."""

    refund_id: strawberry.ID = strawberry.field(description="The refund that was requested.")
    reason: str = strawberry.field(description="Why; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="Nothing is given back.")
class WithdrawRefundPayload(OfRefund):
    """The outcome of withdrawRefund."""

    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


WithdrawRefundResult = Annotated[
    WithdrawRefundPayload | InvalidInput | NotFound | WrongRefundState,
    strawberry.union("WithdrawRefundResult", description="The request ended, or why not."),
]


async def resolve(info: Info, input: WithdrawRefundInput) -> WithdrawRefundResult:
    """Build the command and carry it out."""
    done = await carry_out(info, WithdrawRefund(input.refund_id, input.reason), input.idempotency_key)
    return WithdrawRefundPayload(
        refund_id=strawberry.ID(done.outcome.refund_id),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "withdraw_refund",
        "Takes back a refund that was requested, by the home branch of the package or the customer who gives sessions "
        "back, whoever asked. Nothing moves, and another one may be asked for. One that is decided is refused as "
        "WRONG_REFUND_STATE.",
    ),
)
