"""`collections`: the money that came in, by day, branch and method."""

from datetime import date
from typing import Annotated

import strawberry

from domain.branches import store as branches
from domain.ledger.accounts import PaymentMethod
from domain.reports import collections
from domain.reports.figures import Lines, span
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.errors import BadUserInput
from schema.reports.arguments import WHO, AsOf, AtBranch, From, To, refuse_unless_possible
from schema.reports.figure import Figure, figure_of

_REFUNDED = "What was paid out of refunds; it is taken off `collected` already."


@strawberry.type(description="What came in at a branch by one method on one day.")
class Collected:
    """A row of the report."""

    day: date = strawberry.field(description="The accounting day.")
    method: PaymentMethod = strawberry.field(description="How the money came in.")
    collected: Figure = strawberry.field(description="What came in less what went back.")
    refunded: Figure = strawberry.field(description=_REFUNDED)
    branch_id: strawberry.Private[str]

    @strawberry.field(description="The branch that took it in.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)


@strawberry.type(description="What came in by one method.")
class CollectedByMethod:
    """The total of a method."""

    method: PaymentMethod = strawberry.field(description="How the money came in.")
    collected: Figure = strawberry.field(description="What came in less what went back.")
    refunded: Figure = strawberry.field(description=_REFUNDED)


@strawberry.type(description="What came in over the whole period.")
class CollectionTotals:
    """The totals of the report."""

    by_method: list[CollectedByMethod] = strawberry.field(description="By method.")
    collected: Figure = strawberry.field(description="By all methods.")
    refunded: Figure = strawberry.field(description=_REFUNDED)
    disputed: Figure = strawberry.field(
        description="What the provider kept back in disputes, less what it gave back when they were won; it is not "
        "taken off the collections, and `method` makes no difference to it."
    )


@strawberry.type(description="The money that came in, by day, branch and method.")
class Collections:
    """The report."""

    lines: strawberry.Private[Lines]
    currency: strawberry.Private[str]

    @strawberry.field(description="The rows by day, branch and method; none where no money came in or was taken back.")
    async def rows(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[Collected]:
        asked = page(first, after, self.lines)
        place = _place(asked.after)
        found = await collections.page(info.context.actor, self.lines, self.currency, asked.size + 1, place)
        return connection(found, asked, self._row, _keys)

    @strawberry.field(description="The totals of the whole period.")
    async def totals(self, info: Info) -> CollectionTotals:
        found = await collections.totals(info.context.actor, self.lines, self.currency)
        return CollectionTotals(
            by_method=[
                CollectedByMethod(
                    method=method,
                    collected=figure_of(figure, self.currency),
                    refunded=figure_of(refunded, self.currency),
                )
                for method, figure, refunded in found.by_method
            ],
            collected=figure_of(found.collected, self.currency),
            refunded=figure_of(found.refunded, self.currency),
            disputed=figure_of(found.disputed, self.currency),
        )

    def _row(self, row: collections.Collected) -> Collected:
        return Collected(
            day=row.day,
            method=row.method,
            collected=figure_of(row.figure, self.currency),
            refunded=figure_of(row.refunded, self.currency),
            branch_id=row.branch_id,
        )


def _keys(row: collections.Collected) -> list[str]:
    return [row.day.isoformat(), row.branch_id, row.method.value]


def _place(keys: list[str] | None) -> tuple[date, str, str] | None:
    if keys is None:
        return None
    try:
        day, branch_id, method = keys
        return date.fromisoformat(day), branch_id, method
    except ValueError as error:
        raise BadUserInput("The cursor is malformed. Take it from an edge of the same connection.") from error


async def resolve(
    info: Info,
    from_: From,
    to: To,
    branch_id: AtBranch = None,
    method: Annotated[PaymentMethod | None, strawberry.argument(description="Only by this method.")] = None,
    as_of: AsOf = None,
) -> Collections | None:
    """Ask for the report."""
    actor = info.context.actor
    await refuse_unless_possible(info, "collections", branch_id, as_of=as_of)
    lines = collections.money_in(span(from_, to, as_of), branch_id, method)
    currency = (await branches.chain(actor.chain_id)).currency
    return Collections(lines=lines, currency=currency)


QUERY = strawberry.field(
    resolver=resolve,
    description="Collections: the money that came in, as the register shows it. What was taken back, a payment "
    "reversed or a sale void, and what was paid out of refunds counts below zero on the day it went back; credit used "
    f"or given for a refund is no money, payouts of the provider and disputes are no collections. {WHO}",
)
