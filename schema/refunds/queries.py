"""Reading refunds, and what one would come to."""

from datetime import datetime

import strawberry

from domain.kernel.access import Actor
from domain.refunds import reading
from domain.refunds.asked import State
from domain.refunds.view import RefundFilter, RefundOrder, RefundView
from schema.connections import Connection, connection, page
from schema.context import Info, Loader
from schema.refunds import quote
from schema.refunds.types import Refund, refund_of, refund_shown

Key = tuple[int, str | None, str]


@strawberry.input(description="Which refunds; every part that is given must hold.")
class RefundFilterInput:
    """The filter of refunds."""

    package_id: strawberry.ID | None = strawberry.field(default=None, description="Of this package.")
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Of what this customer gave back.")
    branch_id: strawberry.ID | None = strawberry.field(
        default=None, description="Owed by this branch, or asked for while the package was at home there."
    )
    states: list[State] = strawberry.field(default_factory=list, description="In one of these states.")
    requested_from: datetime | None = strawberry.field(default=None, description="Asked for at or after this instant.")
    requested_before: datetime | None = strawberry.field(default=None, description="Asked for before this instant.")

    def chosen(self) -> RefundFilter:
        """The filter as the domain knows it."""
        return RefundFilter(**{**vars(self), "states": tuple(dict.fromkeys(self.states))})


async def _of_packages(actor: Actor, keys: list[Key]) -> dict[Key, list[RefundView]]:
    """One statement for each page asked for."""
    found: dict[Key, list[RefundView]] = {}
    for size, behind in dict.fromkeys((size, behind) for size, behind, _ in keys):
        ids = [package_id for *asked, package_id in keys if asked == [size, behind]]
        each = await reading.of_packages(actor, ids, size, behind)
        found |= {(size, behind, package_id): refunds for package_id, refunds in each.items()}
    return found


OF_PACKAGE: Loader[Key, list[RefundView]] = Loader(_of_packages)


async def refunds_of_package(info: Info, package_id: str, first: int | None, after: str | None) -> Connection[Refund]:
    """A page of the refunds of a package; many packages take one statement together."""
    asked = page(first, after, "refunds", package_id)
    behind = asked.after[0] if asked.after else None
    found = await info.context.load(OF_PACKAGE, (asked.size + 1, behind, package_id)) or []
    return connection(found, asked, refund_of, lambda view: [view.id])


@strawberry.type
class RefundQueries:
    """Mixed into the root query."""

    refund_quote: quote.RefundQuoteResult | None = quote.QUERY

    @strawberry.field(description="One refund; null when there is none that you may see.")
    async def refund(self, info: Info, id: strawberry.ID) -> Refund | None:
        return await refund_shown(info, id)

    @strawberry.field(
        description="What customers gave back, or asked to: for customers their own, for the staff of single branches "
        "what these owe or are to pay out, and what was given back of packages that concern them."
    )
    async def refunds(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: RefundFilterInput | None = None,
        order_by: RefundOrder = RefundOrder.REQUESTED_LAST_FIRST,
    ) -> Connection[Refund] | None:
        chosen = filter.chosen() if filter else RefundFilter()
        asked = page(first, after, "refunds", chosen, order_by)
        behind = asked.after[0] if asked.after else None
        found = await reading.page(info.context.actor, chosen, order_by, asked.size + 1, behind)
        return connection(found, asked, refund_of, lambda view: [view.id])
