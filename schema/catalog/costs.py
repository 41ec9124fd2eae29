"""What it costs to deliver one session of a service, from which day on."""

from asyncio import gather
from datetime import date

import strawberry

from domain.catalog import cost_store
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.scalars import Money, money_of

COSTS = Loader(cost_store.costs_of)


@strawberry.type(description="What one session of a service costs a branch to deliver, from a day on.")
class DeliveryCost:
    """A cost with its branch."""

    branch: Branch = strawberry.field(description="The branch that performs the service.")
    starts_on: date = strawberry.field(description="From which day on, by the branch's clock; until the next one.")
    cost: Money | None = strawberry.field(description="What a session costs; null where it is not known from then on.")


async def costs_shown(info: Info, service_id: str) -> list[DeliveryCost]:
    """The costs of a service as the graph shows them."""
    costs = await info.context.load(COSTS, service_id) or []
    return await gather(*(_shown(info, cost) for cost in costs))


async def _shown(info: Info, cost: cost_store.DeliveryCost) -> DeliveryCost:
    branch = await info.context.load(BRANCH, cost.branch_id)
    assert branch is not None, "a cost's branch belongs to the chain of its service"
    amount = None if cost.cost_minor is None else money_of(cost.cost_minor, branch.currency)
    return DeliveryCost(branch=branch, starts_on=cost.starts_on, cost=amount)
