"""The mutation openBranch."""

from typing import Annotated

import strawberry

from domain.branches.open_branch import OpenBranch
from schema.acts import carry_out, describe, operation_id
from schema.branches.loaders import BRANCH
from schema.branches.refusals import BranchCodeTaken, WrongCurrency
from schema.branches.types import Branch
from schema.context import Info
from schema.refusals import InvalidInput
from schema.scalars import CurrencyCode


@strawberry.input(description="The new location.")
class OpenBranchInput:
    """The input of openBranch."""

    code: str = strawberry.field(description="1 to 20 of A-Z, 0-9 and hyphens, unique in the chain.")
    name: str = strawberry.field(description="Its name for people, at most 120 characters.")
    time_zone: str = strawberry.field(description="Its clock, a name of the IANA database such as Europe/Lisbon.")
    currency: CurrencyCode | None = strawberry.field(
        default=None, description="The currency it sells in, which is the chain's."
    )
    legal_entity: str | None = strawberry.field(
        default=None, description="The company that its sales are booked to; the chain unless given."
    )


@strawberry.type(description="The branch is open.")
class OpenBranchPayload:
    """The outcome of openBranch."""

    branch: Branch | None = strawberry.field(description="The branch.")
    operation_id: strawberry.ID = operation_id()


OpenBranchResult = Annotated[
    OpenBranchPayload | InvalidInput | WrongCurrency | BranchCodeTaken,
    strawberry.union("OpenBranchResult", description="The branch opened, or why not."),
]


async def resolve(info: Info, input: OpenBranchInput) -> OpenBranchResult:
    """Build the command and carry it out."""
    done = await carry_out(info, OpenBranch(**vars(input)))
    return OpenBranchPayload(
        branch=await info.context.load(BRANCH, done.outcome.branch_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "open_branch",
        "Opens a branch under a code of its own, by its own clock, in the currency of its chain.",
    ),
)
