"""What is paid along with a sale: money that came in, and the customer's own credit at the branches that owe it."""

from collections.abc import Sequence
from dataclasses import replace

from domain.branches.errors import WrongCurrency
from domain.kernel.money import Money
from domain.ledger import accounts
from domain.ledger.accounts import Entry, PaymentMethod, Received, Settled
from domain.ledger.credit import credit_of, spent
from domain.packages import rules, store
from domain.packages.errors import NotEnoughCredit, PaymentExceedsOutstanding
from domain.packages.sold import Place


def refuse_money(payments: Sequence[Received], currencies: Sequence[str], price: Money, place: Place) -> None:
    """Refuse payments in another currency, above what the chain takes at once, or above the price in all."""
    for index, currency in enumerate(currencies):
        if currency != price.currency:
            raise WrongCurrency(currency, price.currency, "payments", str(index), "amount", "currency")
    for index, received in enumerate(payments):
        rules.refuse_above_limit(place, Money(received.amount_minor, price.currency), "payments", str(index), "amount")
    paid = sum(received.amount_minor for received in payments)
    if paid > price.amount_minor:
        raise PaymentExceedsOutstanding(price, Money(paid, price.currency))


async def taken(payments: Sequence[Received], customer_id: str, branch_id: str, currency: str) -> tuple[Received, ...]:
    """The payments with credit taken from where it stands, from the selling branch first; refuses more than there is.

    The customer is locked before the credit is read: what is spent twice at once is there once.
    """
    if not any(received.method is PaymentMethod.CUSTOMER_CREDIT for received in payments):
        return tuple(payments)
    await store.lock_customer(customer_id)
    credit = await credit_of(customer_id)
    found: list[Received] = []
    for index, received in enumerate(payments):
        if received.method is not PaymentMethod.CUSTOMER_CREDIT:
            found.append(received)
            continue
        available, asked = Money(sum(credit.values()), currency), Money(received.amount_minor, currency)
        if asked.amount_minor > available.amount_minor:
            raise NotEnoughCredit(customer_id, available, asked, "payments", str(index), "amount")
        for owing_id, part in spent(credit, received.amount_minor, branch_id):
            credit[owing_id] -= part
            found.append(replace(received, amount_minor=part, customer_id=customer_id, branch_id=owing_id))
    return tuple(found)


def entries(
    branch_id: str, package_id: str, price_minor: int, deferred_minor: int, payments: Sequence[Received]
) -> tuple[Entry | None, ...]:
    """The sale, with what the provider collected in it; what the desk took in is entered payment by payment."""
    online = PaymentMethod.ONLINE_LINK
    through_provider = sum(received.amount_minor for received in payments if received.method is online)
    at_desk = [received for received in payments if received.method is not online]
    return (
        accounts.sale(branch_id, package_id, deferred_minor, price_minor - deferred_minor, through_provider),
        *settled(branch_id, package_id, at_desk),
    )


def settled(branch_id: str, package_id: str, payments: Sequence[Received]) -> list[Entry | None]:
    """What came in for a package at home at the branch, payment by payment."""
    return [
        accounts.payment(
            received.branch_id or branch_id, received, [Settled(branch_id, received.amount_minor, package_id)]
        )
        for received in payments
    ]
