"""The last day of a lot, and the validity that a first use starts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.catalog.rules import first_last_day, last_day
from domain.catalog.terms import Expiry, Terms, Validity, ValidityStart
from domain.kernel.calendar import end_of_day, local_date
from domain.ledger.rules import Lot, Origin
from domain.packages.sold import Frozen, Sold

SOLD = (Origin.PURCHASE, Origin.BONUS, Origin.TRANSFER)
"""The origins of the lots that a sale issues or takes over, and so those whose first use starts validity."""

STARTED = (*SOLD, Origin.TOP_UP)
"""The origins of the lots whose validity it starts: what was added lasts by its days longer than what was sold."""


def dated(lot: Lot, day: date, terms: Terms, time_zone: str) -> Lot:
    """The lot with this last day, and the instants that follow from it by the branch's clock; goodwill has no grace."""
    soft = terms.validity.expiry is Expiry.SOFT and lot.origin is not Origin.GOODWILL
    grace = terms.validity.grace_days if soft else 0
    return replace(
        lot,
        last_day=day,
        expires_at=end_of_day(day, time_zone),
        lapses_at=end_of_day(day + timedelta(days=grace), time_zone),
    )


def start_by(validity: Validity, sold_on: date) -> date | None:
    """The last day to start, where validity starts with the first use."""
    return first_last_day(validity, sold_on) if validity.starts is ValidityStart.FIRST_USE else None


def first_use(sold: Sold, taken: Sequence[Lot], at: datetime) -> date | None:
    """The day from which validity runs when this use is what starts it.

    That is the use of a sold session before it lapsed, earlier than any use before; what was booked and is kept
    beyond the last day to start starts nothing.
    """
    in_time = any(lot.origin in SOLD and at < lot.lapses_at for lot in taken)
    return local_date(at, sold.home_time_zone) if may_start(sold, at) and in_time else None


def may_start(sold: Sold, at: datetime) -> bool:
    """Whether a use at the instant would be the first, or earlier than the one by which validity has started."""
    by_first_use = sold.terms.validity.starts is ValidityStart.FIRST_USE
    return by_first_use and (sold.first_used_on is None or local_date(at, sold.home_time_zone) < sold.first_used_on)


def not_started(sold: Sold, lots: Sequence[Lot]) -> list[Lot]:
    """The lots of a package whose first use was undone: the last day to start counts again."""
    assert sold.start_by is not None
    day = sold.start_by
    return [_not_started(lot, sold, day) if lot.origin in STARTED else lot for lot in lots]


def _not_started(lot: Lot, sold: Sold, day: date) -> Lot:
    """What was added is never dated before the day on which that was."""
    if lot.origin is Origin.TOP_UP:
        day = max(day + _added(lot, sold), local_date(lot.issued_at, sold.home_time_zone))
    return dated(lot, day, sold.terms, sold.home_time_zone)


def _added(lot: Lot, sold: Sold) -> timedelta:
    """The days by which the lot lasts longer than what was sold."""
    return timedelta(days=sold.terms.change.top_up_days) if lot.origin is Origin.TOP_UP else timedelta()


def started(lots: Sequence[Lot], sold: Sold, day: date, freezes: Sequence[Frozen]) -> list[Lot]:
    """The lots of a package whose validity starts with the first use on this day; granted ones keep their dates.

    Days that were added since an earlier start stay added; those of the freezes since the new one come to them.
    """
    return [_started(lot, sold, day, freezes) if lot.origin in STARTED else lot for lot in lots]


def _started(lot: Lot, sold: Sold, day: date, freezes: Sequence[Frozen]) -> Lot:
    validity, before = sold.terms.validity, sold.first_used_on
    added = _added(lot, sold) if before is None else lot.last_day - last_day(validity, before)
    since = [each for each in freezes if day <= each.starts_on and (before is None or each.starts_on < before)]
    fresh = dated(lot, last_day(validity, day), sold.terms, sold.home_time_zone)
    frozen = _with_days_of(since, fresh, sold)
    return dated(frozen, frozen.last_day + added, sold.terms, sold.home_time_zone)


def _with_days_of(freezes: Sequence[Frozen], lot: Lot, sold: Sold) -> Lot:
    """The lot with the days of the freezes, in order, that lengthened it and begin while it lives; each day once."""
    counted_to = date.min
    for freeze in freezes:
        days = freeze.thaws_on - max(freeze.starts_on, counted_to)
        if lot.id in freeze.lots and freeze.frozen_from < lot.lapses_at and days > timedelta():
            lot = dated(lot, lot.last_day + days, sold.terms, sold.home_time_zone)
            counted_to = freeze.thaws_on
    return lot
