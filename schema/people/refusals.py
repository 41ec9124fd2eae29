"""Refusals about roles and API keys as the graph shows them."""

from datetime import datetime

import strawberry

from domain.kernel.access import Role
from domain.people import errors
from schema.refusals import UserError, refusal

ID = strawberry.ID


@refusal(errors.RoleHeld)
class RoleHeld(UserError):
    """Held already."""

    staff_id: ID = strawberry.field(description="The person.")
    role: Role = strawberry.field(description="The role.")
    branch_id: ID | None = strawberry.field(description="The branch; null for the whole chain.")


@refusal(errors.RoleNotHeld)
class RoleNotHeld(UserError):
    """Not held, or no more."""

    staff_id: ID = strawberry.field(description="The person.")
    role: Role = strawberry.field(description="The role.")
    branch_id: ID | None = strawberry.field(description="The branch; null for the whole chain.")


@refusal(errors.LastOwner)
class LastOwner(UserError):
    """The chain would be nobody's."""

    staff_id: ID = strawberry.field(description="The person.")


@refusal(errors.EmailTaken)
class EmailTaken(UserError):
    """In use."""

    email: str = strawberry.field(description="The e-mail address.")
    staff_id: ID = strawberry.field(description="The person who has it.")


@refusal(errors.AlreadyRevoked)
class AlreadyRevoked(UserError):
    """Revoked before."""

    api_key_id: ID = strawberry.field(description="The key.")
    revoked_at: datetime = strawberry.field(description="Since when it may be used no more.")
