"""What keeps a payment from being taken back: something was used, spent or given back on the strength of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from domain.kernel.money import Money
from domain.ledger import store as ledger
from domain.ledger.accounts import PaymentMethod, Settled
from domain.ledger.credit import credit_of
from domain.packages import rules
from domain.packages.sold import Closing, Sold
from domain.payments import line_store
from domain.payments import payments_store as store
from domain.payments.errors import AlreadyDisputed, CreditSpent, PaymentRefunded, PaymentUsedUp
from domain.payments.payments_store import Paid


async def refuse_spent(paid: Paid, became_credit: Iterable[Settled]) -> None:
    """Refuse when credit that was kept of the payment, or that it became, is gone; the customer is locked."""
    needed = Counter({paid.branch_id: paid.kept_minor})
    needed.update({each.branch_id: each.amount_minor for each in became_credit})
    if not needed.total():
        return
    credit = Counter(await credit_of(paid.customer_id))
    if paid.method is PaymentMethod.CUSTOMER_CREDIT:
        credit[paid.branch_id] += paid.amount_minor
    for branch_id, amount in needed.items():
        if credit[branch_id] < amount:
            kept, left = Money(amount, paid.currency), Money(credit[branch_id], paid.currency)
            raise CreditSpent(paid.id, paid.customer_id, kept, left)


async def refuse_needed(paid: Paid, sold: Sold) -> None:
    """Refuse while a payment is disputed, and when without this one less would be paid than was refunded or used.

    What was used of a package that an upgrade or refund closed cannot be taken back any more: it is owed again.
    """
    if sold.disputed_at is not None:
        raise AlreadyDisputed(sold.id, sold.disputed_at)
    without = replace(sold, paid_minor=sold.paid_minor - paid.settled_minor)
    await _refuse_gone_back(paid, without)
    if sold.closed_as in (Closing.UPGRADED, Closing.REFUNDED):
        return
    lots = await ledger.lots_of([sold.id])
    beyond = rules.used_beyond_paid(without, lots)
    if beyond:
        uses = await store.uses_last_first(sold.id)
        raise PaymentUsedUp(paid.id, sold.id, tuple(_worth(uses, beyond)))


async def _refuse_gone_back(paid: Paid, without: Sold) -> None:
    """Refuse what went back on this payment, or what the others do not cover; a provider keeps what it collected."""
    gone = await line_store.went_back(paid.id)
    found = [(0, gone), (max(0, without.settled_minor), without.refunded_minor)]
    if paid.method is PaymentMethod.ONLINE_LINK:
        collected = await line_store.through_provider(without.id)
        found.append((collected.amount_minor + gone - paid.settled_minor, collected.lost_minor))
    for left, back in found:
        if left < back:
            raise PaymentRefunded(paid.id, Money(left, paid.currency), Money(back, paid.currency))


def _worth(uses: Sequence[tuple[str, int]], value_minor: int) -> Iterator[str]:
    """The first of these uses that are worth so much together."""
    left = value_minor
    for operation_id, value in uses:
        if left <= 0:
            return
        left -= value
        yield operation_id
