"""Pure rules of packages: what they are worth selling for, whether they may be used, what their status is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NoReturn, Protocol

from domain.catalog.rules import first_last_day, last_day, tax_in
from domain.catalog.terms import Activation, BranchScope, Expiry, GraceAllows, TaxPoint, Terms, Validity, ValidityStart
from domain.kernel.calendar import end_of_day, local_date
from domain.kernel.ids import new_id
from domain.kernel.money import Money, split_largest_remainder
from domain.ledger.rules import BonusOrder, Carried, Lot, Origin, Weighed, allocate, choose, in_order_of_use
from domain.packages.errors import (
    BadVisitTime,
    BranchClosed,
    GraceForBookedOnly,
    NotEnoughSessions,
    NotPaidFor,
    PackageDisputed,
    PackageExpired,
    PackageFrozen,
    PackagePending,
    WrongBranch,
    WrongPractitioner,
    WrongService,
)
from domain.packages.sold import Frozen, Place, Shortfall, Sold

SOLD = (Origin.PURCHASE, Origin.BONUS, Origin.TRANSFER)
"""The origins of the lots that a sale issues or takes over, and so those whose validity a first use starts."""


class Status(StrEnum):
    """What a package is at an instant; derived from its lots and the clock."""

    PENDING = "PENDING"
    DISPUTED = "DISPUTED"
    FROZEN = "FROZEN"
    ACTIVE = "ACTIVE"
    IN_GRACE = "IN_GRACE"
    EXPIRED = "EXPIRED"
    USED_UP = "USED_UP"


class Blockable(Protocol):
    """A package with the instants that decide whether something keeps it from being used."""

    @property
    def activated_at(self) -> datetime | None:
        """From when it may be used."""
        ...

    @property
    def frozen_from(self) -> datetime | None:
        """When its newest freeze begins."""
        ...

    @property
    def thaws_at(self) -> datetime | None:
        """When that freeze ends."""
        ...

    @property
    def disputed_at(self) -> datetime | None:
        """Since when a payment is disputed."""
        ...


def frozen(package: Blockable, at: datetime) -> bool:
    """Whether a freeze holds at the instant."""
    return (
        package.frozen_from is not None
        and package.thaws_at is not None
        and package.frozen_from <= at < package.thaws_at
    )


def disputed(package: Blockable, at: datetime) -> bool:
    """Whether a dispute holds at the instant."""
    return package.disputed_at is not None and package.disputed_at <= at


def status(package: Blockable, lots: Sequence[Lot], at: datetime) -> Status:
    """The status at an instant: what blocks the package first, then what is left and for how long."""
    left = [lot for lot in lots if lot.left > 0]
    live = [lot for lot in left if at < lot.lapses_at]
    if package.activated_at is None:
        return Status.PENDING
    if not left:
        return Status.EXPIRED if any(lot.expired for lot in lots) else Status.USED_UP
    if package.disputed_at is not None and disputed(package, at):
        # What had lapsed before is not kept by the dispute, whether the sweep has posted that or not.
        return Status.DISPUTED if any(package.disputed_at < lot.lapses_at for lot in left) else Status.EXPIRED
    if not live:
        return Status.EXPIRED
    if frozen(package, at):
        return Status.FROZEN
    return Status.ACTIVE if any(at < lot.expires_at for lot in live) else Status.IN_GRACE


def remaining(lots: Sequence[Lot], at: datetime, service_id: str | None = None) -> int:
    """Sessions that can still be used or booked at the instant, of one service or of any."""
    return sum(
        lot.available for lot in lots if at < lot.lapses_at and (service_id is None or service_id in lot.services)
    )


def lots_to_use(
    sold: Sold,
    lots: Sequence[Lot],
    place: Place,
    service_id: str,
    sessions: int,
    at: datetime,
    booked_at: datetime | None = None,
) -> list[tuple[Lot, int]]:
    """The lots that sessions used at the instant come from; refuses whatever the terms or the clock forbid.

    With `booked_at` it is a booking that is made now for then: grace for booked sessions is open to it as long as
    the last day has not ended.
    """
    refuse_blocked(sold, at)
    refuse_place(sold, place)
    eligible = [lot for lot in lots if service_id in lot.services]
    if not eligible:
        raise WrongService(sold.id, service_id, sold.terms.service_ids)
    usable = [lot for lot in eligible if lot.issued_at <= at < last_instant(sold.terms, lot, booked_at)]
    taken = choose(in_order_of_use(usable, sold.terms.price.bonus_order), sessions)
    count = sum(n for _, n in taken)
    if count < sessions:
        raise _too_few(sold, eligible, sessions, count, at, booked_at)
    return taken


def lots_and_shortfall(
    sold: Sold,
    lots: Sequence[Lot],
    place: Place,
    service_id: str,
    sessions: int,
    at: datetime,
    booked_at: datetime | None = None,
) -> tuple[list[tuple[Lot, int]], int]:
    """The same where the chain charges what is lacking: as many sessions as there are, and how many are not."""
    try:
        return lots_to_use(sold, lots, place, service_id, sessions, at, booked_at), 0
    except NotEnoughSessions as refusal:
        if place.shortfall is not Shortfall.CHARGE:
            raise
        there = refusal.remaining
        taken = lots_to_use(sold, lots, place, service_id, there, at, booked_at) if there else []
        return taken, sessions - there


def refuse_blocked(sold: Sold, at: datetime) -> None:
    """Refuse a package that is not active, disputed or frozen at the instant; every block must clear."""
    if sold.activated_at is None:
        raise PackagePending(sold.id, sold.outstanding)
    if sold.disputed_at is not None and disputed(sold, at):
        raise PackageDisputed(sold.id, sold.disputed_at)
    if sold.frozen_from is not None and sold.thaws_at is not None and frozen(sold, at):
        refuse_frozen(sold, sold.frozen_from, sold.thaws_at)


def refuse_frozen(sold: Sold, frozen_from: datetime, thaws_at: datetime) -> NoReturn:
    """Refuse for a freeze, with the day on which the package thaws by its home branch's clock."""
    raise PackageFrozen(sold.id, frozen_from, thaws_at, local_date(thaws_at, sold.home_time_zone))


