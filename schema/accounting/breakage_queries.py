"""Reading estimates of breakage, and the runs that catch packages up with them."""

import strawberry

from domain.accounting import breakage_reading as reading
from schema.accounting.breakage_types import BreakageEstimate, BreakageRun, estimate_of, run_of
from schema.connections import Connection, connection, page
from schema.context import Info


@strawberry.type
class BreakageQueries:
    """Mixed into the root query."""

    @strawberry.field(
        description="The runs that catch packages up with an estimate or another method of breakage, newest first."
    )
    async def breakage_runs(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[BreakageRun] | None:
        asked = page(first, after, "breakageRuns")
        behind = asked.after[0] if asked.after else None
        found = await reading.runs_page(info.context.actor, asked.size + 1, behind)
        return connection(found, asked, run_of, lambda view: [view.id])

    @strawberry.field(
        description="What was expected never to be used of the chain's definitions, or of one, newest first."
    )
    async def breakage_estimates(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        definition_id: strawberry.ID | None = None,
    ) -> Connection[BreakageEstimate] | None:
        asked = page(first, after, "breakageEstimates")
        behind = asked.after[0] if asked.after else None
        found = await reading.estimates_page(info.context.actor, asked.size + 1, behind, definition_id)
        return connection(found, asked, estimate_of, lambda view: [view.id])
