"""The mutation refuseTransfer."""

from typing import Annotated

import strawberry

from domain.transfers.refuse_transfer import RefuseTransfer
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.transfers.refusals import WrongTransferState
from schema.transfers.types import OfTransfer


@strawberry.input(description="Which transfer to refuse, and why.")
class RefuseTransferInput:
    """The input of refuseTransfer."""

    transfer_id: strawberry.ID = strawberry.field(description="The transfer that was requested.")
    reason: str = strawberry.field(description="Why; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="Nothing is handed on.")
class RefuseTransferPayload(OfTransfer):
    """The outcome of refuseTransfer."""

    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


RefuseTransferResult = Annotated[
    RefuseTransferPayload | InvalidInput | NotFound | WrongTransferState,
    strawberry.union("RefuseTransferResult", description="The request ended, or why not."),
]


async def resolve(info: Info, input: RefuseTransferInput) -> RefuseTransferResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RefuseTransfer(input.transfer_id, input.reason), input.idempotency_key)
    return RefuseTransferPayload(
        transfer_id=strawberry.ID(done.outcome.transfer_id),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "refuse_transfer",
        "Refuses a transfer that was requested, by the home branch of the package. Nothing moves.",
    ),
)
