"""The codes by which people call what reports know by id."""

from collections.abc import Collection

from domain.branches import store as branches
from domain.kernel.access import Actor


async def branch_codes(actor: Actor, branch_ids: Collection[str]) -> dict[str, str]:
    """The codes of branches, by id."""
    return {branch.id: branch.code for branch in await branches.by_ids(actor, sorted(branch_ids))}
