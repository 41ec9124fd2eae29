"""The mutation revokeRole."""

from typing import Annotated

import strawberry

from domain.kernel.access import Role
from domain.people.revoke_role import RevokeRole
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.people.loaders import STAFF
from schema.people.refusals import LastOwner, RoleNotHeld
from schema.people.types import Staff
from schema.refusals import NotFound


@strawberry.input(description="Whose role is taken, just as it is held.")
class RevokeRoleInput:
    """The input of revokeRole."""

    staff_id: strawberry.ID = strawberry.field(description="The person on the staff.")
    role: Role = strawberry.field(description="The role.")
    branch_id: strawberry.ID | None = strawberry.field(
        default=None, description="The branch where it is held; the whole chain unless given."
    )


@strawberry.type(description="The person holds the role no more.")
class RevokeRolePayload:
    """The outcome of revokeRole."""

    staff: Staff | None = strawberry.field(description="The person, with the roles that are left.")
    operation_id: strawberry.ID = operation_id()


RevokeRoleResult = Annotated[
    RevokeRolePayload | NotFound | RoleNotHeld | LastOwner,
    strawberry.union("RevokeRoleResult", description="The role taken, or why not."),
]


async def resolve(info: Info, input: RevokeRoleInput) -> RevokeRoleResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RevokeRole(**vars(input)))
    return RevokeRolePayload(
        staff=await info.context.load(STAFF, done.outcome.staff_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "revoke_role",
        "Takes a role from a person, on the whole chain or at one branch: it counts from the next request on, and who "
        "holds no role any more cannot sign in. What was done with it stays. The last OWNER of the whole chain stays "
        "one. Sent again it is refused as not held.",
    ),
)
