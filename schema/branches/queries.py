"""Reading branches."""

import strawberry

from domain.branches import store
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch, branch_of
from schema.connections import Connection, connection, page
from schema.context import Info


@strawberry.type
class BranchQueries:
    """Mixed into the root query."""

    @strawberry.field(description="One branch of the chain; null for any other id.")
    async def branch(self, info: Info, id: strawberry.ID) -> Branch | None:
        return await info.context.load(BRANCH, id)

    @strawberry.field(description="The branches of the chain, in the order in which they opened.")
    async def branches(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Branch] | None:
        asked = page(first, after, "branches")
        found = await store.page(info.context.actor, asked.after[0] if asked.after else None, asked.size + 1)
        return connection(found, asked, branch_of, lambda branch: [branch.id])
