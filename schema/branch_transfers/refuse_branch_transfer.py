"""The mutation refuseBranchTransfer."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.branch_transfers.refuse_branch_transfer import RefuseBranchTransfer
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branch_transfers.refusals import BranchTransferEnded
from schema.branch_transfers.types import OfBranchTransfer
from schema.context import Info
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which transfer is refused, and why.")
class RefuseBranchTransferInput:
    """The input of refuseBranchTransfer."""

    branch_transfer_id: strawberry.ID = strawberry.field(description="The transfer.")
    reason: str = strawberry.field(description="Why, for the other branch and the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The receiving branch does not take the package over.")
class RefuseBranchTransferPayload(OfBranchTransfer, OfPackage):
    """The outcome of refuseBranchTransfer."""

    ended_at: datetime = strawberry.field(description="When it was refused.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


RefuseBranchTransferResult = Annotated[
    RefuseBranchTransferPayload | InvalidInput | NotFound | BranchTransferEnded,
    strawberry.union("RefuseBranchTransferResult", description="The transfer refused, or why not."),
]


async def resolve(info: Info, input: RefuseBranchTransferInput) -> RefuseBranchTransferResult:
    """Build the command and carry it out."""
    command = RefuseBranchTransfer(input.branch_transfer_id, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    return RefuseBranchTransferPayload(
        branch_transfer_id=strawberry.ID(done.outcome.branch_transfer_id),
        package_id=strawberry.ID(done.outcome.package_id),
        ended_at=done.outcome.ended_at,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe("refuse_branch_transfer", "Refuses to take a package over; it stays where it is at home."),
)
