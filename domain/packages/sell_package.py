"""Sell a package: the published terms become the customer's own, its sessions are issued, its price is owed."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.catalog import store as catalog
from domain.catalog import terms as terms_of
from domain.catalog.rules import tax_in
from domain.catalog.terms import TaxPoint, Terms
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.kernel.money import Money
from domain.ledger import accounts
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting, post
from domain.packages import rules, store
from domain.packages.errors import (
    BranchClosed,
    LimitPerCustomerReached,
    NotOnSale,
    PaymentExceedsOutstanding,
    ReferenceTaken,
)
from domain.packages.sold import Place


@dataclass(frozen=True, slots=True)
class SellPackage:
    """Sell one package of a published definition to a customer, with what is paid at once."""

    definition_id: str
    customer_id: str
    branch_id: str
    payments: tuple[Received, ...] = ()
    reference: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PackageSold:
    """The package that came to be, and what is still owed for it."""

    package_id: str
    price_minor: int
    paid_minor: int
    currency: str
    sessions: int


@act
async def sell_package(work: Work, command: SellPackage) -> PackageSold:
    """Copy the published terms into a package, issue its lots, post the sale and what is paid with it.

    Refuses a definition that is not on sale, a customer at the limit of the terms, a closed branch, a reference in
    use, and payments above the price.
    """
    work.authorise(command.branch_id)
    place = await _open(work, command)
    version = await catalog.published(work.chain_id, command.definition_id)
    if version is None:
        raise NotFound("package definition", command.definition_id, "definitionId")
    if version.terms is None or version.version_id is None:
        raise NotOnSale(command.definition_id)
    terms = await _priced(version.terms, command.branch_id)
    await _refuse_limits(work, command, terms, place)
    net, tax = tax_in(terms.price, terms.price.amount_minor)
    paid = sum(received.amount_minor for received in command.payments)
    if paid > net + tax:
        currency = terms.price.currency
        raise PaymentExceedsOutstanding(Money(net + tax, currency), Money(paid, currency))
    package_id = new_id("pkg")
    active = rules.activated(terms.use.activation, net + tax, paid)
    await store.insert_packages(
        [
            {
                "id": package_id,
                "chain_id": work.chain_id,
                "reference": command.reference,
                "definition_id": command.definition_id,
                "definition_version_id": version.version_id,
                "name": version.name,
                "holder_id": command.customer_id,
                "home_branch_id": command.branch_id,
                "selling_branch_id": command.branch_id,
                "currency": terms.price.currency,
                "price_minor": net + tax,
                "tax_minor": tax,
                "paid_minor": 0,
                "terms": terms_of.to_json(terms),
                "sharing": terms.who.sharing.value,
                "sold_at": work.now,
                "activated_at": work.now if active else None,
                "version": 1,
            }
        ]
    )
    sold = PackageSold(package_id, net + tax, paid, terms.price.currency, terms.sessions)
    await post(work, _posting(command, sold, terms, place, work.now), _recorded(command, sold))
    return sold


def _recorded(command: SellPackage, sold: PackageSold) -> Recorded:
    return Recorded(
        sold,
        branch_id=command.branch_id,
        package_id=sold.package_id,
        package_version=1,
        customer_id=command.customer_id,
        reason=command.reason,
    )


async def _open(work: Work, command: SellPackage) -> Place:
    place = await store.place(work, command.branch_id)
    if place.closed_at is not None:
        raise BranchClosed(place.branch_id, place.closed_at)
    if not await store.customer_exists(work.chain_id, command.customer_id):
        raise NotFound("customer", command.customer_id, "customerId")
    if command.reference is not None:
        other = await store.with_reference(work.chain_id, command.reference)
        if other is not None:
            raise ReferenceTaken(command.reference, other)
    return place


async def _priced(terms: Terms, branch_id: str) -> Terms:
    """The terms with today's list price of each service written into its item."""
    prices = await catalog.list_prices(terms.service_ids, branch_id)
    return replace(
        terms,
        items=tuple(
            replace(item, list_prices_minor=tuple(prices[service] for service in item.service_ids))
            for item in terms.items
        ),
    )


async def _refuse_limits(work: Work, command: SellPackage, terms: Terms, place: Place) -> None:
    until = terms.validity.until
    if until is not None and until < local_date(work.now, place.time_zone):
        raise NotOnSale(command.definition_id)
    limit = terms.use.limit_per_customer
    if limit is None:
        return
    await store.lock_customer(command.customer_id)
    if await store.count_bought(command.definition_id, command.customer_id) >= limit:
        raise LimitPerCustomerReached(command.definition_id, limit)


def _posting(command: SellPackage, sold: PackageSold, terms: Terms, place: Place, now: datetime) -> Posting:
    today = local_date(now, place.time_zone)
    draft = Draft()
    for lot, sessions, carried in rules.new_lots(sold.package_id, terms, now, today, place.time_zone):
        draft.issue(lot, sessions, carried, Occasion(now, branch_id=command.branch_id))
    deferred = sum(movement.deferred_change for movement in draft.movements)
    due_now = sold.price_minor - deferred
    assert due_now == 0 or terms.price.tax_point is TaxPoint.AT_SALE
    online = [received for received in command.payments if received.method is PaymentMethod.ONLINE_LINK]
    at_desk = [received for received in command.payments if received.method is not PaymentMethod.ONLINE_LINK]
    branch, package = command.branch_id, sold.package_id
    through_provider = sum(received.amount_minor for received in online)
    return Posting(
        package_id=package,
        package_version=1,
        currency=sold.currency,
        posted_on=today,
        draft=draft,
        entries=(
            accounts.sale(branch, package, deferred, due_now, through_provider),
            *(accounts.payment(branch, branch, package, received) for received in at_desk),
        ),
        owed_minor=sold.price_minor,
        payments=command.payments,
        paid_at_branch_id=branch,
    )
