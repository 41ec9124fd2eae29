"""Reverse a payment that was entered by mistake: its own lines are mirrored, and what it settled is owed again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.kernel.calendar import end_of_day, local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import accounts
from domain.ledger.accounts import Event, Line, Settled
from domain.ledger.post import Posting, Reversed, post
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.sold import Closing, Sold
from domain.payments import line_store
from domain.payments import payments_store as store
from domain.payments.activation import activates
from domain.payments.became_credit import became_credit, lines_posted, used_again
from domain.payments.errors import AlreadyDisputed, PaymentAlreadyReversed, PaymentReversalTooLate
from domain.payments.needed import refuse_needed, refuse_spent
from domain.payments.payments_store import Paid


@dataclass(frozen=True, slots=True)
class ReversePayment:
    """Take a payment back that never was, or was another one."""

    payment_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class PaymentReversed:
    """What is owed again for the package or on the account, and what of it had become credit and is so no more."""

    payment_id: str
    package_id: str | None
    customer_id: str
    amount_minor: int
    kept_minor: int
    currency: str
    pending: bool = False


@act
async def reverse_payment(work: Work, command: ReversePayment) -> PaymentReversed:
    """Mirror what the payment posted, today; the package waits again where only this payment had activated it.

    What it had paid of charges that were taken back is credit: that credit goes again, so that nothing is owed for it.

    By the branch that took the money in, on the same day; later only by a manager. Refuses a second reversal, a void
    sale, a disputed package, a payment of which the credit that it became is spent or money went back, and one that
    pays for sessions which were used, where the terms allow no use beyond what is paid. What had paid for a package
    that was upgraded or refunded since is owed again for that one.
    """
    paid = await store.payment(work.chain_id, command.payment_id)
    work.authorise(paid.branch_id)
    command = _checked(command)
    sold = await packages.lock(work, paid.package_id) if paid.package_id else None
    if sold and sold.closed_as is Closing.VOIDED:
        packages_rules.refuse_ended(sold)
    if sold and sold.closed_as is Closing.UPGRADED:
        for disputed in await line_store.lock_line(sold.id):
            raise AlreadyDisputed(*disputed)
    if paid.kept_minor or not sold:
        await store.lock_account(paid.customer_id)
    await _refuse_second(work, paid)
    _refuse_late(work, paid)
    lines = await lines_posted(paid)
    gone = await became_credit(paid, lines)
    await refuse_spent(paid, gone)
    if sold:
        await refuse_needed(paid, sold)
    outcome = await _outcome(paid, sold, gone)
    await post(work, _posting(work, paid, sold, lines, gone), _recorded(command, paid, sold, outcome))
    if sold and outcome.pending:
        await packages.activate(sold.id, None)
    return outcome


def _checked(command: ReversePayment) -> ReversePayment:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _refuse_second(work: Work, paid: Paid) -> None:
    """Asked under the lock: a reversal that came first is visible only now."""
    found = await store.payment(work.chain_id, paid.id)
    if found.reversal_id is not None and found.reversed_at is not None:
        raise PaymentAlreadyReversed(paid.id, found.reversal_id, found.reversed_at)


def _refuse_late(work: Work, paid: Paid) -> None:
    until = end_of_day(local_date(paid.recorded_at, paid.time_zone), paid.time_zone)
    if work.now >= until and not work.actor.manages(paid.branch_id):
        raise PaymentReversalTooLate(paid.id, until)


async def _outcome(paid: Paid, sold: Sold | None, gone: Sequence[Settled]) -> PaymentReversed:
    pending = False
    if sold and sold.activated_at is not None and sold.closed_as is None:
        pending = not await activates(sold, sold.paid_minor - paid.settled_minor)
    kept = paid.kept_minor + sum(each.amount_minor for each in gone)
    return PaymentReversed(paid.id, paid.package_id, paid.customer_id, paid.amount_minor, kept, paid.currency, pending)


def _posting(work: Work, paid: Paid, sold: Sold | None, lines: Sequence[Line], gone: Sequence[Settled]) -> Posting:
    used = used_again(gone)
    mirror = accounts.mirror(Event.PAYMENT_REVERSAL, lines)
    followed = accounts.followed_home(sold.id, sold.home_branch_id, [mirror]) if sold else []
    taken = [accounts.payment(each.branch_id, part, [each]) for each, part in zip(gone, used, strict=True)]
    return Posting(
        package_id=paid.package_id,
        package_version=sold.version if sold else None,
        currency=paid.currency,
        posted_on=local_date(work.now, sold.home_time_zone if sold else paid.time_zone),
        entries=(mirror, *followed, *taken),
        payments=used,
        reversed=(Reversed(paid.id, paid.amount_minor, paid.kept_minor),),
        customer_id=paid.customer_id,
    )


def _recorded(command: ReversePayment, paid: Paid, sold: Sold | None, outcome: PaymentReversed) -> Recorded:
    return Recorded(
        outcome,
        branch_id=paid.branch_id,
        package_id=paid.package_id,
        package_version=sold.version if sold else None,
        customer_id=paid.customer_id,
        reason=command.reason,
    )
