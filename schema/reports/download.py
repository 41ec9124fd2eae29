"""`reportDownload`: a link that hands a report over as CSV."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from domain.ledger.accounts import PaymentMethod
from domain.reports.profit_store import GroupBy
from domain.reports.tables.registry import Report, refuse_unless_possible, settled
from domain.reports.tables.table import Asked
from schema.context import Info
from schema.links import Download
from schema.reports import enums  # noqa: F401 - importing it describes Report
from schema.reports.arguments import AtBranch


@strawberry.type(description="Where a report can be fetched as CSV.")
class ReportDownload:
    """A link and how long it is good for."""

    url: str = strawberry.field(
        description="Answers GET and HEAD without other credentials, so treat it as a secret. What the rows show is "
        "what you may read when it is used: a role that was taken away meanwhile gives nothing."
    )
    expires_at: datetime = strawberry.field(description="From then on it is answered with 410.")


@strawberry.type
class DownloadQueries:
    """Mixed into the root query."""

    @strawberry.field(
        description="A link to a report as CSV in UTF-8, good for 15 minutes: every row, however many there are. "
        "Columns are called as the fields of the graph, in snake case; amounts are decimals in the currency of the "
        "column `currency`; a text that a spreadsheet would carry out as a formula has an apostrophe before it. "
        "For whoever may read the report itself; others are refused as they are there."
    )
    async def report_download(
        self,
        info: Info,
        report: Annotated[Report, strawberry.argument(description="The report.")],
        to: Annotated[date, strawberry.argument(description="The last day that counts.")],
        from_: Annotated[
            date | None,
            strawberry.argument(
                name="from",
                description="The first day that counts. TRIAL_BALANCE has none: it counts everything up to the last.",
            ),
        ] = None,
        branch_id: AtBranch = None,
        definition_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Only this package definition, for DEFERRED_REVENUE."),
        ] = None,
        method: Annotated[
            PaymentMethod | None, strawberry.argument(description="Only by this method, for COLLECTIONS.")
        ] = None,
        group_by: Annotated[
            GroupBy | None,
            strawberry.argument(description="What a row is about, for PACKAGE_PROFIT; PACKAGE when left out."),
        ] = None,
        as_of: Annotated[
            datetime | None,
            strawberry.argument(
                description="Leave out what was recorded after this instant; now when left out, however late the "
                "link is used."
            ),
        ] = None,
    ) -> ReportDownload | None:
        context, asked = info.context, Asked(from_, to, branch_id, definition_id, method, group_by, as_of)
        await refuse_unless_possible(context.actor, report, asked)
        actor = context.actor
        link = context.link(Download(actor.kind, actor.id, actor.chain_id, report, settled(report, asked)))
        return ReportDownload(url=link.url, expires_at=link.expires_at)
