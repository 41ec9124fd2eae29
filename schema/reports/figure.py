"""A figure of a report as the graph shows it, and the rows that it is the sum of."""

from datetime import date, datetime

import strawberry

from domain.ledger.accounts import Account, Event, PaymentMethod
from domain.reports import figures
from domain.reports import rows as behind
from domain.reports.rows_store import Place
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.errors import BadUserInput
from schema.ledger.operation import Operation, operation_shown
from schema.packages.types import Package
from schema.packages.types import shown as package_shown
from schema.scalars import Money, instant, money_of


@strawberry.type(
    description="A journal line or sessions that moved, as it counts in a figure; the rows add up to it exactly."
)
class FigureRow:
    """One row behind a figure."""

    posted_on: date = strawberry.field(
        description="The accounting day of a line, or the day of a visit by the branch's clock."
    )
    effective_at: datetime = strawberry.field(description="When it counts for the business.")
    amount: Money | None = strawberry.field(description="How much it counts for; null where sessions are counted.")
    sessions: int | None = strawberry.field(
        description="How many sessions it counts for, below zero where they were given back; null for amounts."
    )
    account: Account | None = strawberry.field(description="The account of a line.")
    event: Event | None = strawberry.field(description="What the entry of a line tells of.")
    payment_method: PaymentMethod | None = strawberry.field(description="How the money came in, where a line says so.")
    package_id: strawberry.ID | None = strawberry.field(description="The id of the package it is about.")
    operation_id: strawberry.ID = strawberry.field(description="The id of the operation that wrote it.")
    row: strawberry.Private[behind.FigureRow]

    @strawberry.field(description="The branch in whose books it is, or that was visited.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.row.branch_id)

    @strawberry.field(description="The package it is about.")
    async def package(self, info: Info) -> Package | None:
        return await package_shown(info, self.row.package_id) if self.row.package_id else None

    @strawberry.field(description="The service that was performed.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.row.service_id) if self.row.service_id else None

    @strawberry.field(description="The operation that wrote it.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.row.operation_id)


@strawberry.type(description="A figure of a report: an amount or a count, how it came about, and the rows behind it.")
class Figure:
    """An amount or a count."""

    label: str = strawberry.field(description="What it is, in a few words.")
    amount: Money | None = strawberry.field(description="The amount; null where the figure counts sessions.")
    count: int | None = strawberry.field(description="How many sessions; null where the figure is an amount.")
    formula: str = strawberry.field(description="How it came about, in figures or in words.")
    figure: strawberry.Private[figures.Figure]
    currency: strawberry.Private[str]

    @strawberry.field(
        description="The lines and sessions that add up to it, one kind after the other, each by day. Operations of "
        "the meantime count when they come; with `asOf` the rows of a report stay what they were."
    )
    async def rows(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[FigureRow]:
        asked = page(first, after, self.figure.source, self.figure.sign)
        found = await behind.rows_of(info.context.actor, self.figure, asked.size + 1, _place(self.figure, asked.after))
        return connection(found, asked, self._row, lambda row: _keys(row.place))

    def _row(self, row: behind.FigureRow) -> FigureRow:
        return FigureRow(
            posted_on=row.posted_on,
            effective_at=row.effective_at,
            amount=None if row.counts_sessions else money_of(row.value, self.currency),
            sessions=row.value if row.counts_sessions else None,
            account=row.account,
            event=row.event,
            payment_method=row.payment_method,
            package_id=strawberry.ID(row.package_id) if row.package_id else None,
            operation_id=strawberry.ID(row.operation_id),
            row=row,
        )


def figure_of(figure: figures.Figure, currency: str) -> Figure:
    """A figure as the graph shows it."""
    counts = behind.counts_sessions(figure.source)
    return Figure(
        label=figure.label,
        amount=None if counts else money_of(figure.value, currency),
        count=figure.value if counts else None,
        formula=figure.formula,
        figure=figure,
        currency=currency,
    )


def _keys(place: Place) -> list[str]:
    return [str(place.leaf), place.moment.isoformat(), str(place.id)]


def _place(figure: figures.Figure, keys: list[str] | None) -> Place | None:
    """The place in a cursor, which nobody but Carnet writes; one that was tampered with is refused."""
    if keys is None:
        return None
    try:
        leaf, moment, row = keys
        is_day = len(moment) == len("2026-03-14")
        place = Place(int(leaf), date.fromisoformat(moment) if is_day else instant(moment), int(row))
    except ValueError:
        place = None
    if place is None or not behind.is_place(figure, place):
        raise BadUserInput("The cursor is malformed. Take it from an edge of the same connection.")
    return place
