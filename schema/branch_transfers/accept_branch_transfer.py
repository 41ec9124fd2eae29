"""The mutation acceptBranchTransfer."""

from typing import Annotated

import strawberry

from domain.branch_transfers.accept_branch_transfer import AcceptBranchTransfer
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branch_transfers.refusals import AlreadyAtHome, BranchTransferEnded, NothingToMove
from schema.branch_transfers.types import OfBranchTransfer
from schema.context import Info
from schema.packages.refusals import BranchClosed, PackageClosed, PackageDisputed
from schema.packages.types import OfPackage
from schema.refusals import ApproverIsRequester, InvalidInput, NotFound
from schema.scalars import Money, money_of


@strawberry.input(description="Which transfer is accepted.")
class AcceptBranchTransferInput:
    """The input of acceptBranchTransfer."""

    branch_transfer_id: strawberry.ID = strawberry.field(description="The transfer.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The package is at home at the receiving branch from now on.")
class AcceptBranchTransferPayload(OfBranchTransfer, OfPackage):
    """The outcome of acceptBranchTransfer."""

    sessions: int = strawberry.field(description="Sessions that moved, held ones too.")
    value: Money = strawberry.field(description="What of the price the branch owes as sessions from now on.")
    unpaid: Money = strawberry.field(description="What of the price the customer owes to it from now on.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


AcceptBranchTransferResult = Annotated[
    AcceptBranchTransferPayload
    | InvalidInput
    | NotFound
    | ApproverIsRequester
    | BranchTransferEnded
    | BranchClosed
    | AlreadyAtHome
    | NothingToMove
    | PackageClosed
    | PackageDisputed,
    strawberry.union("AcceptBranchTransferResult", description="The package moved, or why not."),
]


async def resolve(info: Info, input: AcceptBranchTransferInput) -> AcceptBranchTransferResult:
    """Build the command and carry it out."""
    done = await carry_out(info, AcceptBranchTransfer(input.branch_transfer_id), input.idempotency_key)
    moved = done.outcome
    return AcceptBranchTransferPayload(
        branch_transfer_id=strawberry.ID(moved.branch_transfer_id),
        package_id=strawberry.ID(moved.package_id),
        sessions=moved.sessions,
        value=money_of(moved.value_minor, moved.currency),
        unpaid=money_of(moved.unpaid_minor, moved.currency),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "accept_branch_transfer",
        "Takes a package over as its home branch, which owes its sessions from now on; the other branch owes it their "
        "value, less what the customer has still to pay. Sessions, held ones too, terms and last days stay as they "
        "are. By another person than the one who asked for it.",
    ),
)
