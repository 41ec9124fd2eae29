"""The roll-forward of deferred revenue as the graph shows it."""

from dataclasses import fields
from datetime import date, datetime

import strawberry

from domain.reports import deferred_revenue as report
from domain.reports import figures
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.loaders import DEFINITION
from schema.catalog.types import PackageDefinition
from schema.context import Info
from schema.reports.arguments import WHO, AsOf, AtBranch, From, To, refuse_unless_possible
from schema.reports.figure import Figure, figure_of
from schema.scalars import CurrencyCode


@strawberry.type(
    description="Opening + sold + brought in + topped up + moved in - recognised - re-estimated - lapsed - refunded - "
    "voided - moved out = closing. Value is net of tax that was due at the sale."
)
class RollForward:
    """The figures of one line of the report, or of all."""

    opening: Figure = strawberry.field(description="Value of the sessions left before the first day.")
    sold: Figure = strawberry.field(description="Value of sessions sold.")
    brought_in: Figure = strawberry.field(description="Value left in packages that came from another system.")
    topped_up: Figure = strawberry.field(description="Value of sessions added to packages.")
    moved_in: Figure = strawberry.field(
        description="Value that came from other packages or branches, such as those renewed, handed on or moved; of an "
        "upgrade all that the new package holds, also what was paid more for it."
    )
    recognised: Figure = strawberry.field(description="Value released by sessions used, less those given back.")
    reestimated: Figure = strawberry.field(description="Value released by new estimates of breakage.")
    lapsed: Figure = strawberry.field(description="Value of sessions that lapsed, less those reinstated.")
    refunded: Figure = strawberry.field(description="Value taken back for refunds and lost disputes.")
    voided: Figure = strawberry.field(description="Value of sales that were void.")
    moved_out: Figure = strawberry.field(description="Value that went to other packages or branches.")
    closing: Figure = strawberry.field(description="Value of the sessions left after the last day.")


@strawberry.type(description="The roll-forward of one definition at one branch.")
class DeferredRevenueRow:
    """A row of the report."""

    figures: RollForward = strawberry.field(description="Its figures.")
    row: strawberry.Private[report.DeferredRow]

    @strawberry.field(description="The branch that owes the sessions.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.row.branch_id)

    @strawberry.field(description="The definition that the packages were sold under.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.row.definition_id)


@strawberry.type(description="Deferred revenue rolled forward over a period.")
class DeferredRevenue:
    """The report."""

    from_: date = strawberry.field(name="from", description="The first accounting day.")
    to: date = strawberry.field(description="The last accounting day.")
    as_of: datetime | None = strawberry.field(description="What was recorded after this instant is left out.")
    currency: CurrencyCode = strawberry.field(description="The currency of all amounts.")
    rows: list[DeferredRevenueRow] = strawberry.field(
        description="By branch and definition, those that have had any deferred revenue by the last day."
    )
    totals: RollForward = strawberry.field(description="All rows together.")


async def resolve(
    info: Info,
    from_: From,
    to: To,
    branch_id: AtBranch = None,
    definition_id: strawberry.ID | None = None,
    as_of: AsOf = None,
) -> DeferredRevenue | None:
    """Ask for the report."""
    span = figures.span(from_, to, as_of)
    await refuse_unless_possible(info, "deferred revenue", branch_id, definition_id, as_of)
    found = await report.deferred_revenue(info.context.actor, span, branch_id, definition_id)
    return DeferredRevenue(
        from_=from_,
        to=to,
        as_of=as_of,
        currency=CurrencyCode(found.currency),
        rows=[DeferredRevenueRow(figures=_shown(row.figures, found.currency), row=row) for row in found.rows],
        totals=_shown(found.totals, found.currency),
    )


def _shown(found: report.RollForward, currency: str) -> RollForward:
    return RollForward(**{each.name: figure_of(getattr(found, each.name), currency) for each in fields(found)})


QUERY = strawberry.field(
    resolver=resolve,
    description=f"The roll-forward of deferred revenue by branch and definition; its closing is the value of all "
    f"sessions left. {WHO}",
)
