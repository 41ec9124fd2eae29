"""What branches earn for the sessions of each other, as the graph shows it."""

from datetime import date

import strawberry

from domain.settlements import rates_store
from domain.settlements.rates import Basis
from domain.settlements.rates_store import RateView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.enums import enum
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown
from schema.percent import percent_of
from schema.scalars import Decimal

RATE = Loader(rates_store.rates_by_ids)

enum(
    Basis,
    name="SettlementBasis",
    description="What a branch earns for a session of a package that is at home at another branch.",
    SESSION_VALUE="What the session is worth in the package, without tax; this counts where no rate was ever set.",
    LIST_PERCENT="A percentage of its own list price of the service; also for a session that is worth nothing in the "
    "package. Where it has no list price for the service, what the session is worth.",
)


@strawberry.type(
    description="What a branch earns for the sessions of another branch's packages, from a day on. Of those that apply "
    "to a visit, the narrowest counts: both branches named, then the home branch alone, then the performing branch "
    "alone, then none. Of equally narrow ones the one that starts last, and of these the one that was set last."
)
class SettlementRate(Node):
    """A rate; never changed, only followed by others."""

    basis: Basis = strawberry.field(description="What is earned.")
    percent: Decimal | None = strawberry.field(
        description="Per cent of the list price, with two digits; null for SESSION_VALUE."
    )
    starts_on: date = strawberry.field(
        description="From which day on, by the clock of the branch that performs the visit."
    )
    view: strawberry.Private[RateView]

    @strawberry.field(description="The branch that owes the sessions; null for any.")
    async def home_branch(self, info: Info) -> Branch | None:
        return await _branch(info, self.view.rate.home_id)

    @strawberry.field(description="The branch that performs them; null for any.")
    async def performing_branch(self, info: Info) -> Branch | None:
        return await _branch(info, self.view.rate.performing_id)

    @strawberry.field(description="The operation that set it; null when you may not see that one.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id)


async def _branch(info: Info, branch_id: str | None) -> Branch | None:
    return await info.context.load(BRANCH, branch_id) if branch_id else None


def rate_of(view: RateView) -> SettlementRate:
    """A rate as the graph shows it."""
    rate = view.rate
    return SettlementRate(
        id=strawberry.ID(rate.id),
        basis=rate.basis,
        percent=None if rate.percent_bp is None else percent_of(rate.percent_bp),
        starts_on=rate.starts_on,
        view=view,
    )


async def rate_shown(info: Info, rate_id: str) -> SettlementRate | None:
    """A rate as the actor may see it."""
    view = await info.context.load(RATE, rate_id)
    return rate_of(view) if view else None
