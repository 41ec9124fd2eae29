"""Record a payment that came in for a package; it lowers what is receivable and may activate the package."""

from dataclasses import dataclass
from datetime import datetime

from domain.branches.errors import WrongCurrency
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.money import Money
from domain.ledger import accounts
from domain.ledger.accounts import PaymentMethod, Received, Settled
from domain.ledger.post import Posting, post
from domain.packages import rules, store
from domain.packages.errors import PaymentExceedsOutstanding
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """Money received at a branch for a package."""

    package_id: str
    branch_id: str
    method: PaymentMethod
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class PaymentRecorded:
    """What was received and what is outstanding after it."""

    package_id: str
    amount_minor: int
    outstanding_minor: int
    currency: str
    activated: bool


@act
async def record_payment(work: Work, command: RecordPayment) -> PaymentRecorded:
    """Post the payment against what is receivable for the package.

    Refuses another currency, more than is outstanding, and a closed branch.
    """
    work.authorise(command.branch_id)
    _refuse_bad_amount(command)
    place = await store.place(work, command.branch_id)
    rules.refuse_closed(place, work.now)
    sold = await store.lock(work, command.package_id)
    _refuse_money(command, sold)
    outcome = _outcome(command, sold)
    await post(work, _posting(command, sold, work.now), _recorded(command, sold, outcome))
    if outcome.activated:
        await store.activate(sold.id, work.now)
    return outcome


def _refuse_bad_amount(command: RecordPayment) -> None:
    checks = Checks()
    checks.amount(command.amount_minor, "amount")
    checks.passed()


def _refuse_money(command: RecordPayment, sold: Sold) -> None:
    if command.currency != sold.currency:
        raise WrongCurrency(command.currency, sold.currency, "amount", "currency")
    if command.amount_minor > sold.outstanding.amount_minor:
        raise PaymentExceedsOutstanding(sold.outstanding, Money(command.amount_minor, command.currency))


def _outcome(command: RecordPayment, sold: Sold) -> PaymentRecorded:
    paid = sold.paid_minor + command.amount_minor
    activates = sold.activated_at is None and rules.activated(sold.terms.use.activation, sold.price_minor, paid)
    return PaymentRecorded(
        sold.id, command.amount_minor, sold.outstanding.amount_minor - command.amount_minor, sold.currency, activates
    )


def _posting(command: RecordPayment, sold: Sold, now: datetime) -> Posting:
    received = Received(command.method, command.amount_minor)
    settled = Settled(sold.home_branch_id, command.amount_minor, sold.id)
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=local_date(now, sold.home_time_zone),
        entries=(accounts.payment(command.branch_id, received, [settled]),),
        payments=(received,),
        paid_at_branch_id=command.branch_id,
        customer_id=sold.holder_id,
    )


def _recorded(command: RecordPayment, sold: Sold, outcome: PaymentRecorded) -> Recorded:
    return Recorded(
        outcome,
        branch_id=command.branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
    )
