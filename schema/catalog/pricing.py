"""What a session costs in the package, beside what it costs alone."""

from asyncio import gather

import strawberry

from domain.catalog import pricing
from domain.catalog.terms import Terms
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.prices import PRICES
from schema.catalog.service import SERVICE, Service
from schema.context import Info
from schema.loading import load_all
from schema.scalars import Money, money_of


@strawberry.type(description="One item of a package: a session alone, and in the package.")
class ItemPricing:
    """Prices of an item."""

    sessions: int = strawberry.field(description="Sessions of the item, paid and free.")
    single_session_price: Money = strawberry.field(
        description="The list price of a single session; of the dearest service, where several may be chosen."
    )
    per_session_price: Money = strawberry.field(description="The item's share of the price, per session.")
    service_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description="The services: each session is for any one of them.")
    async def services(self, info: Info) -> list[Service]:
        return await load_all(info, SERVICE, self.service_ids)


@strawberry.type(description="What a package costs at a branch beside what its sessions cost there one by one.")
class Pricing:
    """The comparison."""

    branch: Branch = strawberry.field(description="The branch whose list prices are compared.")
    single_session_price: Money = strawberry.field(
        description="The list price of a single session, on the average of the package's sessions."
    )
    per_session_price: Money = strawberry.field(description="The price of the package by its sessions, free ones too.")
    saved: Money = strawberry.field(description="All sessions at list price, less the price of the package.")
    items: list[ItemPricing] = strawberry.field(description="The same item by item.")


async def pricing_of(info: Info, terms: Terms, branch_id: str) -> Pricing | None:
    """The comparison at a branch; None when there is no such branch or it does not offer all the services."""
    branch = await info.context.load(BRANCH, branch_id)
    list_prices = await _list_prices(info, terms.service_ids, branch_id)
    if branch is None or not list_prices.keys() >= set(terms.service_ids):
        return None
    found, currency = pricing.pricing(terms, list_prices), terms.price.currency
    return Pricing(
        branch=branch,
        single_session_price=money_of(found.alone_minor, currency),
        per_session_price=money_of(found.in_package_minor, currency),
        saved=money_of(found.saved_minor, currency),
        items=[_item(item, currency) for item in found.items],
    )


def _item(priced: pricing.ItemPricing, currency: str) -> ItemPricing:
    return ItemPricing(
        sessions=priced.item.paid + priced.item.bonus,
        single_session_price=money_of(priced.alone_minor, currency),
        per_session_price=money_of(priced.in_package_minor, currency),
        service_ids=priced.item.service_ids,
    )


async def _list_prices(info: Info, service_ids: tuple[str, ...], branch_id: str) -> dict[str, int]:
    prices = await gather(*(info.context.load(PRICES, service_id) for service_id in service_ids))
    return {
        service_id: price.list_price_minor
        for service_id, offered in zip(service_ids, prices, strict=True)
        for price in offered or []
        if price.branch_id == branch_id
    }
