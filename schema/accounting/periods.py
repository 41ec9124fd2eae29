"""Accounting periods as the graph shows them."""

from datetime import date, datetime

import strawberry

from domain.accounting import periods_store as store
from domain.accounting.periods_store import Period
from schema.connections import Connection, connection, page
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown

PERIOD = Loader(store.by_ids)


@strawberry.type(
    description="Days whose books were closed: what came for them later was posted on the first open day. "
    "They are closed still unless they were reopened."
)
class AccountingPeriod(Node):
    """A period."""

    first_day: date | None = strawberry.field(description="The first day; null from the beginning of the books on.")
    last_day: date = strawberry.field(description="The last day.")
    closed_at: datetime = strawberry.field(description="When it was closed.")
    reopened_at: datetime | None = strawberry.field(description="When it was reopened; null while it is closed.")
    period: strawberry.Private[Period]

    @strawberry.field(description="The operation that closed it, which says who did and why.")
    async def closed_by(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.period.closed_by)

    @strawberry.field(description="The operation that reopened it.")
    async def reopened_by(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.period.reopened_by) if self.period.reopened_by else None


def period_of(period: Period) -> AccountingPeriod:
    """A period as the graph shows it."""
    return AccountingPeriod(
        id=strawberry.ID(period.id),
        first_day=period.first_day,
        last_day=period.last_day,
        closed_at=period.closed_at,
        reopened_at=period.reopened_at,
        period=period,
    )


async def period_shown(info: Info, id: str) -> AccountingPeriod | None:
    """A period as the actor may see it."""
    found = await info.context.load(PERIOD, id)
    return period_of(found) if found else None


@strawberry.type
class PeriodQueries:
    """Mixed into the root query."""

    @strawberry.field(description="The accounting periods that were closed, newest first.")
    async def periods(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[AccountingPeriod] | None:
        asked = page(first, after, "periods")
        behind = asked.after[0] if asked.after else None
        found = await store.page(info.context.actor, asked.size + 1, behind)
        return connection(found, asked, period_of, lambda period: [period.id])
