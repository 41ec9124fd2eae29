"""`packageProfit`: what packages brought in, less what their sessions cost and what was given up."""

from datetime import date
from typing import Annotated

import strawberry

from domain.branches import store as branches
from domain.reports import profit
from domain.reports.figures import span
from domain.reports.profit_store import Asked, GroupBy
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.loaders import DEFINITION
from schema.catalog.types import PackageDefinition
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.enums import enum
from schema.packages.types import Package
from schema.packages.types import shown as package_shown
from schema.reports.arguments import WHO, AsOf, AtBranch, From, To, refuse_unless_possible
from schema.reports.figure import Figure, figure_of

enum(
    GroupBy,
    name="ProfitGroupBy",
    description="What a row of the report is about.",
    PACKAGE="One package.",
    DEFINITION="All packages sold under a definition.",
    BRANCH="A branch: the sessions it performed, and the breakage and fees of the packages at home there.",
    MONTH="A month.",
)


@strawberry.type(
    description="Revenue + breakage + fees - delivery cost - provider fees - concessions - bad debt = profit. Charges "
    "for single sessions, which no package had, are not among it."
)
class ProfitFigures:
    """The figures of one row, or of all."""

    revenue: Figure = strawberry.field(
        description="Revenue of sessions used, less those given back, without tax. It counts on the accounting day on "
        "which it was posted: the first open day where the books of the day of the visit were closed. Where a refund "
        "or an upgrade prices the sessions used anew, as by the list price, the difference counts on its day."
    )
    breakage: Figure = strawberry.field(description="Revenue of sessions that lapsed, or that are expected to.")
    fees: Figure = strawberry.field(description="What was kept of refunds as a fee, without tax.")
    delivery_cost: Figure = strawberry.field(
        description="What the sessions cost the branch that performed them, each at the cost of the day of its visit; "
        "what is given back costs less again, on the day it is given back. They count in the period of the visit, "
        "also where the books of that day were closed and its revenue counts later. Sessions whose cost is not known "
        "are counted in `sessionsWithoutCost`."
    )
    provider_fees: Figure = strawberry.field(
        description="What payment providers took: by package and definition the fees of disputes, by branch and month "
        "the fees of payouts too."
    )
    concessions: Figure = strawberry.field(
        description="What was given in refunds beyond what the terms give, as goodwill."
    )
    bad_debt: Figure = strawberry.field(description="What will never be paid.")
    profit: Figure = strawberry.field(
        description="What remains. By branch and month it is less the fees of payouts too, which belong to no package: "
        "by package and definition they are not among it."
    )
    sessions_without_cost: Figure = strawberry.field(
        description="Sessions used, less those given back, whose delivery cost is not known on the day of the visit: "
        "they stand in the profit as though they had cost nothing."
    )


@strawberry.type(description="The profit of one package, definition, branch or month.")
class ProfitRow:
    """A row of the report."""

    figures: ProfitFigures = strawberry.field(description="Its figures.")
    month: date | None = strawberry.field(description="The first day of the month, where rows are months.")
    group_by: strawberry.Private[GroupBy]
    key: strawberry.Private[str]

    @strawberry.field(description="The package, where rows are packages.")
    async def package(self, info: Info) -> Package | None:
        return await package_shown(info, self.key) if self.group_by is GroupBy.PACKAGE else None

    @strawberry.field(description="The definition, where rows are definitions.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.key) if self.group_by is GroupBy.DEFINITION else None

    @strawberry.field(description="The branch, where rows are branches.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.key) if self.group_by is GroupBy.BRANCH else None


@strawberry.type(description="The profit of packages over a period.")
class PackageProfit:
    """The report."""

    asked: strawberry.Private[Asked]

    @strawberry.field(
        description="The rows: packages and definitions by their ids, which is by their age, branches by "
        "theirs, months by the calendar; none without any figure."
    )
    async def rows(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[ProfitRow]:
        part = page(first, after, "profit", self.asked)
        behind = part.after[0] if part.after else None
        found = await profit.page(info.context.actor, self.asked, part.size + 1, behind)
        return connection(found.rows, part, lambda row: self._row(row, found.currency), lambda row: [row.key])

    @strawberry.field(
        description="All rows together. They differ between groupings: the fees of payouts belong to no package, so "
        "they are in the totals by branch and month, and not in those by package and definition."
    )
    async def totals(self, info: Info) -> ProfitFigures:
        actor = info.context.actor
        currency = (await branches.chain(actor.chain_id)).currency
        return _figures(await profit.totals(actor, self.asked, currency), currency)

    def _row(self, row: profit.Profit, currency: str) -> ProfitRow:
        by = self.asked.group_by
        month = date.fromisoformat(f"{row.key}-01") if by is GroupBy.MONTH else None
        return ProfitRow(figures=_figures(row, currency), month=month, group_by=by, key=row.key)


def _figures(found: profit.Profit, currency: str) -> ProfitFigures:
    return ProfitFigures(
        **{name: figure_of(getattr(found, name), currency) for name in profit.Profit.__slots__ if name != "key"}
    )


async def resolve(
    info: Info,
    from_: From,
    to: To,
    group_by: Annotated[GroupBy, strawberry.argument(description="What a row is about.")],
    branch_id: AtBranch = None,
    as_of: AsOf = None,
) -> PackageProfit | None:
    """Ask for the report."""
    await refuse_unless_possible(info, "package profit", branch_id, as_of=as_of)
    asked = Asked(span(from_, to, as_of), group_by, branch_id)
    return PackageProfit(asked=asked)


QUERY = strawberry.field(
    resolver=resolve,
    description="Package profit over a period: recognised revenue and breakage, less what the sessions cost to "
    "deliver, what payment providers took, and what was given up. Sessions and what they cost count on the day of the "
    f"visit, revenue on the day of its posting. {WHO}",
)
