"""Undo a merge: the two are two persons after all, and what came from the one goes back."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.branches import store as branches
from domain.customers import merging_store as merging
from domain.customers import store
from domain.customers.handing_over import Handing, hand_over
from domain.customers.merging import UNDONE_WITHIN, given_back, still_there
from domain.customers.merging_errors import MergeTooOld, MergeUndone, refuse_gone
from domain.customers.merging_store import Merge
from domain.customers.store import Customer
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act
from domain.kernel.errors import NotFound
from domain.ledger.charges import owed_by
from domain.ledger.credit import credit_of


@dataclass(frozen=True, slots=True)
class UndoCustomerMerge:
    """Which merge was a mistake, and why."""

    merge_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CustomerMergeUndone:
    """What went back; of the credit that had come over as much as is still there, and of what was owed likewise."""

    merge_id: str
    kept_id: str
    merged_id: str
    package_ids: tuple[str, ...]
    credit_minor: int
    credit_spent_minor: int
    owed_minor: int
    currency: str
    undone_at: datetime


@act
async def undo_customer_merge(work: Work, command: UndoCustomerMerge) -> CustomerMergeUndone:
    """What came from the one who was merged goes back, as it is by now; what was bought or booked since stays.

    Packages go back even if they were used, with what refunds of them still owe, and also what they were upgraded to;
    credit as far as it is still at its branch, and what is still owed. Fields that somebody has changed since stay.
    Within 7 days. Refuses NotFound, MergeUndone, MergeTooOld, and whom another merge or erasing has changed meanwhile
    (CustomerMerged, CustomerErased).
    """
    command = _checked(command)
    await store.lock_registrations(work)
    merge = await merging.lock_merge(work, command.merge_id)
    kept, merged = await _both(work, merge)
    for customer in (kept, merged):
        work.authorise(customer.home_branch_id)
    _refuse_late(work, merge)
    refuse_gone(kept, "mergeId")
    await store.lock_visible(work, [kept.id])
    handing = await _handing(work, merge, kept, merged, command.reason)
    outcome = _outcome(work, merge, handing)
    await hand_over(work, handing, outcome, merged.home_branch_id)
    await _give_back(merge, kept)
    await merging.give_refunds(handing.package_ids, kept.id, merged.id)
    await merging.note_undone(work, merge.id)
    return outcome


def _checked(command: UndoCustomerMerge) -> UndoCustomerMerge:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _both(work: Work, merge: Merge) -> tuple[Customer, Customer]:
    found = {customer.id: customer for customer in await store.by_ids(work.actor, [merge.kept_id, merge.merged_id])}
    if len(found) < 2:
        raise NotFound("merge", merge.id, "mergeId")
    return found[merge.kept_id], found[merge.merged_id]


def _refuse_late(work: Work, merge: Merge) -> None:
    if merge.undone_at is not None:
        raise MergeUndone(merge.id, merge.undone_at)
    until = merge.merged_at + UNDONE_WITHIN
    if work.now >= until:
        raise MergeTooOld(merge.id, until)


async def _handing(work: Work, merge: Merge, kept: Customer, merged: Customer, reason: str) -> Handing:
    return Handing(
        from_customer=kept,
        to_customer=merged,
        package_ids=await merging.held_still(merge.before.packages, kept.id),
        credit=still_there(merge.before.credit, await credit_of(kept.id)),
        owed=still_there(merge.before.owed, await owed_by(kept.id)),
        currency=(await branches.chain(work.chain_id)).currency,
        reason=reason,
    )


async def _give_back(merge: Merge, kept: Customer) -> None:
    """Everything but packages and money, as far as it is still with the one who stayed."""
    before, kept_id, merged_id = merge.before, merge.kept_id, merge.merged_id
    await merging.give_bookings(before.bookings, kept_id, merged_id)
    await merging.give_visits(before.visits, kept_id, merged_id)
    await merging.come_again(before.doubled_visits, merged_id)
    await merging.give_shares(before.shares, kept_id, merged_id)
    await merging.renew_shares(before.ended_shares, merge.merged_at)
    await merging.give_references(before.references, kept_id, merged_id)
    await merging.give_transfers(before.sent, before.received, kept_id, merged_id)
    await merging.change_fields(kept_id, given_back(kept, before))
    await merging.note_parted(merged_id, before.household_id, before.guardian)
    await merging.keep_guarded([before.household_id] if before.household_id else [])
    await merging.give_merged(before.merged, kept_id, merged_id)


def _outcome(work: Work, merge: Merge, handing: Handing) -> CustomerMergeUndone:
    credit = sum(handing.credit.values())
    return CustomerMergeUndone(
        merge_id=merge.id,
        kept_id=merge.kept_id,
        merged_id=merge.merged_id,
        package_ids=handing.package_ids,
        credit_minor=credit,
        credit_spent_minor=sum(merge.before.credit.values()) - credit,
        owed_minor=sum(handing.owed.values()),
        currency=handing.currency,
        undone_at=work.now,
    )
