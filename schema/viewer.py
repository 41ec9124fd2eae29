"""Who asks."""

import strawberry

from domain.branches import store
from domain.kernel.access import Actor, Principal, Scope
from schema.branches.chain import Chain, chain_shown
from schema.branches.types import Branch, branch_of
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer
from schema.packages.queries import ViewerPackages
from schema.people.types import HeldRole, roles_of


@strawberry.type(description="Who asks, as the credentials say, and what is theirs.")
class Viewer(ViewerPackages):
    """The principal of the request."""

    id: strawberry.ID = strawberry.field(description="The id of the person, customer or API key.")
    kind: Principal = strawberry.field(description="What kind of principal.")
    name: str = strawberry.field(description="The person's name, or the API key's.")
    roles: list[HeldRole] = strawberry.field(description="The roles held now; only the staff hold any.")
    scopes: list[Scope] = strawberry.field(description="What an API key is trusted with; empty for people.")

    @strawberry.field(description="The customer who asks; null for staff and integrations.")
    async def customer(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, self.id) if self.kind is Principal.CUSTOMER else None

    @strawberry.field(description="The business in whose name it is asked.")
    async def chain(self, info: Info) -> Chain:
        return await chain_shown(info)

    @strawberry.field(
        description="The branches where a role is held, all of them for a role on the whole chain or an API key, and "
        "for customers; in the order in which they opened."
    )
    async def branches(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[Branch]:
        asked = page(first, after, "branches")
        actor = info.context.actor
        behind = asked.after[0] if asked.after else None
        held = None if actor.kind is Principal.CUSTOMER else actor.visible_branches
        found = await store.page(actor, behind, asked.size + 1, held)
        return connection(found, asked, branch_of, lambda branch: [branch.id])


def viewer_of(actor: Actor) -> Viewer:
    """The actor as the graph shows it."""
    return Viewer(
        id=strawberry.ID(actor.id),
        kind=actor.kind,
        name=actor.name,
        roles=roles_of(actor.grants),
        scopes=[scope for scope in Scope if scope in actor.scopes],
    )


@strawberry.type
class ViewerQueries:
    """Mixed into the root query."""

    @strawberry.field(description="Who asks.")
    def viewer(self, info: Info) -> Viewer | None:
        return viewer_of(info.context.actor)
