"""Top up: sessions are added to a sold package as a lot of their own, with their own price and last day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.kernel.access import Principal
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.ids import new_id
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.post import post
from domain.packages import paying
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.holder import lock_with_holder
from domain.packages.sell_package import MOST_PAYMENTS
from domain.packages.sold import Sold
from domain.topups import own_package, store
from domain.topups.asked import Asked
from domain.topups.errors import TopUpQuoteChanged
from domain.topups.posting import new_lot, posting
from domain.topups.quoting import quoted
from domain.topups.situation import Situation, judged


@dataclass(frozen=True, slots=True)
class TopUpPackage:
    """Add sessions to a package at a branch, with what is paid at once; bound to a quote where its hash is given.

    The payments are in the currency of the package; `currencies` are those that the payer named.
    """

    asked: Asked
    payments: tuple[Received, ...] = ()
    currencies: tuple[str, ...] = ()
    quote_hash: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PackageToppedUp:
    """The lot that was added, what is owed for it, and what is outstanding and usable with it."""

    package_id: str
    top_up_id: str
    lot_id: str
    sessions: int
    amount_minor: int
    tax_minor: int
    outstanding_minor: int
    currency: str
    last_day: date
    remaining: int


@act
async def top_up_package(work: Work, command: TopUpPackage) -> PackageToppedUp:
    """Issue the sessions as a lot of their own and let the price of the package grow by what they cost.

    A package that has lapsed or is used up can be used again by them; what has lapsed stays lapsed. Refuses a package
    that is closed, not active, frozen or disputed, terms that let none be added, fewer or more than they let, a closed
    branch, payments above what the sessions cost or the chain takes, and another outcome than was quoted. Customers add
    sessions to their own package where their credit pays all of it.
    """
    asked, own = command.asked, work.actor.kind is Principal.CUSTOMER
    assert asked.branch_id is not None
    if own:
        await own_package.refuse_unseen(work, asked.package_id)
    else:
        work.authorise(asked.branch_id)
    command = _checked(command)
    place = await packages.place(work, asked.branch_id)
    sold = await _locked(work, command)
    if own:
        own_package.authorise(work, sold, asked.branch_id)
    situation = await judged(work, sold, asked, locked=True)
    _refuse_other(command, situation)
    amount = Money(situation.added.amount_minor, sold.currency)
    paying.refuse_money(command.payments, command.currencies, amount, place)
    if own:
        own_package.refuse_unpaid(command.payments, amount)
    payments = await paying.taken(command.payments, sold.holder_id, sold.home_branch_id, sold.currency)
    return await _add(work, situation, payments, command.reason)


def _checked(command: TopUpPackage) -> TopUpPackage:
    checks = Checks()
    command.asked.check(checks)
    for index, received in enumerate(command.payments):
        checks.amount(received.amount_minor, "payments", str(index), "amount")
    checks.that(len(command.payments) <= MOST_PAYMENTS, f"At most {MOST_PAYMENTS} payments.", "payments")
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


async def _locked(work: Work, command: TopUpPackage) -> Sold:
    """The package, and its holder before it where their credit pays."""
    with_credit = any(each.method is PaymentMethod.CUSTOMER_CREDIT for each in command.payments)
    return await (lock_with_holder if with_credit else packages.lock)(work, command.asked.package_id)


def _refuse_other(command: TopUpPackage, situation: Situation) -> None:
    if command.quote_hash is not None and command.quote_hash != (quote := quoted(situation)).quote_hash:
        raise TopUpQuoteChanged(quote)


async def _add(work: Work, situation: Situation, payments: Sequence[Received], reason: str) -> PackageToppedUp:
    sold, added, lot = situation.sold, situation.added, new_lot(situation)
    to_post = posting(situation, lot, payments)
    outcome = PackageToppedUp(
        package_id=sold.id,
        top_up_id=new_id("top"),
        lot_id=lot.id,
        sessions=added.sessions,
        amount_minor=added.amount_minor,
        tax_minor=added.tax_minor,
        outstanding_minor=sold.outstanding.amount_minor + added.amount_minor - to_post.paid_minor,
        currency=sold.currency,
        last_day=added.last_day,
        remaining=packages_rules.remaining(to_post.draft.after, situation.now),
    )
    await store.grow(sold.id, added.amount_minor, added.tax_minor)
    await post(work, to_post, _recorded(outcome, situation, reason))
    await store.insert_top_up(_row(work, situation, outcome))
    return outcome


def _recorded(outcome: PackageToppedUp, situation: Situation, reason: str) -> Recorded:
    return Recorded(
        outcome,
        branch_id=situation.branch_id,
        package_id=situation.sold.id,
        package_version=situation.sold.version,
        customer_id=situation.sold.holder_id,
        reason=reason,
    )


def _row(work: Work, situation: Situation, outcome: PackageToppedUp) -> dict[str, object]:
    return {
        "id": outcome.top_up_id,
        "chain_id": work.chain_id,
        "package_id": outcome.package_id,
        "lot_id": outcome.lot_id,
        "branch_id": situation.branch_id,
        "operation_id": work.operation_id,
        "sessions": outcome.sessions,
        "amount_minor": outcome.amount_minor,
        "tax_minor": outcome.tax_minor,
        "topped_up_by": work.actor.id,
        "topped_up_at": work.now,
    }
