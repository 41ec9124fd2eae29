"""Pure: what a session of a package costs, beside what it costs alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.catalog.terms import Item, Terms
from domain.kernel.money import round_half_up
from domain.ledger.allocation import Weighed, allocate


@dataclass(frozen=True, slots=True)
class ItemPricing:
    """One item: alone at list price, and in the package by its share of the price."""

    item: Item
    alone_minor: int
    in_package_minor: int


@dataclass(frozen=True, slots=True)
class Pricing:
    """The whole package; `saved_minor` is negative where the package costs more than its sessions alone."""

    in_package_minor: int
    alone_minor: int
    saved_minor: int
    items: tuple[ItemPricing, ...]


def pricing(terms: Terms, list_prices: Mapping[str, int]) -> Pricing:
    """The comparison at a branch with these list prices; bonus sessions count, for they are sessions too.

    Of several services that an item lets choose from, the dearest is compared. The price is shared over the items
    as at the sale: by list price times sessions.
    """
    alone = [max((list_prices.get(service, 0) for service in item.service_ids), default=0) for item in terms.items]
    weighed = [Weighed(price, item.paid, item.bonus) for price, item in zip(alone, terms.items, strict=True)]
    shares = allocate(terms.price.amount_minor, weighed, terms.price.bonus_value)
    items = tuple(
        ItemPricing(item, price, round_half_up(share.allocated, item.paid + item.bonus))
        for item, price, share in zip(terms.items, alone, shares, strict=True)
    )
    total = sum(item.alone_minor * (item.item.paid + item.item.bonus) for item in items)
    return Pricing(
        in_package_minor=round_half_up(terms.price.amount_minor, terms.sessions),
        alone_minor=round_half_up(total, terms.sessions),
        saved_minor=total - terms.price.amount_minor,
        items=items,
    )
