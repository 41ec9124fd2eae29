"""The lots that a sale or a gift of goodwill issues, and what their sessions carry."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.catalog.rules import first_last_day, tax_in
from domain.catalog.terms import TaxPoint, Terms
from domain.kernel.calendar import end_of_day
from domain.kernel.ids import new_id
from domain.kernel.money import split_largest_remainder
from domain.ledger.allocation import Weighed, allocate
from domain.ledger.rules import BonusValue, Carried, Lot, Origin
from domain.packages.rules.dates import dated


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


@dataclass(frozen=True, slots=True)
class _Part:
    """The paid or the bonus sessions of an item, and their share of the price."""

    item: int
    bonus: bool
    sessions: int
    value_minor: int


def new_lots(
    package_id: str, terms: Terms, sold_at: datetime, sold_on: date, time_zone: str, breakage_bp: int = 0
) -> list[tuple[Lot, int, Carried]]:
    """The lots of a sale with their sessions and what these carry: per item a paid one, then a bonus one.

    Value is net when tax falls due at sale, gross when it falls due session by session; then each lot also carries
    its share of the tax. `breakage_bp` is the share of the sessions that is expected to lapse.
    """
    net, tax = tax_in(terms.price, terms.price.amount_minor)
    later = tax if terms.price.tax_point is TaxPoint.AT_REDEMPTION else 0
    return valued_lots(package_id, terms, Carried(net + later, later), sold_at, sold_on, time_zone, breakage_bp)


def valued_lots(
    package_id: str,
    terms: Terms,
    whole: Carried,
    sold_at: datetime,
    sold_on: date,
    time_zone: str,
    breakage_bp: int = 0,
) -> list[tuple[Lot, int, Carried]]:
    """The same for sessions that carry something else than the price, with the tax in it that falls due later."""
    parts = _parts(terms, whole.value_minor)
    taxes = split_largest_remainder(whole.tax_minor, [part.value_minor for part in parts])
    day = first_last_day(terms.validity, sold_on)
    return [
        (
            dated(_empty_lot(package_id, part, terms, sold_at, breakage_bp), day, terms, time_zone),
            part.sessions,
            carried,
        )
        for part, carried in zip(parts, map(Carried, (part.value_minor for part in parts), taxes), strict=True)
    ]


def _parts(terms: Terms, total_minor: int) -> list[_Part]:
    """Where only bonus sessions are left to carry it, they carry it."""
    weighed = [Weighed(max(item.list_prices_minor, default=0), item.paid, item.bonus) for item in terms.items]
    bonus_value = terms.price.bonus_value if terms.paid_sessions else BonusValue.POOLED
    shares = allocate(total_minor, weighed, bonus_value)
    return [
        part
        for index, (item, share) in enumerate(zip(terms.items, shares, strict=True))
        for part in (_Part(index, False, item.paid, share.paid_lot), _Part(index, True, item.bonus, share.bonus_lot))
        if part.sessions > 0
    ]


def _empty_lot(package_id: str, part: _Part, terms: Terms, sold_at: datetime, breakage_bp: int) -> Lot:
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
        breakage_bp=breakage_bp,
    )
