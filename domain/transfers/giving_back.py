"""Giving back what was handed on: the lots of both packages as they were, as far as it is all still there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.bookings.carrying import Carrying
from domain.ledger.draft import Draft, Occasion
from domain.ledger.rules import Bucket, Carried, Lot, carried_by
from domain.packages.sold import Sold
from domain.transfers.errors import TransferUsed
from domain.transfers.store import Gone, Transfer


@dataclass(frozen=True, slots=True)
class Back:
    """What leaves the recipient's package and returns to the sender's, in drafts that are yet to be posted."""

    leaving: Draft
    returning: Draft
    value_minor: int
    booking_ids: tuple[str, ...]


def given_back(
    transfer: Transfer, sold: Sold, lots: Sequence[Lot], gone: Sequence[Gone], going: Carrying, now: datetime
) -> Back:
    """The sessions leave lot by lot and return with exactly what they took; bookings that came along hold them again.

    Refuses when something of it was used, promised to others, handed on or estimated anew, or has lapsed.
    """
    occasion = Occasion(now, branch_id=transfer.branch_id)
    leaving = Draft(lot for lot in lots if lot.package_id != sold.id)
    returning = Draft(lot for lot in lots if lot.package_id == sold.id)
    going.let_go(leaving, now)
    _refuse_gone(transfer, leaving, returning, gone, now)
    for each in gone:
        carried = Carried(each.value_minor, each.tax_minor)
        if carried_by(leaving.lots[each.into_lot_id], Bucket.AVAILABLE, Bucket.MOVED, each.sessions) != carried:
            raise _used(transfer, 0)
        leaving.move(each.into_lot_id, Bucket.AVAILABLE, Bucket.MOVED, each.sessions, occasion, carried)
        returning.give_back(each.lot_id, each.sessions, carried, occasion, sold.breakage_bp, Bucket.MOVED)
    going.take_up(returning, _returned(gone), now)
    ids = tuple(booked.id for booked in going.bookings)
    return Back(leaving, returning, sum(each.value_minor for each in gone), ids)


def _refuse_gone(transfer: Transfer, leaving: Draft, returning: Draft, gone: Sequence[Gone], now: datetime) -> None:
    """Refuse unless each lot still has what it was given, and neither side of it has lapsed."""
    given: dict[str, int] = {}
    for each in gone:
        alive = now < min(leaving.lots[each.into_lot_id].lapses_at, returning.lots[each.lot_id].lapses_at)
        given[each.into_lot_id] = given.get(each.into_lot_id, 0) + (each.sessions if alive else 0)
    there = sum(min(count, leaving.lots[lot_id].available) for lot_id, count in given.items())
    if there < sum(each.sessions for each in gone):
        raise _used(transfer, there)


def _used(transfer: Transfer, remaining: int) -> TransferUsed:
    return TransferUsed(transfer.id, transfer.into_package_id or "", transfer.moved or 0, remaining)


def _returned(gone: Sequence[Gone]) -> dict[str, dict[str, int]]:
    """By lot of the recipient's package the lots that its sessions have returned to, and how many."""
    found: dict[str, dict[str, int]] = {}
    for each in gone:
        into = found.setdefault(each.into_lot_id, {})
        into[each.lot_id] = into.get(each.lot_id, 0) + each.sessions
    return found
