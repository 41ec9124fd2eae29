"""Pure rules of disputes: how many days a package is given back for the time in which nobody could use it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from domain.ledger.rules import Lot
from domain.packages.sold import Frozen


def suspended(lots: Iterable[Lot], disputed_at: datetime) -> list[Lot]:
    """The lots that a dispute keeps alive: there when it began, not lapsed by then, and with something left."""
    return [lot for lot in lots if lot.left > 0 and lot.issued_at <= disputed_at < lot.lapses_at]


def days_lost(lot_id: str, since: date, won_on: date, freezes: Sequence[Frozen]) -> timedelta:
    """The local days in which a dispute kept the lot alive, without those that a freeze has added to it anyway."""
    days = (won_on - since).days
    for freeze in freezes:
        if lot_id in freeze.lots:
            days -= max(0, (min(freeze.thaws_on, won_on) - max(freeze.starts_on, since)).days)
    return timedelta(days=days)
