"""The mutation grantRole."""

from typing import Annotated

import strawberry

from domain.kernel.access import Role
from domain.people.grant_role import GrantRole
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.people.loaders import STAFF
from schema.people.refusals import EmailTaken, RoleHeld
from schema.people.types import Staff
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Who is to hold which role where: a person on the staff, or somebody new to it.")
class GrantRoleInput:
    """The input of grantRole."""

    role: Role = strawberry.field(description="The role.")
    branch_id: strawberry.ID | None = strawberry.field(
        default=None, description="The branch where it is held; the whole chain unless given."
    )
    staff_id: strawberry.ID | None = strawberry.field(default=None, description="The person on the staff.")
    name: str | None = strawberry.field(default=None, description="The name of somebody new, in place of staffId.")
    email: str | None = strawberry.field(default=None, description="The e-mail address of somebody new.")


@strawberry.type(description="The person holds the role.")
class GrantRolePayload:
    """The outcome of grantRole."""

    staff: Staff | None = strawberry.field(description="The person.")
    operation_id: strawberry.ID = operation_id()


GrantRoleResult = Annotated[
    GrantRolePayload | InvalidInput | NotFound | EmailTaken | RoleHeld,
    strawberry.union("GrantRoleResult", description="The role granted, or why not."),
]


async def resolve(info: Info, input: GrantRoleInput) -> GrantRoleResult:
    """Build the command and carry it out."""
    done = await carry_out(info, GrantRole(**vars(input)))
    return GrantRolePayload(
        staff=await info.context.load(STAFF, done.outcome.staff_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "grant_role",
        "Trusts a person with a role, on the whole chain or at one branch. Sent again for the same person it is "
        "refused as held; sent again with a name it takes in another person, unless the e-mail address is known.",
    ),
)