def refuse_place(sold: Sold, place: Place) -> None:
    """Refuse branches or practitioners that the terms exclude."""
    where = sold.terms.where
    usable_at = {
        BranchScope.SELLING_BRANCH: (sold.selling_branch_id,),
        BranchScope.LISTED: where.branch_ids,
        BranchScope.CHAIN: (place.branch_id,),
    }[where.scope]
    if place.branch_id not in usable_at:
        raise WrongBranch(sold.id, place.branch_id, usable_at)
    if where.practitioner_ids and place.practitioner_id not in where.practitioner_ids:
        raise WrongPractitioner(sold.id, where.practitioner_ids)


def refuse_closed(place: Place, at: datetime) -> None:
    """Refuse a branch that had been closed by then."""
    if place.closed_at is not None and at >= place.closed_at:
        raise BranchClosed(place.branch_id, place.closed_at)


def refuse_visit_time(at: datetime, earliest: datetime, latest: datetime) -> None:
    """Refuse a visit outside the time in which it can have taken place."""
    if not earliest <= at <= latest:
        raise BadVisitTime(at, earliest, latest)


def packages_in_order(customer_id: str, packages: Iterable[Sold], lots: Iterable[Lot]) -> list[Sold]:
    """The customer's own packages, then the shared ones, each time in the order in which their lots are used."""
    held = {sold.id: sold for sold in packages}
    ordered = in_order_of_use(lots, BonusOrder.LAST)
    ids = dict.fromkeys(lot.package_id for lot in ordered)
    return sorted((held[package_id] for package_id in ids), key=lambda sold: sold.holder_id != customer_id)


def last_instant(terms: Terms, lot: Lot, booked_at: datetime | None = None) -> datetime:
    """The first instant at which a session of the lot can no longer be used: booked at an instant, or unbooked."""
    booked_only = terms.validity.grace_allows is GraceAllows.BOOKED_ONLY
    booked_in_time = booked_at is not None and booked_at < lot.expires_at
    return lot.expires_at if booked_only and not booked_in_time else lot.lapses_at


def _too_few(
    sold: Sold, eligible: Sequence[Lot], asked: int, count: int, at: datetime, booked_at: datetime | None
) -> NotEnoughSessions | PackageExpired | GraceForBookedOnly:
    lapsed = [lot for lot in eligible if lot.available + lot.expired and at >= last_instant(sold.terms, lot, booked_at)]
    if count or not lapsed:
        return NotEnoughSessions(sold.id, asked, count)
    latest = max(lapsed, key=lambda lot: lot.lapses_at)
    if at < latest.lapses_at:
        return GraceForBookedOnly(sold.id, latest.last_day, latest.lapses_at)
    return PackageExpired(sold.id, latest.last_day, latest.lapses_at)


