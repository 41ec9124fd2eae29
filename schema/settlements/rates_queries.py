"""Reading settlement rates."""

from typing import Annotated

import strawberry

from domain.settlements import rates_store
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.reports.arguments import refuse_unless_possible
from schema.settlements.rates_types import SettlementRate, rate_of

BranchId = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Those that concern this branch on either side; all that you may see if left out."),
]


@strawberry.type
class SettlementRateQueries:
    """Mixed into the root query."""

    @strawberry.field(
        description="What branches earn for the sessions of each other's packages: every rate that was ever set, or "
        "those that concern one branch on either side, newest first. Shows the rates that concern a branch where a "
        "role that may read them is held. A branch that there is not is BAD_USER_INPUT."
    )
    async def settlement_rates(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        branch_id: BranchId = None,
    ) -> Connection[SettlementRate] | None:
        await refuse_unless_possible(info, "settlement rates", branch_id)
        asked = page(first, after, "settlementRates", branch_id)
        behind = asked.after[0] if asked.after else None
        found = await rates_store.rates_page(info.context.actor, asked.size + 1, behind, branch_id)
        return connection(found, asked, rate_of, lambda view: [view.rate.id])
