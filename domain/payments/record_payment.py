"""Record a payment that came in for a package; it lowers what is receivable and may activate the package."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.branches.errors import WrongCurrency
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received, Settled
from domain.ledger.post import Posting, post
from domain.packages import rules, store
from domain.packages.holder import lock_with_holder
from domain.packages.sold import Place, Sold
from domain.payments import payments_store, receiving
from domain.payments.activation import activates


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """Money received at a branch for a package, or credit of its holder that is used for it."""

    package_id: str
    branch_id: str
    method: PaymentMethod
    amount_minor: int
    currency: str
    keep_excess: bool = False
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentRecorded:
    """What was received, what is outstanding after it, and what of it the holder has as credit."""

    package_id: str
    amount_minor: int
    outstanding_minor: int
    currency: str
    activated: bool
    kept_minor: int = 0


@act
async def record_payment(work: Work, command: RecordPayment) -> PaymentRecorded:
    """Post the payment against what is receivable for the package; what exceeds that may be kept as credit.

    Credit is used where it stands, at the home branch first: a payment for each branch. Refuses another currency, more
    than the chain takes at once, more than is outstanding unless it is to be kept, more credit than there is, a closed
    branch, a closed package for which nothing is owed, and an instant before the sale or the import, in the future or
    in closed books.
    """
    work.authorise(command.branch_id)
    receiving.refuse_bad_input(command)
    place = await store.place(work, command.branch_id)
    rules.refuse_closed(place, command.received_at or work.now)
    sold = await _locked(work, command)
    if sold.outstanding.amount_minor == 0:  # what is still owed for a package that was closed can be paid
        rules.refuse_ended(sold)
    _refuse_money(command, place, sold)
    await _refuse_time(command, place, sold, work.now)
    kept = receiving.excess(command, sold.outstanding)
    parts = await receiving.received(command, sold.holder_id, kept, sold.home_branch_id)
    outcome = await _outcome(command, sold, kept)
    await post(work, _posting(command, sold, parts, work.now), _recorded(command, sold, outcome))
    if outcome.activated:
        await store.activate(sold.id, await _paid_at(command, sold, work.now))
    return outcome


async def _locked(work: Work, command: RecordPayment) -> Sold:
    """The package, and its holder before it where their credit pays."""
    with_credit = command.method is PaymentMethod.CUSTOMER_CREDIT
    return await (lock_with_holder if with_credit else store.lock)(work, command.package_id)


def _refuse_money(command: RecordPayment, place: Place, sold: Sold) -> None:
    if command.currency != sold.currency:
        raise WrongCurrency(command.currency, sold.currency, "amount", "currency")
    rules.refuse_above_limit(place, Money(command.amount_minor, command.currency), "amount")


async def _refuse_time(command: RecordPayment, place: Place, sold: Sold, now: datetime) -> None:
    if command.received_at is not None:
        earliest = max(sold.sold_at, await payments_store.in_books_since(sold.id))
        receiving.refuse_time(command, place, sold.home_time_zone, earliest, now)


async def _outcome(command: RecordPayment, sold: Sold, kept_minor: int) -> PaymentRecorded:
    settled = command.amount_minor - kept_minor
    active = sold.activated_at is None and await activates(sold, sold.paid_minor + settled)
    outstanding = sold.outstanding.amount_minor - settled
    return PaymentRecorded(sold.id, command.amount_minor, outstanding, sold.currency, active, kept_minor)


async def _paid_at(command: RecordPayment, sold: Sold, now: datetime) -> datetime:
    """From when so much was paid: other money that was recorded before may have come in later."""
    if command.received_at is None:
        return now
    return await payments_store.last_received(sold.id) or now


def _posting(command: RecordPayment, sold: Sold, parts: Sequence[Received], now: datetime) -> Posting:
    settled = Settled(sold.home_branch_id, sum(part.settled_minor for part in parts), sold.id)
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=sold.posted_on(command.received_at or now),
        entries=receiving.entries(parts, [settled]),
        payments=tuple(parts),
        paid_at_branch_id=command.branch_id,
        received_at=command.received_at,
        customer_id=sold.holder_id,
    )


def _recorded(command: RecordPayment, sold: Sold, outcome: PaymentRecorded) -> Recorded:
    return Recorded(
        outcome,
        effective_at=command.received_at,
        branch_id=command.branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
    )