def refuse_unpaid(sold: Sold, after: Sequence[Lot], lapsed: Mapping[str, Carried]) -> None:
    """Refuse when the terms allow use only up to what is paid: used value / all value must not exceed paid / price.

    Goodwill lots and those taken over from another package add nothing to all value: what they carry was issued, and
    has to be paid for, with the lots they stand in for. So what was taken over may be used before anything is paid.
    What has lapsed was not used; `lapsed` is what lots carried whose lapse was posted.
    """
    if not sold.terms.use.up_to_paid:
        return
    elsewhere = (Origin.GOODWILL, Origin.TRANSFER)
    issued = sum(lot.value_issued_minor for lot in after if lot.origin not in elsewhere)
    unused = sum(lot.value_left_minor for lot in after)
    unused += sum(lapsed[lot.id].value_minor for lot in after if lot.expired > 0)
    used = issued - unused
    if used * sold.price_minor > sold.paid_minor * issued:
        raise NotPaidFor(sold.id, Money(sold.paid_minor, sold.currency), sold.outstanding)


def activated(activation: Activation, price_minor: int, paid_minor: int) -> bool:
    """Whether the payments made so far activate a package."""
    if activation is Activation.AT_SALE or price_minor == 0:
        return True
    return paid_minor >= (1 if activation is Activation.FIRST_PAYMENT else price_minor)


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


def goodwill_lot(package_id: str, services: frozenset[str], item: int, now: datetime, day: date, time_zone: str) -> Lot:
    """An empty goodwill lot, usable until the end of the day and without grace."""
    ends = end_of_day(day, time_zone)
    return Lot(
        id=new_id("lot"),
        package_id=package_id,
        origin=Origin.GOODWILL,
        bonus=True,
        item=item,
        services=services,
        issued_at=now,
        last_day=day,
        expires_at=ends,
        lapses_at=ends,
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
    return [dated(lot, day, sold.terms, sold.home_time_zone) if lot.origin in SOLD else lot for lot in lots]


def started(lots: Sequence[Lot], sold: Sold, day: date, freezes: Sequence[Frozen]) -> list[Lot]:
    """The lots of a package whose validity starts with the first use on this day; granted ones keep their dates.

    Days that were added since an earlier start stay added; those of the freezes since the new one come to them.
    """
    return [_started(lot, sold, day, freezes) if lot.origin in SOLD else lot for lot in lots]


def _started(lot: Lot, sold: Sold, day: date, freezes: Sequence[Frozen]) -> Lot:
    validity, before = sold.terms.validity, sold.first_used_on
    added = timedelta() if before is None else lot.last_day - last_day(validity, before)
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


@dataclass(frozen=True, slots=True)
class _Part:
    """The paid or the bonus sessions of an item, and their share of the price."""

    item: int
    bonus: bool
    sessions: int
    value_minor: int


def new_lots(
    package_id: str, terms: Terms, sold_at: datetime, sold_on: date, time_zone: str
) -> list[tuple[Lot, int, Carried]]:
    """The lots of a sale with their sessions and what these carry: per item a paid one, then a bonus one.

    Value is net when tax falls due at sale, gross when it falls due session by session; then each lot also carries
    its share of the tax.
    """
    net, tax = tax_in(terms.price, terms.price.amount_minor)
    later = tax if terms.price.tax_point is TaxPoint.AT_REDEMPTION else 0
    parts = _parts(terms, net + later)
    taxes = split_largest_remainder(later, [part.value_minor for part in parts])
    day = first_last_day(terms.validity, sold_on)
    return [
        (dated(_empty_lot(package_id, part, terms, sold_at), day, terms, time_zone), part.sessions, carried)
        for part, carried in zip(parts, map(Carried, (part.value_minor for part in parts), taxes), strict=True)
    ]


def _parts(terms: Terms, total_minor: int) -> list[_Part]:
    weighed = [Weighed(max(item.list_prices_minor, default=0), item.paid, item.bonus) for item in terms.items]
    shares = allocate(total_minor, weighed, terms.price.bonus_value)
    return [
        part
        for index, (item, share) in enumerate(zip(terms.items, shares, strict=True))
        for part in (_Part(index, False, item.paid, share.paid_lot), _Part(index, True, item.bonus, share.bonus_lot))
        if part.sessions > 0
    ]


def _empty_lot(package_id: str, part: _Part, terms: Terms, sold_at: datetime) -> Lot:
    return Lot(
        id=new_id("lot"),
        package_id=package_id,
        origin=Origin.BONUS if part.bonus else Origin.PURCHASE,
        bonus=part.bonus,
        item=part.item,
        services=frozenset(terms.items[part.item].service_ids),
        issued_at=sold_at,
        last_day=sold_at.date(),
        expires_at=sold_at,
        lapses_at=sold_at,
    )
