"""What the payments made so far allow."""

from collections.abc import Sequence

from domain.catalog.terms import Activation
from domain.kernel.money import Money
from domain.ledger.breakage import of_sessions
from domain.ledger.rules import Lot, Origin
from domain.packages.errors import NotPaidFor, PaymentAboveLimit
from domain.packages.sold import Place, Sold


def refuse_unpaid(sold: Sold, after: Sequence[Lot]) -> None:
    """Refuse when the terms allow use only up to what is paid: used value / all value must not exceed paid / price.

    Goodwill lots and those taken over from another package add nothing to all value: what they carry was issued, and
    has to be paid for, with the lots they stand in for. So what was taken over may be used before anything is paid.
    What has lapsed, moved on or was taken back was not used; but what was handed on was paid for when it went.
    """
    if used_beyond_paid(sold, after):
        raise NotPaidFor(sold.id, Money(sold.settled_minor - sold.refunded_minor, sold.currency), sold.outstanding)


def used_beyond_paid(sold: Sold, after: Sequence[Lot]) -> int:
    """The value that was used beyond what is paid for, where the terms do not allow that."""
    if not sold.terms.use.up_to_paid or sold.price_minor == 0:
        return 0
    elsewhere = (Origin.GOODWILL, Origin.TRANSFER)
    issued = sum(lot.value_issued_minor for lot in after if lot.origin not in elsewhere)
    used = sum(map(_used, after)) + sold.handed_on_minor
    used -= sum(lot.value_issued_minor for lot in after if lot.origin is Origin.TRANSFER)
    paid = sold.settled_minor - sold.refunded_minor + sold.conceded_minor
    return max(0, used - paid * issued // sold.price_minor)


def _used(lot: Lot) -> int:
    """What the sessions used are worth, without what they have released because others were expected to lapse."""
    used = lot.value_left_minor + lot.recognised_minor - lot.worth_left_minor
    if lot.left or (lot.breakage_bp == 0 and lot.revalued_at is None):
        return used
    return min(used, of_sessions(lot.value_issued_minor, lot.consumed, lot.issued))


def activated(activation: Activation, price_minor: int, paid_minor: int) -> bool:
    """Whether the payments made so far activate a package."""
    if activation is Activation.AT_SALE or price_minor == 0:
        return True
    return paid_minor >= (1 if activation is Activation.FIRST_PAYMENT else price_minor)


def refuse_above_limit(place: Place, amount: Money, *path: str) -> None:
    """Refuse a payment larger than the chain takes at once."""
    limit = place.largest_payment_minor
    if limit is not None and amount.amount_minor > limit:
        raise PaymentAboveLimit(Money(limit, amount.currency), amount, *path)
