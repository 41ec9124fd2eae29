"""The codes by which people call what reports know by id."""

from collections.abc import Iterable

from domain.branches import store as branches
from domain.catalog import reading as catalog
from domain.kernel.access import Actor


async def branch_codes(actor: Actor, branch_ids: Iterable[str]) -> dict[str, str]:
    """The codes of branches, by id."""
    return {branch.id: branch.code for branch in await branches.by_ids(actor, sorted(set(branch_ids)))}


async def definition_codes(actor: Actor, definition_ids: Iterable[str]) -> dict[str, str]:
    """The codes of package definitions, by id; none has the empty one, which stands for what is about no package."""
    found = await catalog.definitions_by_ids(actor, sorted(set(definition_ids)))
    return {"": "", **{definition.id: definition.code for definition in found}}
