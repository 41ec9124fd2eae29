"""The mutation withdrawBranchTransfer."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.branch_transfers.withdraw_branch_transfer import WithdrawBranchTransfer
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branch_transfers.refusals import BranchTransferEnded
from schema.branch_transfers.types import OfBranchTransfer
from schema.context import Info
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which transfer is withdrawn, and why.")
class WithdrawBranchTransferInput:
    """The input of withdrawBranchTransfer."""

    branch_transfer_id: strawberry.ID = strawberry.field(description="The transfer.")
    reason: str = strawberry.field(description="Why, for the other branch and the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The sending branch keeps the package after all.")
class WithdrawBranchTransferPayload(OfBranchTransfer, OfPackage):
    """The outcome of withdrawBranchTransfer."""

    ended_at: datetime = strawberry.field(description="When it was withdrawn.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


WithdrawBranchTransferResult = Annotated[
    WithdrawBranchTransferPayload | InvalidInput | NotFound | BranchTransferEnded,
    strawberry.union("WithdrawBranchTransferResult", description="The transfer withdrawn, or why not."),
]


async def resolve(info: Info, input: WithdrawBranchTransferInput) -> WithdrawBranchTransferResult:
    """Build the command and carry it out."""
    command = WithdrawBranchTransfer(input.branch_transfer_id, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    return WithdrawBranchTransferPayload(
        branch_transfer_id=strawberry.ID(done.outcome.branch_transfer_id),
        package_id=strawberry.ID(done.outcome.package_id),
        ended_at=done.outcome.ended_at,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "withdraw_branch_transfer", "Withdraws a transfer that is pending; the package stays where it is at home."
    ),
)
