"""The mutation requestBranchTransfer."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.branch_transfers.request_branch_transfer import RequestBranchTransfer
from domain.branch_transfers.rules import LAPSES_AFTER
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branch_transfers.refusals import AlreadyAtHome, BranchTransferPending, NothingToMove
from schema.branch_transfers.types import OfBranchTransfer
from schema.context import Info
from schema.packages.refusals import BranchClosed, PackageClosed, PackageDisputed
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which package is to be at home at which branch, and why.")
class RequestBranchTransferInput:
    """The input of requestBranchTransfer."""

    package_id: strawberry.ID = strawberry.field(description="The package.")
    to_branch_id: strawberry.ID = strawberry.field(description="The branch that is to take it over.")
    reason: str = strawberry.field(description="Why, for the receiving branch and the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The transfer waits for the receiving branch; nothing has moved yet.")
class RequestBranchTransferPayload(OfBranchTransfer, OfPackage):
    """The outcome of requestBranchTransfer."""

    lapses_at: datetime = strawberry.field(description="Until when it can be accepted.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


RequestBranchTransferResult = Annotated[
    RequestBranchTransferPayload
    | InvalidInput
    | NotFound
    | AlreadyAtHome
    | NothingToMove
    | BranchTransferPending
    | BranchClosed
    | PackageClosed
    | PackageDisputed,
    strawberry.union("RequestBranchTransferResult", description="The transfer asked for, or why not."),
]


async def resolve(info: Info, input: RequestBranchTransferInput) -> RequestBranchTransferResult:
    """Build the command and carry it out."""
    command = RequestBranchTransfer(input.package_id, input.to_branch_id, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    return RequestBranchTransferPayload(
        branch_transfer_id=strawberry.ID(done.outcome.branch_transfer_id),
        package_id=strawberry.ID(done.outcome.package_id),
        lapses_at=done.outcome.lapses_at,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "request_branch_transfer",
        "Asks another branch to take a package over as its home branch. Nothing moves before another person accepts "
        f"there; what nobody decides within {LAPSES_AFTER.days} days lapses. One transfer of a package at a time.",
    ),
)
