"""Which lots the sessions of a visit come from, and which package is tried first."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.catalog.terms import GraceAllows, Terms
from domain.ledger.order_of_use import choose, in_order_of_use
from domain.ledger.rules import BonusOrder, Lot
from domain.packages.errors import GraceForBookedOnly, NotEnoughSessions, PackageExpired, WrongService
from domain.packages.rules.blocks import refuse_blocked
from domain.packages.rules.visits import refuse_place
from domain.packages.sold import Place, Shortfall, Sold


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
