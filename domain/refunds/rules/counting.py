"""Counts sessions of lots for a refund: which are given back, which are left, and what is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.catalog.rules import tax_in
from domain.catalog.terms import Item, Terms
from domain.ledger.order_of_use import in_order_of_use
from domain.ledger.rules import Bucket, Lot, Origin
from domain.packages.rules import is_due
from domain.refunds.rules.standing import Bought, BoughtItem, Counted

SOLD = (Origin.PURCHASE, Origin.BONUS, Origin.IMPORT)
"""The origins of lots that the price of a package is for."""

REFUNDABLE = (*SOLD, Origin.TOP_UP)
"""The origins of lots that were paid for here: what was given or taken over was not."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is counted: by the clock, with the dispute that has stopped it where there is one."""

    now: datetime
    disputed_at: datetime | None = None

    def left(self, lot: Lot) -> int:
        """What of the lot has not lapsed, whether or not that is posted; what a booking holds stays with it."""
        return lot.held if is_due(lot, self.disputed_at, self.now) else lot.left

    def lapsed(self, lot: Lot) -> int:
        """What of the lot has lapsed, whether or not that is posted."""
        return lot.expired + lot.left - self.left(lot)


def given_back(
    lots: Sequence[Lot], terms: Terms, released: Mapping[str, int], sessions: int | None, at: Moment
) -> dict[str, int]:
    """The sessions that are given back, by lot: those that would be used last go first; all there are by default.

    What bookings hold goes only as far as it is released. Fewer sessions than are asked for are all there are.
    """
    own = [lot for lot in lots if lot.origin in REFUNDABLE]
    taken: dict[str, int] = {}
    for lot in reversed(in_order_of_use(own, terms.price.bonus_order)):
        there = at.left(lot) - lot.held + min(lot.held, released.get(lot.id, 0))
        count = there if sessions is None else min(there, sessions - sum(taken.values()))
        if count > 0:
            taken[lot.id] = count
    return taken


def bought(
    lots: Sequence[Lot],
    terms: Terms,
    price_minor: int,
    top_ups: Mapping[str, int],
    giving_back: Mapping[str, int],
    at: Moment,
) -> tuple[Bought, ...]:
    """The package as its terms have it, then each top-up by its own price; `price_minor` is for all of them.

    Sessions of the terms that no lot has are gone: they were used before an upgrade, or before an import.
    """
    sale = Bought(
        price_minor - sum(top_ups.values()),
        tuple(_item(item, index, lots, terms, giving_back, at) for index, item in enumerate(terms.items)),
    )
    added = [lot for lot in lots if lot.id in top_ups]
    return (sale, *(_top_up(lot, top_ups[lot.id], terms, giving_back, at) for lot in added))


def _item(
    item: Item, index: int, lots: Sequence[Lot], terms: Terms, giving_back: Mapping[str, int], at: Moment
) -> BoughtItem:
    own = [lot for lot in lots if lot.item == index and lot.origin in SOLD]
    paid, bonus = ([lot for lot in own if lot.bonus is is_bonus] for is_bonus in (False, True))
    return BoughtItem(
        _counted(item.paid, paid, giving_back, at), _counted(item.bonus, bonus, giving_back, at), _alone(item, terms)
    )


def _top_up(lot: Lot, price_minor: int, terms: Terms, giving_back: Mapping[str, int], at: Moment) -> Bought:
    alone = _alone(terms.items[lot.item], terms)
    return Bought(price_minor, (BoughtItem(_counted(lot.issued, [lot], giving_back, at), Counted(), alone),))


def _counted(sessions: int, lots: Sequence[Lot], giving_back: Mapping[str, int], at: Moment) -> Counted:
    left, refunded = sum(map(at.left, lots)), sum(lot.count(Bucket.REFUNDED) for lot in lots)
    lapsed = min(sum(map(at.lapsed, lots)), sessions - left - refunded)
    return Counted(
        sessions=sessions,
        left=left,
        giving_back=sum(giving_back.get(lot.id, 0) for lot in lots),
        refunded=refunded,
        lapsed=lapsed,
        moved=min(sum(lot.moved for lot in lots), sessions - left - refunded - lapsed),
    )


def _alone(item: Item, terms: Terms) -> int:
    """The list price with tax; of several services that an item lets choose from, the dearest."""
    return sum(tax_in(terms.price, max(item.list_prices_minor, default=0)))
