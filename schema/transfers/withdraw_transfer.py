"""The mutation withdrawTransfer."""

from typing import Annotated

import strawberry

from domain.transfers.withdraw_transfer import WithdrawTransfer
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.transfers.refusals import WrongTransferState
from schema.transfers.types import OfTransfer


@strawberry.input(description="Which transfer to withdraw, and why.")
class WithdrawTransferInput:
    """The input of withdrawTransfer."""

    transfer_id: strawberry.ID = strawberry.field(description="The transfer that was requested.")
    reason: str = strawberry.field(description="Why; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="Nothing is handed on.")
class WithdrawTransferPayload(OfTransfer):
    """The outcome of withdrawTransfer."""

    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


WithdrawTransferResult = Annotated[
    WithdrawTransferPayload | InvalidInput | NotFound | WrongTransferState,
    strawberry.union("WithdrawTransferResult", description="The request ended, or why not."),
]


async def resolve(info: Info, input: WithdrawTransferInput) -> WithdrawTransferResult:
    """Build the command and carry it out."""
    done = await carry_out(info, WithdrawTransfer(input.transfer_id, input.reason), input.idempotency_key)
    return WithdrawTransferPayload(
        transfer_id=strawberry.ID(done.outcome.transfer_id),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "withdraw_transfer",
        "Takes the request for a transfer back, by the branch that asked. Nothing moves.",
    ),
)
