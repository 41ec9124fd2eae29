"""What one session costs at the branches that offer it."""

from asyncio import gather
from collections import defaultdict
from collections.abc import Mapping

import strawberry

from domain.catalog import reading
from domain.catalog.store import BranchPrice
from domain.kernel.access import Actor
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Context, Info, Loader
from schema.scalars import Money, money_of


async def _prices(actor: Actor, service_ids: list[str]) -> Mapping[str, list[BranchPrice]]:
    found: dict[str, list[BranchPrice]] = defaultdict(list)
    for service_id, price in await reading.prices_of(actor, service_ids):
        found[service_id].append(price)
    return found


PRICES = Loader(_prices)


@strawberry.type(description="What one session of a service costs at one branch.")
class ServicePrice:
    """A price with its branch."""

    branch: Branch = strawberry.field(description="The branch that offers the service.")
    list_price: Money = strawberry.field(description="What a customer pays for a single session.")
    delivery_cost: Money | None = strawberry.field(
        description="What delivering a session costs the branch; null when it is not known."
    )


async def prices_of(info: Info, service_id: str) -> list[ServicePrice]:
    """The prices of a service as the graph shows them."""
    prices = await info.context.load(PRICES, service_id) or []
    return await gather(*(_shown(info.context, price) for price in prices))


async def _shown(context: Context, price: BranchPrice) -> ServicePrice:
    branch = await context.load(BRANCH, price.branch_id)
    assert branch is not None, "a price's branch belongs to the chain of its service"
    cost = price.delivery_cost_minor
    return ServicePrice(
        branch=branch,
        list_price=money_of(price.list_price_minor, branch.currency),
        delivery_cost=None if cost is None else money_of(cost, branch.currency),
    )
