"""What keeps a sale from being void: it was no mere mistake, somebody counts on it, or what was kept is spent."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from domain.kernel.commands import Work
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod
from domain.ledger.credit import credit_of
from domain.ledger.rules import Lot, Origin
from domain.packages import closing_store, rules
from domain.packages import store as packages
from domain.packages.errors import PackageDisputed
from domain.packages.sold import Sold
from domain.payments.closing_errors import (
    NoSaleToVoid,
    PackageBooked,
    PromisedVisit,
    SaleRenewed,
    SaleUsed,
    VoidTooLate,
)
from domain.payments.errors import CreditSpent
from domain.payments.standing_store import Standing


async def refuse_state(work: Work, sold: Sold) -> str:
    """The operation of the sale, where it may be void by whoever asks and nothing was promised."""
    rules.refuse_ended(sold)
    sale_id = await closing_store.sale_of(sold.id)
    if sale_id is None:
        raise NoSaleToVoid(sold.id, await closing_store.upgraded_from(sold.id))
    place = await packages.place(work, sold.home_branch_id)
    until = sold.sold_at + timedelta(hours=place.reversal_hours)
    if work.now > until and not work.actor.manages(sold.home_branch_id):
        raise VoidTooLate(sold.id, until)
    if sold.disputed_at is not None:
        raise PackageDisputed(sold.id, sold.disputed_at, for_use=False)
    received = await closing_store.received(sold.id)
    if received:
        raise SaleRenewed(sold.id, received)
    booked = await closing_store.confirmed_bookings(sold.id)
    if booked:
        raise PackageBooked(sold.id, [PromisedVisit(*each) for each in booked.items()])
    return sale_id


def refuse_used(sold: Sold, lots: Sequence[Lot]) -> None:
    """Refuse what is more than a mistake; the lots are those by the clock."""
    used, lapsed = sum(lot.consumed for lot in lots), sum(lot.expired for lot in lots)
    moved, refunded = sum(lot.moved for lot in lots), sum(lot.refunded for lot in lots)
    added = sum(lot.issued for lot in lots if lot.origin is Origin.TOP_UP)
    if used or lapsed or moved or refunded or added or sold.refunded_minor or sold.credited_minor:
        raise SaleUsed(sold.id, used, lapsed, moved, refunded, added)
    taken_over = sum(lot.issued for lot in lots if lot.origin is Origin.TRANSFER)
    if taken_over:
        raise SaleRenewed(sold.id, taken_over)


async def refuse_spent(sold: Sold, paid: Sequence[Standing]) -> None:
    """Refuse payments of which something was kept as credit that is not there any more, or not at that branch."""
    kept = [each for each in paid if each.received.kept_minor]
    for customer_id in sorted({each.received.customer_id or "" for each in kept}):
        await packages.lock_customer(customer_id)
        credit = Counter(await credit_of(customer_id))
        for each in paid:
            if each.received.customer_id == customer_id and each.received.method is PaymentMethod.CUSTOMER_CREDIT:
                credit[each.branch_id] += each.received.amount_minor
        for each in (each for each in kept if each.received.customer_id == customer_id):
            available = credit[each.branch_id]
            if available < each.received.kept_minor:
                taken_back = Money(each.received.kept_minor, sold.currency)
                raise CreditSpent(each.id, customer_id, taken_back, Money(available, sold.currency))
            credit[each.branch_id] -= each.received.kept_minor
