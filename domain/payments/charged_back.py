"""Pure rules of lost disputes: which sessions the money that never comes back would have paid for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.catalog.terms import TaxPoint
from domain.kernel.money import round_half_up
from domain.ledger.order_of_use import in_order_of_use
from domain.ledger.rules import Lot, Origin, released
from domain.packages import rules
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class Taken:
    """Sessions of a lot that are taken away; `held` of them a booking would still need."""

    lot_id: str
    sessions: int
    held: int


def tax_of(sold: Sold, value_minor: int, before_minor: int) -> int:
    """The tax that was due at sale on so much of the value, after what was taken away before.

    What is taken away in all is rounded half up, so that many parts have the tax of their sum; none where tax falls due
    with the use.
    """
    net_minor = sold.price_minor - sold.tax_minor
    if sold.terms.price.tax_point is not TaxPoint.AT_SALE or net_minor == 0:
        return 0
    by_now = round_half_up(sold.tax_minor * (before_minor + value_minor), net_minor)
    return by_now - round_half_up(sold.tax_minor * before_minor, net_minor)


def taken_away(sold: Sold, lots: Sequence[Lot], amount_minor: int, before_minor: int, now: datetime) -> list[Taken]:
    """As many sessions as the amount is worth, tax included; those that would be used last go first.

    What was taken over from another package was paid for with that one, and what has lapsed is gone anyway. What
    carries no value of its own goes only along with all that does.
    """
    own = [lot for lot in lots if lot.origin is not Origin.TRANSFER and still_there(lot, sold, now) > 0]
    last_first = in_order_of_use(own, sold.terms.price.bonus_order)[::-1]
    taken, value = [], 0
    for lot in (lot for lot in last_first if lot.value_left_minor):
        sessions = _affordable(sold, lot, still_there(lot, sold, now), amount_minor, value, before_minor)
        if sessions:
            value += released(lot.value_left_minor, sessions, lot.left)
            taken.append(_taken(lot, sessions, sold, now))
        if sessions < still_there(lot, sold, now):
            return taken
    return taken + [
        _taken(lot, still_there(lot, sold, now), sold, now) for lot in last_first if not lot.value_left_minor
    ]


def still_there(lot: Lot, sold: Sold, now: datetime) -> int:
    """What of the lot has not lapsed: what a booking holds stays with it."""
    return lot.held if rules.is_due(lot, sold.disputed_at, now) else lot.left


def _affordable(sold: Sold, lot: Lot, left: int, amount_minor: int, value_minor: int, before_minor: int) -> int:
    """How many sessions of the lot the amount is worth, on top of a value that is taken already."""
    for sessions in range(left, 0, -1):
        value = value_minor + released(lot.value_left_minor, sessions, lot.left)
        if value + tax_of(sold, value, before_minor) <= amount_minor:
            return sessions
    return 0


def _taken(lot: Lot, sessions: int, sold: Sold, now: datetime) -> Taken:
    available = still_there(lot, sold, now) - lot.held
    return Taken(lot.id, sessions, max(0, sessions - available))
