"""The staff and API keys as the graph shows them."""

from collections.abc import Iterable
from datetime import datetime

import strawberry

from domain.kernel.access import Grant, Role, Scope
from domain.people import store
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info
from schema.interfaces import Node
from schema.people.roles import ROLES


@strawberry.type(description="A role that somebody holds now.")
class HeldRole:
    """A role with the branch where it is held."""

    role: Role = strawberry.field(description="The role.")
    branch_id: strawberry.Private[str | None]

    @strawberry.field(description="The branch where it is held; null when it is held on the whole chain.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id) if self.branch_id else None


def roles_of(grants: Iterable[Grant]) -> list[HeldRole]:
    """Roles as the graph shows them."""
    return [HeldRole(role=grant.role, branch_id=grant.branch_id) for grant in grants]


@strawberry.type(description="A person who works for the chain.")
class Staff(Node):
    """A member of the staff."""

    name: str = strawberry.field(description="The person's name.")
    email: str | None = strawberry.field(description="Where mail reaches the person.")

    @strawberry.field(description="The roles held now.")
    async def roles(self, info: Info) -> list[HeldRole] | None:
        grants = await info.context.load(ROLES, self.id)
        return None if grants is None else roles_of(grants)


def staff_of(person: store.Staff) -> Staff:
    """A member of the staff as the graph shows it."""
    return Staff(id=strawberry.ID(person.id), name=person.name, email=person.email)


@strawberry.type(description="A key by which an integration signs in; its secret is told once, when it is created.")
class ApiKey(Node):
    """An API key."""

    name: str = strawberry.field(description="The name to recognise it by.")
    scopes: list[Scope] = strawberry.field(description="What it is trusted with.")
    created_at: datetime = strawberry.field(description="Since when it may be used.")
    revoked_at: datetime | None = strawberry.field(description="Since when it may be used no more; null while it may.")


def api_key_of(key: store.ApiKey) -> ApiKey:
    """An API key as the graph shows it."""
    return ApiKey(
        id=strawberry.ID(key.id),
        name=key.name,
        scopes=list(key.scopes),
        created_at=key.created_at,
        revoked_at=key.revoked_at,
    )
