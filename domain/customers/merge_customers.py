"""Merge two customers who turned out to be one person: the one who stays holds everything from now on."""

from dataclasses import dataclass, replace

from domain.branches import store as branches
from domain.customers import merging_store as merging
from domain.customers import store
from domain.customers.handing_over import Handing, hand_over
from domain.customers.merging import Before, become, new_notes, new_tags, taken_over
from domain.customers.merging_errors import SameCustomer, refuse_gone
from domain.customers.store import Customer
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.ledger.charges import owed_by
from domain.ledger.credit import credit_of


@dataclass(frozen=True, slots=True)
class MergeCustomers:
    """Who stays, who is the same person, and how that was found out."""

    keep_id: str
    merge_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CustomersMerged:
    """What went over to the one who stays: packages, visits that they booked, credit and what they owed."""

    merge_id: str
    kept_id: str
    merged_id: str
    package_ids: tuple[str, ...]
    bookings: int
    credit_minor: int
    owed_minor: int
    currency: str


@act
async def merge_customers(work: Work, command: MergeCustomers) -> CustomersMerged:
    """What one customer holds is the other's from now on; what was done before stays written as it was.

    Packages, visits, shares, references, transfers that wait, credit and what is owed go over; blank fields are
    filled, tags and notes joined. Needs the role at the home branches of both. Refuses NotFound, SameCustomer,
    CustomerMerged, CustomerErased.
    """
    command = _checked(command)
    await store.lock_registrations(work)
    kept, merged = await _both(work, command)
    for customer in (kept, merged):
        work.authorise(customer.home_branch_id)
    before = await _moved(work, kept, merged)
    handing = Handing(
        from_customer=merged,
        to_customer=kept,
        package_ids=before.packages,
        credit=before.credit,
        owed=before.owed,
        currency=(await branches.chain(work.chain_id)).currency,
        reason=command.reason,
    )
    outcome = _outcome(before, kept, merged, handing.currency)
    await hand_over(work, handing, outcome, kept.home_branch_id)
    await merging.note_merged(merged.id, kept.id, work.now)
    await merging.change_fields(kept.id, become(kept, before))
    await merging.keep_guarded([merged.household_id] if merged.household_id else [])
    await merging.insert_merge(work, outcome.merge_id, kept.id, merged.id, before)
    return outcome


def _checked(command: MergeCustomers) -> MergeCustomers:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    if command.keep_id == command.merge_id:
        raise SameCustomer(command.keep_id)
    return replace(command, reason=reason)


async def _both(work: Work, command: MergeCustomers) -> tuple[Customer, Customer]:
    """Both locked, neither merged before nor erased."""
    asked = ((command.keep_id, "keepId"), (command.merge_id, "mergeId"))
    seen = {customer.id: customer for customer in await store.by_ids(work.actor, [each for each, _ in asked])}
    for customer_id, path in asked:
        if customer_id not in seen:
            raise NotFound("customer", customer_id, path)
        refuse_gone(seen[customer_id], path)
    locked = {customer.id: customer for customer in await store.lock_visible(work, list(seen))}
    return locked[command.keep_id], locked[command.merge_id]


async def _moved(work: Work, kept: Customer, merged: Customer) -> Before:
    """Hand over everything but packages and money; answers what has come from whom."""
    bookings = await merging.change_bookings(merged.id, kept.id)
    visits, doubled = await merging.change_visits(merged.id, kept.id)
    packages = await merging.holding(merged.id)
    shares, ended = await merging.change_shares(work, merged.id, kept.id)
    sent, received = await merging.change_transfers(work, merged.id, kept.id)
    return Before(
        fields=taken_over(kept, merged),
        tags=new_tags(kept, merged),
        notes=new_notes(kept, merged),
        household_id=merged.household_id,
        guardian=merged.guardian,
        packages=packages,
        bookings=bookings,
        visits=visits,
        doubled_visits=doubled,
        shares=shares,
        ended_shares=ended,
        references=await merging.change_references(merged.id, kept.id),
        sent=sent,
        received=received,
        merged=await merging.change_merged(merged.id, kept.id),
        credit=await credit_of(merged.id),
        owed=await owed_by(merged.id),
    )


def _outcome(before: Before, kept: Customer, merged: Customer, currency: str) -> CustomersMerged:
    return CustomersMerged(
        merge_id=new_id("mrg"),
        kept_id=kept.id,
        merged_id=merged.id,
        package_ids=before.packages,
        bookings=len(before.bookings),
        credit_minor=sum(before.credit.values()),
        owed_minor=sum(before.owed.values()),
        currency=currency,
    )
