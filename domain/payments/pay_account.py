"""Pay what a customer owes for sessions that no package had; what is more may be kept as credit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.branches import store as branches
from domain.branches.errors import WrongCurrency
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received, Settled
from domain.ledger.charges import owed_by
from domain.ledger.post import Posting, post
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.merged_store import no_customer
from domain.packages.sold import Place
from domain.payments import payments_store as store
from domain.payments import receiving
from domain.payments.owed import unpaid


@dataclass(frozen=True, slots=True)
class PayAccount:
    """Money received at a branch for a customer's account, or credit that is used for it."""

    customer_id: str
    branch_id: str
    method: PaymentMethod
    amount_minor: int
    currency: str
    keep_excess: bool = False
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountPaid:
    """What was received, what the customer owes after it, and what of it they have as credit."""

    customer_id: str
    amount_minor: int
    owed_minor: int
    kept_minor: int
    currency: str


@act
async def pay_account(work: Work, command: PayAccount) -> AccountPaid:
    """Settle the customer's charges where they are owed, the oldest first; without any, money is a deposit.

    Refuses another currency, more than the chain takes at once, more than is owed unless it is to be kept, more credit
    than there is, a closed branch, and an instant before they were a customer, in the future or in closed books.
    """
    work.authorise(command.branch_id)
    receiving.refuse_bad_input(command)
    place = await packages.place(work, command.branch_id)
    await _refuse_stranger(work, command)
    packages_rules.refuse_closed(place, command.received_at or work.now)
    await _refuse_money(work, command, place)
    registered_at = await store.lock_account(command.customer_id)
    receiving.refuse_time(command, place, place.time_zone, registered_at, work.now)
    owing = await _owing(command.customer_id)
    owed = sum(each.amount_minor for each in owing)
    kept = receiving.excess(command, Money(owed, command.currency))
    first = owing[0].branch_id if owing else command.branch_id
    parts = await receiving.received(command, command.customer_id, kept, first)
    left = owed - (command.amount_minor - kept)
    paid = AccountPaid(command.customer_id, command.amount_minor, left, kept, command.currency)
    await post(work, _posting(command, place, parts, owing, work.now), _recorded(command, paid))
    return paid


async def _refuse_stranger(work: Work, command: PayAccount) -> None:
    """Also what somebody owes whose record was erased can be paid."""
    if not await store.has_account(work.chain_id, command.customer_id):
        raise await no_customer(work.chain_id, command.customer_id, "customerId")


async def _refuse_money(work: Work, command: PayAccount, place: Place) -> None:
    currency = (await branches.chain(work.chain_id)).currency
    if command.currency != currency:
        raise WrongCurrency(command.currency, currency, "amount", "currency")
    packages_rules.refuse_above_limit(place, Money(command.amount_minor, currency), "amount")


async def _owing(customer_id: str) -> list[Settled]:
    """What is owed, the oldest charge first."""
    owed = await owed_by(customer_id)
    return unpaid(await store.charges_owing(customer_id), owed, customer_id) if owed else []


def _posting(
    command: PayAccount, place: Place, parts: Sequence[Received], owing: Sequence[Settled], now: datetime
) -> Posting:
    return Posting(
        package_id=None,
        package_version=None,
        currency=command.currency,
        posted_on=local_date(command.received_at or now, place.time_zone),
        entries=receiving.entries(parts, owing),
        payments=tuple(parts),
        paid_at_branch_id=command.branch_id,
        received_at=command.received_at,
        customer_id=command.customer_id,
    )


def _recorded(command: PayAccount, paid: AccountPaid) -> Recorded:
    return Recorded(
        paid, effective_at=command.received_at, branch_id=command.branch_id, customer_id=command.customer_id
    )
