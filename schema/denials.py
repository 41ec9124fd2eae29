"""What was denied, as the graph shows it to who owns the chain."""

from datetime import datetime

import strawberry

from domain.kernel import denials
from domain.kernel.denials import DenialView
from schema.connections import Connection, connection, page
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.operation import PrincipalReference

DENIAL = Loader(denials.by_ids)


@strawberry.type(
    description="What somebody asked for and may not do or read. It is the only thing that was written then."
)
class Denial(Node):
    """A denial."""

    asked: str = strawberry.field(
        description="The act, such as redeem_session, or what was to be read, such as `read journal entries`."
    )
    principal: PrincipalReference = strawberry.field(description="Who asked.")
    needs: str = strawberry.field(description="What it would have taken.")
    denied_at: datetime = strawberry.field(description="When.")


def denial_of(view: DenialView) -> Denial:
    """A denial as the graph shows it."""
    return Denial(
        id=strawberry.ID(view.id),
        asked=view.asked,
        principal=PrincipalReference(kind=view.principal, id=strawberry.ID(view.principal_id)),
        needs=view.needs,
        denied_at=view.denied_at,
    )


async def denial_shown(info: Info, id: str) -> Denial | None:
    """A denial as the actor may see it."""
    found = await info.context.load(DENIAL, id)
    return denial_of(found) if found else None


@strawberry.type
class DenialQueries:
    """Mixed into the root query."""

    @strawberry.field(
        description="What was denied to anybody in the chain, newest first. Ids that there are not, or that whoever "
        "asked may not see, are not found and so no denials."
    )
    async def denials(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Denial] | None:
        asked = page(first, after, "denials")
        found = await denials.page(info.context.actor, asked.size + 1, asked.after[0] if asked.after else None)
        return connection(found, asked, denial_of, lambda view: [view.id])
