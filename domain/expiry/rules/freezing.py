"""Pure rules of freezes: when one may begin and end, which lots it lengthens, and what ending it early takes back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.catalog.terms import Use
from domain.expiry.errors import BadFreezePeriod, FreezeBeyondLimit, FreezeNotAllowed, NothingToFreeze
from domain.expiry.rules.last_days import lapsed, moved_to
from domain.kernel.calendar import local_date, start_of_day
from domain.ledger.rules import Lot
from domain.packages import rules as packages
from domain.packages.errors import PackageDisputed, PackageExpired, PackagePending
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class Used:
    """How many days in all, and how often, a package was frozen."""

    days: int = 0
    times: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when a package is frozen, in local days and as instants."""

    starts_on: date
    thaws_on: date
    frozen_from: datetime
    thaws_at: datetime

    @property
    def days(self) -> int:
        """The local days that are frozen."""
        return (self.thaws_on - self.starts_on).days


def refuse_unfreezable(sold: Sold, lots: Sequence[Lot], now: datetime) -> None:
    """Refuse what waits for a payment or a dispute, is frozen or to be so, has nothing left, or may not be frozen."""
    packages.refuse_ended(sold)
    if sold.activated_at is None:
        raise PackagePending(sold.id, sold.outstanding)
    if sold.disputed_at is not None:
        raise PackageDisputed(sold.id, sold.disputed_at, for_use=False)
    if sold.terms.use.freeze_days == 0:
        raise FreezeNotAllowed(sold.id)
    if sold.frozen_from is not None and sold.thaws_at is not None and now < sold.thaws_at:
        packages.refuse_frozen(sold, sold.frozen_from, sold.thaws_at)
    left = [lot for lot in lots if lot.left + lot.expired > 0]
    if not left:
        raise NothingToFreeze(sold.id)
    if all(lot.left == 0 or lapsed(lot, sold, now) for lot in left):
        last = max(left, key=lambda lot: lot.lapses_at)
        raise PackageExpired(sold.id, last.last_day, last.lapses_at)


def period(
    sold: Sold, lots: Sequence[Lot], starts_on: date | None, thaws_on: date | None, used: Used, now: datetime
) -> Period:
    """The time asked for: from now unless planned, as long as the terms still allow unless an end is given."""
    today = local_date(now, sold.home_time_zone)
    begins = starts_on or today
    last_lapse = max(lot.lapses_at for lot in lots if lot.left)
    latest = local_date(last_lapse - timedelta(microseconds=1), sold.home_time_zone)
    if not today <= begins <= latest or (thaws_on is not None and thaws_on <= begins):
        raise BadFreezePeriod(begins, thaws_on, today, latest)
    days = _days(sold, begins, thaws_on, used)
    ends = begins + timedelta(days=days)
    zone = sold.home_time_zone
    return Period(begins, ends, now if begins == today else start_of_day(begins, zone), start_of_day(ends, zone))


def _days(sold: Sold, begins: date, thaws_on: date | None, used: Used) -> int:
    allowed: Use = sold.terms.use
    days_left, times_left = max(0, allowed.freeze_days - used.days), max(0, allowed.freeze_times - used.times)
    asked = (thaws_on - begins).days if thaws_on else None
    if not days_left or not times_left or (asked or 0) > days_left:
        possible = days_left and times_left
        latest = begins + timedelta(days=days_left) if possible else None
        raise FreezeBeyondLimit(sold.id, asked, days_left, times_left, latest)
    return days_left if asked is None else asked


def lengthened(sold: Sold, lots: Sequence[Lot], frozen: Period) -> tuple[list[Lot], list[Lot]]:
    """The lots that still live when the freeze begins and have something left: as they are, and with its days."""
    kept = [lot for lot in lots if lot.left and frozen.frozen_from < lot.lapses_at]
    return kept, [moved_to(lot, lot.last_day + timedelta(days=frozen.days), sold) for lot in kept]


def shortened(
    sold: Sold, lots: Sequence[Lot], lot_ids: Collection[str], frozen_from: datetime, days: timedelta
) -> tuple[list[Lot], list[Lot]]:
    """The lots that got the days of a freeze: as they are, and without those that were not frozen.

    A lot whose validity started so early since that it ends before the freeze begins has lost these days already.
    """
    longer = [lot for lot in lots if lot.id in lot_ids and frozen_from < lot.lapses_at]
    return longer, [moved_to(lot, lot.last_day - days, sold) for lot in longer]


def start_by(sold: Sold, days: timedelta) -> date | None:
    """The last day to start moves along, also after the first use: that may still turn out to be a mistake."""
    return sold.start_by and sold.start_by + days
