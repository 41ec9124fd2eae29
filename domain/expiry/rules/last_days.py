"""Pure rules of last days: when a lot has lapsed, and what moving its last day makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.ledger.rules import Lot
from domain.packages import rules as packages
from domain.packages.rules import Blockable
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class LotDated:
    """A lot whose last day was moved: from which day to which."""

    lot_id: str
    was: date
    last_day: date

    @property
    def days(self) -> int:
        """By how many days."""
        return (self.last_day - self.was).days


def lapsed(lot: Lot, package: Blockable, at: datetime) -> bool:
    """Whether the lot has lapsed by the instant; while a dispute lasts nothing does that was alive when it began."""
    kept = package.disputed_at is not None and package.disputed_at < lot.lapses_at
    return at >= lot.lapses_at and not kept


def moved_to(lot: Lot, day: date, sold: Sold) -> Lot:
    """The lot with another last day, by the rules of its package."""
    return packages.dated(lot, day, sold.terms, sold.home_time_zone)


def dated(before: Sequence[Lot], after: Sequence[Lot]) -> tuple[LotDated, ...]:
    """What was done to the last days of these lots, in their order."""
    return tuple(LotDated(old.id, old.last_day, new.last_day) for old, new in zip(before, after, strict=True))
