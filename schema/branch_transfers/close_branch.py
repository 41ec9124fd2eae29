"""The mutation closeBranch."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.branch_transfers.close_branch import MOST_EXCEPTIONS, CloseBranch, Exempt
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branch_transfers.closings import BranchClosing, closing_shown
from schema.branch_transfers.refusals import ClosingGoesOn
from schema.context import Info
from schema.packages.refusals import BranchClosed
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="A definition whose packages go to a branch of their own.")
class ClosingExceptionInput:
    """One exception of a plan."""

    definition_id: strawberry.ID = strawberry.field(description="The definition.")
    branch_id: strawberry.ID = strawberry.field(description="The branch that its packages go to.")


@strawberry.input(description="Where the packages of a branch go.")
class PackagesToInput:
    """The plan."""

    branch_id: strawberry.ID = strawberry.field(description="The branch that they go to.")
    exceptions: list[ClosingExceptionInput] = strawberry.field(
        default_factory=list,
        description=f"Definitions whose packages go elsewhere, each once; at most {MOST_EXCEPTIONS}.",
    )


@strawberry.input(description="Which branch closes, where its packages go, and why.")
class CloseBranchInput:
    """The input of closeBranch."""

    branch_id: strawberry.ID = strawberry.field(description="The branch that closes.")
    packages_to: PackagesToInput = strawberry.field(description="Where its packages go.")
    reason: str = strawberry.field(description="Why, for the audit log and for who had booked there; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The branch is closed; its bookings are called off and its packages move by themselves.")
class CloseBranchPayload:
    """The outcome of closeBranch."""

    branch_closing_id: strawberry.ID = strawberry.field(description="The closing's id, to ask how far it has come.")
    closed_at: datetime = strawberry.field(description="Since when the branch is closed.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()

    @strawberry.field(description="The closing, as far as it has come.")
    async def branch_closing(self, info: Info) -> BranchClosing | None:
        return await closing_shown(info, self.branch_closing_id)


CloseBranchResult = Annotated[
    CloseBranchPayload | InvalidInput | NotFound | BranchClosed | ClosingGoesOn,
    strawberry.union("CloseBranchResult", description="The branch closed, or why not."),
]


async def resolve(info: Info, input: CloseBranchInput) -> CloseBranchResult:
    """Build the command and carry it out."""
    plan = input.packages_to
    exceptions = tuple(Exempt(each.definition_id, each.branch_id) for each in plan.exceptions)
    command = CloseBranch(input.branch_id, plan.branch_id, input.reason, exceptions)
    done = await carry_out(info, command, input.idempotency_key)
    return CloseBranchPayload(
        branch_closing_id=strawberry.ID(done.outcome.branch_closing_id),
        closed_at=done.outcome.closed_at,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "close_branch",
        "Closes a branch at once: nothing is sold, booked or performed there any more, transfers that were to reach it "
        "are refused, visits booked there are called off and their sessions returned, and its packages move to other "
        "branches, each as an operation of its own. What cannot move, such as a disputed package, is listed with the "
        "reason; closing the branch again later moves what is left.",
    ),
)
