"""Open a dispute: the provider takes back a payment until it is settled, and the package freezes meanwhile."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.branches.errors import WrongCurrency
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.money import MAX_MINOR, Money
from domain.ledger import accounts
from domain.ledger.post import Posting, post
from domain.packages import rules
from domain.packages import store as packages
from domain.packages.sold import Closing, Sold
from domain.payments import line_store, store
from domain.payments.errors import AlreadyDisputed, DisputeExceedsPaid


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """What the provider keeps back of the payments for a package, and the fee it takes for that."""

    package_id: str
    amount_minor: int
    currency: str
    reason: str
    fee_minor: int = 0
    fee_currency: str | None = None


@dataclass(frozen=True, slots=True)
class DisputeOpened:
    """The package cannot be used, and nothing of it lapses, until the dispute is settled."""

    package_id: str
    disputed_at: datetime
    amount_minor: int
    fee_minor: int
    currency: str


@act
async def open_dispute(work: Work, command: OpenDispute) -> DisputeOpened:
    """Post what the provider keeps back at the home branch, and freeze the package with an open end.

    Refuses a second dispute, more than was paid through the provider and has not gone back, and another currency. What
    was paid for a package before it was upgraded is disputed at the one it was upgraded to. Money that the provider
    collected for another branch is kept back at home all the same, since home is where it is owed on to.
    """
    sold = await packages.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    if sold.closed_as is not Closing.REFUNDED:  # what was kept of a payment can be disputed also when all is given back
        rules.refuse_ended(sold)
    command = _checked(command)
    await _refuse(command, sold)
    today = local_date(work.now, sold.home_time_zone)
    opened = DisputeOpened(sold.id, work.now, command.amount_minor, command.fee_minor, sold.currency)
    entries = (
        accounts.dispute(sold.home_branch_id, sold.id, command.amount_minor),
        accounts.dispute_fee(sold.home_branch_id, sold.id, command.fee_minor),
    )
    posting = Posting(sold.id, sold.version, sold.currency, today, entries=entries)
    await post(work, posting, _recorded(command, sold, opened))
    await store.begin(sold.id, work.operation_id, work.now, today)
    return opened


def _checked(command: OpenDispute) -> OpenDispute:
    checks = Checks()
    checks.amount(command.amount_minor, "amount")
    checks.that(0 <= command.fee_minor < MAX_MINOR, "fee must not be negative, nor larger than Carnet keeps.", "fee")
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _refuse(command: OpenDispute, sold: Sold) -> None:
    for currency, path in ((command.currency, "amount"), (command.fee_currency or sold.currency, "fee")):
        if currency != sold.currency:
            raise WrongCurrency(currency, sold.currency, path, "currency")
    if sold.disputed_at is not None:
        raise AlreadyDisputed(sold.id, sold.disputed_at)
    paid = (await line_store.through_provider(sold.id)).left_minor
    if command.amount_minor > paid:
        raise DisputeExceedsPaid(sold.id, Money(paid, sold.currency), Money(command.amount_minor, sold.currency))


def _recorded(command: OpenDispute, sold: Sold, opened: DisputeOpened) -> Recorded:
    return Recorded(
        opened,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
