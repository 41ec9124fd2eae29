"""The service as the graph shows it."""

from collections.abc import Mapping

import strawberry

from domain.catalog import reading, store
from domain.kernel.access import Actor
from schema.catalog.costs import DeliveryCost, costs_shown
from schema.catalog.prices import ServicePrice, prices_of
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.scalars import Money


@strawberry.type(description="What a session buys.")
class Service(Node):
    """A service."""

    code: str = strawberry.field(description="Its short name in lists, unique in the chain.")
    name: str = strawberry.field(description="Its name for people.")
    category: str = strawberry.field(description="The heading it is listed under; may be empty.")
    duration_minutes: int = strawberry.field(description="How long a session lasts.")
    group_class: bool = strawberry.field(description="Whether several customers come to one session.")
    tax_code: str = strawberry.field(description="Its tax code in the chain's accounts; may be empty.")

    @strawberry.field(description="What a session costs, branch by branch; it is not offered at any other.")
    async def prices(self, info: Info) -> list[ServicePrice]:
        return await prices_of(info, self.id)

    @strawberry.field(description="What a single session costs at a branch; null where it is not offered.")
    async def list_price(self, info: Info, branch_id: strawberry.ID) -> Money | None:
        prices = await prices_of(info, self.id)
        return next((price.list_price for price in prices if price.branch.id == branch_id), None)

    @strawberry.field(
        description="What a session costs to deliver, by branch and in the order of the days from which it counts."
    )
    async def delivery_costs(self, info: Info) -> list[DeliveryCost]:
        return await costs_shown(info, self.id)


def service_of(service: store.Service) -> Service:
    """A service as the graph shows it."""
    return Service(
        id=strawberry.ID(service.id),
        code=service.code,
        name=service.name,
        category=service.category,
        duration_minutes=service.duration_minutes,
        group_class=service.group_class,
        tax_code=service.tax_code,
    )


async def _services(actor: Actor, ids: list[str]) -> Mapping[str, Service]:
    return {service.id: service_of(service) for service in await reading.services_by_ids(actor, ids)}


SERVICE = Loader(_services)
