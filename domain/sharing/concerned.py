"""Whose package it is: who may share it, and with whom."""

from domain.catalog.terms import Sharing
from domain.customers import households_store
from domain.customers import store as customers
from domain.kernel.access import Principal
from domain.kernel.commands import Work
from domain.kernel.errors import NotFound, Refusal
from domain.packages import reading, rules, sharers_store, store
from domain.packages.merged_store import no_customer
from domain.packages.rules import Sharer
from domain.packages.sold import Sold
from domain.sharing.errors import SharedWithHolder, SharingNotAllowed


async def locked(work: Work, package_id: str) -> Sold:
    """Lock a package that is not closed, for the staff of its home branch, its holder, or a guardian of the household.

    To a customer who may not see it there is no such package.
    """
    sold = await store.lock(work, package_id)
    concerned = None
    if work.actor.kind is Principal.CUSTOMER:
        if sold.holder_id == work.actor.id or await _guarded(work, sold):
            concerned = work.actor.id
        elif not await reading.by_ids(work.actor, [package_id]):
            raise NotFound("package", package_id, "packageId")
    work.authorise(sold.home_branch_id, concerned)
    rules.refuse_ended(sold)
    return sold


async def _guarded(work: Work, sold: Sold) -> bool:
    """Whether a guardian of the household has a say in it: what only the holder may use is nobody else's business."""
    only_own = sold.terms.who.sharing is Sharing.NONE
    return not only_own and await households_store.guards(work.chain_id, work.actor.id, sold.holder_id)


def refuse_other_terms(sold: Sold, *allowed: Sharing) -> None:
    """Refuse what the terms of the package do not let be shared this way."""
    agreed = sold.terms.who.sharing
    if agreed not in allowed:
        raise SharingNotAllowed(sold.id, agreed.value)


async def person(work: Work, sold: Sold, customer_id: str) -> Sharer:
    """How a person whom the actor may name stands to the package.

    The staff may name everybody in the chain, a customer the own household and those the package is shared with.
    """
    if customer_id == sold.holder_id:
        raise SharedWithHolder(sold.id, customer_id)
    known = await sharers_store.sharers(work.chain_id, [sold.id], [customer_id])
    sharer = known.get((sold.id, customer_id))
    if sharer is None or not (sharer.named or await _may_name(work, customer_id)):
        raise await _nobody(work, customer_id)
    return sharer


async def _nobody(work: Work, customer_id: str) -> Refusal:
    if work.actor.kind is Principal.CUSTOMER:
        return NotFound("customer", customer_id, "customerId")
    return await no_customer(work.chain_id, customer_id, "customerId")


async def _may_name(work: Work, customer_id: str) -> bool:
    if work.actor.kind is Principal.CUSTOMER:
        return bool(await customers.by_ids(work.actor, [customer_id]))
    return await customers.exists(work.chain_id, customer_id)
