"""The lines of settlements as the graph shows them, and the rows behind each."""

from datetime import date, datetime

import strawberry

import schema.settlements.enums  # noqa: F401 - the states that are told
from domain.ledger.accounts import Event
from domain.settlements import proof, reading
from domain.settlements.proof import RowView, Window
from domain.settlements.reading import LineView
from domain.settlements.states import LineState
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.connections import Connection, connection, number, page
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown
from schema.packages.types import Package
from schema.packages.types import shown as package_shown
from schema.scalars import Money, money_of

LINE = Loader(reading.lines_by_ids)
ROWS = Loader(proof.rows_behind)


@strawberry.type(
    description="What one entry says that two branches owe each other, as it counts in a line of a settlement; the "
    "rows of a line add up to it exactly."
)
class SettlementRow:
    """One row behind a line."""

    entry_id: strawberry.ID = strawberry.field(description="The journal entry, by which it can be disputed.")
    operation_id: strawberry.ID = strawberry.field(description="The id of the operation that posted it.")
    event: Event = strawberry.field(description="What the entry tells of.")
    effective_at: datetime = strawberry.field(description="When the visit was, or what else it tells of counts.")
    posted_on: date = strawberry.field(description="The accounting day.")
    sessions: int = strawberry.field(
        description="Sessions performed, below zero where they were taken back; 0 where it is about something else."
    )
    one_owes: Money = strawberry.field(description="What `one` owes for it; below zero where it is taken back.")
    other_owes: Money = strawberry.field(description="What `other` owes for it; below zero where it is taken back.")
    package_id: strawberry.ID | None = strawberry.field(
        description="The id of the package; null for what is about none."
    )
    view: strawberry.Private[RowView]

    @strawberry.field(description="The operation that posted it; null when you may not see that one.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id)

    @strawberry.field(description="The package; null for what is about none, or when you may not see it.")
    async def package(self, info: Info) -> Package | None:
        return await package_shown(info, self.view.package_id) if self.view.package_id else None

    @strawberry.field(description="The service that was performed; null for what is about no visit.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.view.service_id) if self.view.service_id else None


@strawberry.type(description="What two branches owe each other in a settlement, both sides, and who pays the rest.")
class SettlementLine(Node):
    """A line."""

    one_owes: Money = strawberry.field(description="What `one` owes `other`; below zero where more was taken back.")
    other_owes: Money = strawberry.field(description="What `other` owes `one`; below zero where more was taken back.")
    net: Money = strawberry.field(description="What the debtor pays the creditor; zero where it cancels out.")
    intercompany: bool = strawberry.field(description="Whether the branches belong to different companies.")
    row_count: int = strawberry.field(description="How many rows are behind it.")
    state: LineState = strawberry.field(description="Whether it is paid.")
    paid_on: date | None = strawberry.field(description="The accounting day of the payment; null until it is paid.")
    paid_by: strawberry.ID | None = strawberry.field(
        description="The user or API key that confirmed the payment; null until it is paid."
    )
    view: strawberry.Private[LineView]

    @strawberry.field(description="The one branch.")
    async def one(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.pair.one_id)

    @strawberry.field(description="The other branch.")
    async def other(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.pair.other_id)

    @strawberry.field(description="The branch that pays; null where it cancels out.")
    async def debtor(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.pair.debtor_id) if self.view.pair.debtor_id else None

    @strawberry.field(description="The branch that is paid; null where it cancels out.")
    async def creditor(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.pair.creditor_id) if self.view.pair.creditor_id else None

    @strawberry.field(description="The operation that posted the payment; null until then, or when you may not see it.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id) if self.view.operation_id else None

    @strawberry.field(
        description="Every entry behind it, in the order in which they were posted: what is put aside is not among "
        "them, and what an earlier settlement had put aside and this one took up is."
    )
    async def rows(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[SettlementRow]:
        asked = page(first, after, self.view.id)
        window = Window(asked.size + 1, number(asked.after) or 0)
        found = await info.context.load(ROWS, (window, self.view.id)) or []
        return connection(found, asked, self._row, lambda row: [str(row.id)])

    def _row(self, row: RowView) -> SettlementRow:
        return SettlementRow(
            entry_id=strawberry.ID(row.entry_id),
            operation_id=strawberry.ID(row.operation_id),
            event=row.event,
            effective_at=row.effective_at,
            posted_on=row.posted_on,
            sessions=row.sessions,
            one_owes=money_of(row.one_owes_minor, self.view.currency),
            other_owes=money_of(row.other_owes_minor, self.view.currency),
            package_id=strawberry.ID(row.package_id) if row.package_id else None,
            view=row,
        )


def line_of(view: LineView) -> SettlementLine:
    """A line as the graph shows it."""
    return SettlementLine(
        id=strawberry.ID(view.id),
        one_owes=money_of(view.pair.one_owes_minor, view.currency),
        other_owes=money_of(view.pair.other_owes_minor, view.currency),
        net=money_of(view.pair.net_minor, view.currency),
        intercompany=view.intercompany,
        row_count=view.pair.entries,
        state=view.state,
        paid_on=view.paid_on,
        paid_by=strawberry.ID(view.paid_by) if view.paid_by else None,
        view=view,
    )


async def line_shown(info: Info, line_id: str) -> SettlementLine | None:
    """A line as the actor may see it."""
    view = await info.context.load(LINE, line_id)
    return line_of(view) if view else None
