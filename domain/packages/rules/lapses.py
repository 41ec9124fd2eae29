"""Lots as the clock has them: what has lapsed is gone, whether or not a sweep has written it down."""

from collections.abc import Iterable
from datetime import datetime

from domain.ledger.rules import Bucket, Lot, carried_by, moved


def is_due(lot: Lot, disputed_at: datetime | None, at: datetime) -> bool:
    """Whether sessions of the lot have lapsed; while a payment is disputed nothing does that had not when it began."""
    return lot.available > 0 and lapsed_by(lot.lapses_at, disputed_at, at)


def lapsed_by(lapses_at: datetime, disputed_at: datetime | None, at: datetime) -> bool:
    """Whether what lapses at the one instant has lapsed by the other."""
    return lapses_at <= at and (disputed_at is None or lapses_at <= disputed_at)


def by_the_clock(lots: Iterable[Lot], disputed_at: datetime | None, at: datetime) -> list[Lot]:
    """The lots as they will be once everything that is due at the instant has been posted."""
    return [_lapsed(lot) if is_due(lot, disputed_at, at) else lot for lot in lots]


def _lapsed(lot: Lot) -> Lot:
    carried = carried_by(lot, Bucket.AVAILABLE, Bucket.EXPIRED, lot.available)
    return moved(lot, Bucket.AVAILABLE, Bucket.EXPIRED, lot.available, carried)
