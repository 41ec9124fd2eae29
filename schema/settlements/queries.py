"""Reading settlements."""

from typing import Annotated

import strawberry

from domain.settlements import reading
from domain.settlements.states import SettlementState
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.settlements.types import Settlement, settlement_of, settlement_shown

State = Annotated[
    SettlementState | None, strawberry.argument(description="Only those that have come as far; all when left out.")
]


@strawberry.type
class SettlementQueries:
    """Mixed into the root query."""

    @strawberry.field(
        description="The settlements between branches, newest first, or those of one state. Those who read the books "
        "of single branches see the ones with lines of these branches."
    )
    async def settlements(
        self, info: Info, first: int | None = None, after: str | None = None, state: State = None
    ) -> Connection[Settlement] | None:
        asked = page(first, after, "settlements", state)
        behind = asked.after[0] if asked.after else None
        found = await reading.runs_page(info.context.actor, asked.size + 1, behind, state)
        return connection(found, asked, settlement_of, lambda view: [view.id])

    @strawberry.field(description="A settlement; null where there is none that you may see.")
    async def settlement(self, info: Info, id: strawberry.ID) -> Settlement | None:
        return await settlement_shown(info, id)
