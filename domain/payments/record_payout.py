"""Record a payout: the provider pays what it collected for a branch, less what it keeps for that."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.branches import store as branches
from domain.branches.errors import WrongCurrency
from domain.branches.rules import refuse_closed_books
from domain.kernel.calendar import local_date, start_of_day
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.money import MAX_MINOR, Money
from domain.ledger import accounts
from domain.ledger.post import Posting, post
from domain.packages import store as packages
from domain.packages.sold import Place
from domain.payments import payments_store as store
from domain.payments.errors import BadPayoutDay, PayoutExceedsCollected


@dataclass(frozen=True, slots=True)
class RecordPayout:
    """What the provider paid out to a branch on a day, before its fee; today unless given."""

    branch_id: str
    gross_minor: int
    currency: str
    fee_minor: int = 0
    fee_currency: str | None = None
    paid_out_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PayoutRecorded:
    """What arrived at the bank, what the provider kept, and on which day."""

    branch_id: str
    gross_minor: int
    fee_minor: int
    currency: str
    paid_out_on: date


@act
async def record_payout(work: Work, command: RecordPayout) -> PayoutRecorded:
    """Post what arrived at the bank and the provider's fee against what it had collected for the branch.

    Refuses another currency, a fee above the payout, more than the provider had collected by that day and has not paid
    out, and a day in the future or in closed books.
    """
    work.authorise(command.branch_id)
    command = _checked(command)
    place = await packages.place(work, command.branch_id)
    await _refuse_currency(work, command)
    day = _day(command, place, work.now)
    await store.lock_branch(command.branch_id)
    collected = await store.collected(command.branch_id, day)
    if command.gross_minor > collected:
        gross = Money(command.gross_minor, command.currency)
        raise PayoutExceedsCollected(command.branch_id, Money(max(0, collected), command.currency), gross)
    paid_out = PayoutRecorded(command.branch_id, command.gross_minor, command.fee_minor, command.currency, day)
    entries = (accounts.payout(command.branch_id, command.gross_minor, command.fee_minor),)
    posting = Posting(None, None, command.currency, day, entries=entries)
    await post(work, posting, _recorded(command, place, paid_out, work.now))
    return paid_out


def _checked(command: RecordPayout) -> RecordPayout:
    checks = Checks()
    checks.amount(command.gross_minor, "gross")
    checks.that(0 <= command.fee_minor < MAX_MINOR, "fee must not be negative, nor larger than Carnet keeps.", "fee")
    checks.that(command.fee_minor <= command.gross_minor, "fee must not be more than what was paid out.", "fee")
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


async def _refuse_currency(work: Work, command: RecordPayout) -> None:
    expected = (await branches.chain(work.chain_id)).currency
    for currency, path in ((command.currency, "gross"), (command.fee_currency or expected, "fee")):
        if currency != expected:
            raise WrongCurrency(currency, expected, path, "currency")


def _day(command: RecordPayout, place: Place, now: datetime) -> date:
    """The day of the payout by the branch's clock."""
    today = local_date(now, place.time_zone)
    if command.paid_out_on is None:
        return today
    if command.paid_out_on > today:
        raise BadPayoutDay(command.paid_out_on, today)
    refuse_closed_books(command.paid_out_on, place.books_open_from, "paidOutOn")
    return command.paid_out_on


def _recorded(command: RecordPayout, place: Place, paid_out: PayoutRecorded, now: datetime) -> Recorded:
    day = paid_out.paid_out_on
    earlier = day < local_date(now, place.time_zone)
    return Recorded(
        paid_out,
        effective_at=start_of_day(day, place.time_zone) if earlier else now,
        branch_id=command.branch_id,
        reason=command.reason,
    )
