"""Pure rules of handing sessions on: which of them go, what that is worth, and what keeps them from going."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.catalog.rules import tax_in
from domain.catalog.terms import TaxPoint, TransferTo, ValidityStart
from domain.kernel.money import Money, round_half_up
from domain.ledger.accounts import Charged, Purpose
from domain.ledger.order_of_use import choose, in_order_of_use
from domain.ledger.rules import Carried, Lot
from domain.packages import rules as packages_rules
from domain.packages.errors import NotEnoughSessions, NotPaidFor, PackageExpired
from domain.packages.sold import Sold
from domain.transfers.errors import NothingToHandOn, PartialTransferNotAllowed, TransferNotAllowed


@dataclass(frozen=True, slots=True)
class Part:
    """Sessions that leave a lot; `held` of them by bookings that go along."""

    lot_id: str
    sessions: int
    held: int = 0


def refuse_recipient(sold: Sold, same_household: bool) -> None:
    """Refuse whom the terms do not name."""
    allowed = sold.terms.who.transfer
    if allowed is TransferTo.NONE or (allowed is TransferTo.HOUSEHOLD and not same_household):
        raise TransferNotAllowed(sold.id, allowed)


def refuse_blocked(sold: Sold, now: datetime) -> None:
    """Refuse a package that may not be used now, and one whose freeze is to come: its lots last longer for it."""
    packages_rules.refuse_blocked(sold, now)
    if sold.frozen_from is not None and sold.thaws_at is not None and max(now, sold.frozen_from) < sold.thaws_at:
        packages_rules.refuse_frozen(sold, sold.frozen_from, sold.thaws_at)


def parts(sold: Sold, lots: Sequence[Lot], held: Mapping[str, int], sessions: int | None, now: datetime) -> list[Part]:
    """The sessions that go: paid ones first in their order of use, then bonus ones; all that can without a number.

    Refuses more than can go, and a part where the terms let only the whole go. `held` goes along besides.
    """
    live = [lot for lot in lots if now < lot.lapses_at]
    ordered = sorted(in_order_of_use(live, sold.terms.price.bonus_order), key=lambda lot: lot.bonus)
    there = packages_rules.remaining(lots, now)
    if there < (sessions or 1) and not (sessions is None and any(held.values())):
        raise _too_few(sold, lots, sessions, there, now)
    if sessions is not None and sessions < there and not sold.terms.who.partial_transfer:
        raise PartialTransferNotAllowed(sold.id, sessions, there)
    taken = {lot.id: count for lot, count in choose(ordered, there if sessions is None else sessions)}
    ids = dict.fromkeys([*taken, *(lot_id for lot_id, count in held.items() if count)])
    return [Part(lot_id, taken.get(lot_id, 0) + held.get(lot_id, 0), held.get(lot_id, 0)) for lot_id in ids]


def _too_few(
    sold: Sold, lots: Sequence[Lot], asked: int | None, there: int, now: datetime
) -> NotEnoughSessions | NothingToHandOn | PackageExpired:
    lapsed = [lot for lot in lots if lot.available + lot.expired and now >= lot.lapses_at]
    if lapsed and not there:
        latest = max(lapsed, key=lambda lot: lot.lapses_at)
        return PackageExpired(sold.id, latest.last_day, latest.lapses_at)
    if asked is None:
        return NothingToHandOn(sold.id, sum(lot.held for lot in lots))
    return NotEnoughSessions(sold.id, asked, there, for_use=False)


def refuse_unpaid(sold: Sold, after: Sequence[Lot], now: datetime) -> None:
    """Refuse when more is outstanding than what stays is worth, tax included; nothing may be when nothing stays."""
    outstanding = sold.outstanding
    if outstanding.amount_minor > _worth(sold, after, now):
        paid = Money(sold.settled_minor - sold.refunded_minor, sold.currency)
        raise NotPaidFor(sold.id, paid, outstanding, would="hand on")


def _worth(sold: Sold, lots: Sequence[Lot], now: datetime) -> int:
    """What the sessions left cost, of a package of which some that nobody holds for a visit are left."""
    live = [lot for lot in lots if lot.left and (lot.held or now < lot.lapses_at)]
    if not packages_rules.remaining(lots, now):
        return 0
    worth, net = sum(lot.worth_left_minor for lot in live), sold.price_minor - sold.tax_minor
    if sold.terms.price.tax_point is not TaxPoint.AT_SALE or net == 0:
        return worth
    return worth + round_half_up(worth * sold.tax_minor, net)


def staying(after: Sequence[Lot], now: datetime) -> int:
    """How many sessions stay, those that bookings hold among them; by the clock, whatever a sweep has yet to post."""
    return sum(lot.held + (lot.available if now < lot.lapses_at else 0) for lot in after)


def fits(sold: Sold, into: Sold) -> bool:
    """Whether sessions of the one keep their lives in the other, which is of the same version of its definition.

    Where validity starts with the first use it must have started on the same day, or be about to by the same.
    """
    if sold.home_branch_id != into.home_branch_id or sold.currency != into.currency:
        return False
    if sold.terms.validity.starts is not ValidityStart.FIRST_USE:
        return True
    started = sold.first_used_on is not None or sold.start_by == into.start_by
    return sold.first_used_on == into.first_used_on and started


def joins(new: Lot, sessions: int, carried: Carried, other: Lot) -> bool:
    """Whether sessions may become part of a lot that is there: alike in everything, their unit value to the last part.

    So they can go back and forth between two packages without a lot for each time.
    """
    alike = ("origin", "bonus", "item", "services", "priority", "last_day", "expires_at", "lapses_at", "breakage_bp")
    if any(getattr(new, name) != getattr(other, name) for name in alike) or other.revalued_at is not None:
        return False
    exact = carried.value_minor * other.left == other.value_left_minor * sessions
    exact = exact and carried.tax_minor * other.left == other.tax_left_minor * sessions
    return exact and (new.breakage_bp == 0 or other.consumed == 0)


def fee(sold: Sold, payer_id: str, branch_id: str, sessions: int) -> Charged | None:
    """What handing on costs by the terms, taxed as the package is; none where it is free."""
    net, tax = tax_in(sold.terms.price, sold.terms.who.transfer_fee_minor)
    if net + tax == 0:
        return None
    return Charged(payer_id, branch_id, None, sessions, net, tax, purpose=Purpose.TRANSFER_FEE)
