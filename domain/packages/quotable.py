"""A package as it is quoted on: not locked, for whoever sees it, and of customers for its holder only."""

from domain.kernel.access import POLICIES, Actor, Principal
from domain.kernel.commands import Work
from domain.kernel.db import Where
from domain.kernel.errors import NotFound
from domain.packages import reading
from domain.packages import store as packages
from domain.packages.sold import Sold


async def refuse_unseen(actor: Actor, package_id: str, act: str) -> None:
    """Refuse a package that the actor does not see, and customers what is not theirs, as if there were none.

    A key that may carry out the act is told what that comes to, whether or not it is also trusted with reading.
    """
    if actor.kind is Principal.INTEGRATION and POLICIES[act].lets(actor):
        return
    seen = (await reading.by_ids(actor, [package_id])).get(package_id)
    if seen is None or (actor.kind is Principal.CUSTOMER and seen.holder_id != actor.id):
        raise NotFound("package", package_id, "packageId")


def condition(work: Work, *, locked: bool) -> Where:
    """The same as a condition on a package `p`; for an act, which locks it, its policy decides."""
    key = work.actor.kind is Principal.INTEGRATION and POLICIES[work.act].lets(work.actor)
    where = Where() if locked or key else reading.visible(work.actor)
    where.add("p.chain_id = {chain}", chain=work.chain_id)
    if work.actor.kind is Principal.CUSTOMER:
        where.add("p.holder_id = {own}", own=work.actor.id)
    return where


async def read(work: Work, package_id: str) -> Sold:
    """The package as it is, not locked."""
    found = await packages.read(work, [package_id])
    if not found:
        raise NotFound("package", package_id, "packageId")
    return found[0]
