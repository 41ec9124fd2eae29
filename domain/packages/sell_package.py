"""Sell a package: the published terms become the customer's own, its sessions are issued, its price is owed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.ids import new_id
from domain.kernel.money import Money
from domain.ledger.accounts import Received
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posted, Posting, post_together
from domain.packages import instalments_store, paying, reading, renewal, rules, store
from domain.packages.bought import Purchase, refuse_bought
from domain.packages.errors import ReferenceTaken
from domain.packages.offered import Offered, offered, opened
from domain.packages.renewal import Leaving, Renewed
from domain.packages.rules import Planned
from domain.packages.sold import Place

MOST_PAYMENTS = 20


@dataclass(frozen=True, slots=True)
class SellPackage:
    """Sell one package of a published definition to a customer, with what is paid at once and when the rest is due.

    The payments are in the currency of the package; `currencies` are those that the payer named.
    """

    definition_id: str
    customer_id: str
    branch_id: str
    payments: tuple[Received, ...] = ()
    currencies: tuple[str, ...] = ()
    reference: str | None = None
    reason: str = ""
    confirmed_duplicate: bool = False
    instalments: tuple[Planned, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageSold:
    """The package that came to be, and what is still owed for it."""

    package_id: str
    price_minor: int
    paid_minor: int
    currency: str
    sessions: int
    renewed: tuple[Renewed, ...] = ()


@act
async def sell_package(work: Work, command: SellPackage) -> PackageSold:
    """Copy the published terms into a package, issue its lots, post the sale and what is paid with it.

    What packages of the same definition that are in grace still have moves into it, where their terms say so.
    Refuses a definition that is not on sale, a customer at the limit of the terms, a sale of the same just before
    unless another one is confirmed, a closed branch, a reference in use, payments above the price, above the chain's
    limit or in another currency, credit that is not there, and instalments that are not what is left to pay.
    """
    work.authorise(command.branch_id)
    command = _checked(command)
    place = await store.place(work, command.branch_id, customer_id=command.customer_id)
    rules.refuse_closed(place, work.now)
    today = local_date(work.now, place.time_zone)
    offer = await offered(work.chain_id, command.definition_id, command.branch_id, today)
    await _refuse_reference(work, command)
    minutes = 0 if command.confirmed_duplicate else place.duplicate_sale_minutes
    limit = offer.terms.use.limit_per_customer
    await refuse_bought(work, Purchase(command.definition_id, command.customer_id, limit, minutes))
    sold = _outcome(command, offer)
    _refuse_money(command, sold, place, today)
    payments = await paying.taken(command.payments, command.customer_id, command.branch_id, sold.currency)
    command = replace(command, payments=payments)
    old = await renewal.leaving(work, command.definition_id, command.customer_id, command.branch_id)
    sold = replace(sold, renewed=tuple(each.renewed for each in old))
    package = opened(offer, sold.package_id, command.customer_id, command.branch_id, work.now, today, sold.paid_minor)
    await store.insert_packages([package | {"chain_id": work.chain_id, "reference": command.reference}])
    posting = _posting(command, sold, offer, place, work.now, old)
    renewals = renewal.postings(old, sold.package_id, command.branch_id, today)
    await post_together([*renewals, Posted(work, posting, _recorded(command, sold))])
    plan = rules.agreed(command.instalments, place.time_zone)
    await instalments_store.insert_plan(sold.package_id, work.operation_id, 1, plan)
    return sold


def _checked(command: SellPackage) -> SellPackage:
    checks = Checks()
    for index, received in enumerate(command.payments):
        checks.amount(received.amount_minor, "payments", str(index), "amount")
    checks.that(len(command.payments) <= MOST_PAYMENTS, f"At most {MOST_PAYMENTS} payments.", "payments")
    rules.check_plan(checks, command.instalments)
    reference = None if command.reference is None else checks.required(command.reference, 64, "reference")
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reference=reference, reason=reason)


async def _refuse_reference(work: Work, command: SellPackage) -> None:
    if command.reference is None:
        return
    other = await store.with_reference(work.chain_id, command.reference)
    if other is not None:
        raise ReferenceTaken(command.reference, other if await reading.by_ids(work.actor, [other]) else None)


def _refuse_money(command: SellPackage, sold: PackageSold, place: Place, today: date) -> None:
    price = Money(sold.price_minor, sold.currency)
    paying.refuse_money(command.payments, command.currencies, price, place)
    if command.instalments:
        rules.refuse_plan(command.instalments, Money(sold.price_minor - sold.paid_minor, sold.currency), today)


def _outcome(command: SellPackage, offer: Offered) -> PackageSold:
    paid = sum(received.amount_minor for received in command.payments)
    return PackageSold(new_id("pkg"), offer.price_minor, paid, offer.terms.price.currency, offer.terms.sessions)


def _recorded(command: SellPackage, sold: PackageSold) -> Recorded:
    return Recorded(
        sold,
        branch_id=command.branch_id,
        package_id=sold.package_id,
        package_version=1,
        customer_id=command.customer_id,
        reason=command.reason,
    )


def _posting(
    command: SellPackage,
    sold: PackageSold,
    offer: Offered,
    place: Place,
    now: datetime,
    old: Sequence[Leaving],
) -> Posting:
    today = local_date(now, place.time_zone)
    draft = Draft()
    for lot, sessions, carried in rules.new_lots(
        sold.package_id, offer.terms, now, today, place.time_zone, offer.breakage_bp
    ):
        draft.issue(lot, sessions, carried, Occasion(now, branch_id=command.branch_id))
    bought = sum(movement.deferred_change for movement in draft.movements)
    renewal.take_over(draft, sold.package_id, old)
    return Posting(
        package_id=sold.package_id,
        package_version=1,
        currency=sold.currency,
        posted_on=today,
        draft=draft,
        entries=(
            *paying.entries(command.branch_id, sold.package_id, sold.price_minor, bought, command.payments),
            *renewal.entries(old, command.branch_id, sold.package_id),
        ),
        owed_minor=sold.price_minor,
        payments=command.payments,
        paid_at_branch_id=command.branch_id,
        customer_id=command.customer_id,
    )
