"""The mutation refuseRefund."""

from typing import Annotated

import strawberry

from domain.refunds.refuse_refund import RefuseRefund
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.refunds.deciding_refusals import WrongRefundState
from schema.refunds.types import OfRefund
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which refund to refuse, and why.")
class RefuseRefundInput:
    """The input of refuseRefund."""

    refund_id: strawberry.ID = strawberry.field(description="The refund that was requested.")
    reason: str = strawberry.field(description="Why; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="Nothing is given back.")
class RefuseRefundPayload(OfRefund):
    """The outcome of refuseRefund."""

    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


RefuseRefundResult = Annotated[
    RefuseRefundPayload | InvalidInput | NotFound | WrongRefundState,
    strawberry.union("RefuseRefundResult", description="The request ended, or why not."),
]


async def resolve(info: Info, input: RefuseRefundInput) -> RefuseRefundResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RefuseRefund(input.refund_id, input.reason), input.idempotency_key)
    return RefuseRefundPayload(
        refund_id=strawberry.ID(done.outcome.refund_id),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "refuse_refund",
        "Refuses a refund that was requested, by the home branch of the package. Nothing moves, and another one may be "
        "asked for. One that is decided is refused as WRONG_REFUND_STATE.",
    ),
)
