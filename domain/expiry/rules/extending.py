"""Pure rules of extensions: which lots get which last day, and what the clock, the chain and the role forbid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.branches.settings import Settings
from domain.catalog.rules import LAST_YEAR
from domain.expiry.errors import (
    BadLastDay,
    ExtensionBeyondRole,
    LastDayNotLater,
    NothingToExtend,
    ReinstatementNeedsManager,
    ReinstatementTooLate,
)
from domain.expiry.rules.last_days import lapsed, moved_to
from domain.kernel.calendar import local_date, start_of_day
from domain.kernel.errors import NotFound
from domain.ledger.rules import Lot
from domain.packages import rules as packages
from domain.packages.sold import Sold

LATEST = date(LAST_YEAR, 12, 31)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an extension is to do: one last day for all, or so many days for each; for all lots unless some are named.

    With `as_of` it is for those that were there then and had not lapsed.
    """

    last_day: date | None
    days: int | None
    lot_ids: tuple[str, ...]
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks when: the instant, the chain's settings, and whether it is more than the front desk."""

    now: datetime
    settings: Settings
    manages: bool


@dataclass(frozen=True, slots=True)
class Extension:
    """The lots that are extended, before and after, in the same order."""

    before: tuple[Lot, ...]
    after: tuple[Lot, ...]

    @property
    def pairs(self) -> list[tuple[Lot, Lot]]:
        """Each lot before and after."""
        return list(zip(self.before, self.after, strict=True))

    @property
    def days(self) -> int:
        """The days added, the most of any lot."""
        return max((new.last_day - old.last_day).days for old, new in self.pairs)


def extended(sold: Sold, lots: Sequence[Lot], asked: Asked, desk: Desk) -> Extension:
    """The lots that get a later last day; refuses what leaves nothing, comes too late or goes beyond the role.

    Unless it is named, a lot that lapsed and may not come back is passed over as long as there are others.
    """
    later = [(lot, moved_to(lot, _last_day(lot, asked), sold)) for lot in _left(sold, lots, asked)]
    later = _in_calendar(sold, _longer(sold, later, asked), desk.now)
    later = _within_reach(sold, later, bool(asked.lot_ids), desk)
    extension = Extension(tuple(lot for lot, _ in later), tuple(lot for _, lot in later))
    _refuse_beyond_role(sold, extension, desk)
    return extension


def lapsed_by(lot: Lot, sold: Sold, at: datetime) -> bool:
    """Whether the lot has lapsed by the clock, or sessions of it were posted as lapsed."""
    return lot.expired > 0 or lapsed(lot, sold, at)


def days_of_desk(extension: Extension, desk: Desk) -> int:
    """The days that the front desk has given itself: what a manager gives leaves it its own."""
    return 0 if desk.manages else extension.days


def start_by(sold: Sold, extension: Extension) -> date | None:
    """The last day to start moves along, after the first use by as many days: that may still be a mistake."""
    of_sale = [(old, new) for old, new in extension.pairs if new.origin in packages.SOLD]
    if sold.start_by is None or not of_sale:
        return sold.start_by
    if sold.first_used_on is None:
        return max([sold.start_by, *(new.last_day for _, new in of_sale)])
    return min(LATEST, sold.start_by + max(new.last_day - old.last_day for old, new in of_sale))


def _left(sold: Sold, lots: Sequence[Lot], asked: Asked) -> list[Lot]:
    unknown = set(asked.lot_ids) - {lot.id for lot in lots}
    if unknown:
        raise NotFound("lot", min(unknown), "lotIds")
    named = [lot for lot in lots if not asked.lot_ids or lot.id in asked.lot_ids]
    left = [lot for lot in named if lot.left + lot.expired > 0 and _there_then(lot, sold, asked.as_of)]
    if not left:
        raise NothingToExtend(sold.id)
    return left


def _there_then(lot: Lot, sold: Sold, as_of: datetime | None) -> bool:
    return as_of is None or (lot.issued_at <= as_of and not lapsed(lot, sold, as_of))


def _last_day(lot: Lot, asked: Asked) -> date:
    return asked.last_day or lot.last_day + timedelta(days=asked.days or 0)


def _longer(sold: Sold, later: list[tuple[Lot, Lot]], asked: Asked) -> list[tuple[Lot, Lot]]:
    longer = [(old, new) for old, new in later if new.last_day > old.last_day]
    if not longer:
        raise LastDayNotLater(sold.id, asked.last_day or later[0][1].last_day, [old.last_day for old, _ in later])
    return longer


def _in_calendar(sold: Sold, later: list[tuple[Lot, Lot]], now: datetime) -> list[tuple[Lot, Lot]]:
    """Without those that the days are too few to bring back, and those that they would take out of the calendar."""
    alive = [(old, new) for old, new in later if not lapsed(new, sold, now) and new.last_day <= LATEST]
    if not alive:
        today = local_date(now, sold.home_time_zone)
        raise BadLastDay(max(new.last_day for _, new in later), today, LATEST)
    return alive


def _within_reach(sold: Sold, later: list[tuple[Lot, Lot]], named: bool, desk: Desk) -> list[tuple[Lot, Lot]]:
    """Those that are alive, or may be brought back at this time by this actor."""
    gone = [old for old, _ in later if lapsed_by(old, sold, desk.now)]
    lost = [lot for lot in gone if not desk.manages or desk.now >= _until(lot, sold, desk)]
    if lost and (named or len(lost) == len(later)):
        newest = max(lost, key=lambda lot: lot.lapses_at)
        if not desk.manages:
            raise ReinstatementNeedsManager(sold.id, newest.lapses_at)
        raise ReinstatementTooLate(sold.id, newest.lapses_at, _until(newest, sold, desk))
    ids = {lot.id for lot in lost}
    return [(old, new) for old, new in later if old.id not in ids]


def _until(lot: Lot, sold: Sold, desk: Desk) -> datetime:
    """The local midnight from which what lapsed of the lot does not come back."""
    lapsed_on = local_date(lot.lapses_at, sold.home_time_zone)
    return start_of_day(lapsed_on + timedelta(days=desk.settings.reinstatement_days), sold.home_time_zone)


def _refuse_beyond_role(sold: Sold, extension: Extension, desk: Desk) -> None:
    most = max(0, desk.settings.desk_extension_days - sold.extended_days)
    if not desk.manages and extension.days > most:
        raise ExtensionBeyondRole(sold.id, extension.days, most)
