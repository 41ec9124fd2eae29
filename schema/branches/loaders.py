"""Loader of branches."""

from collections.abc import Mapping

from domain.branches import store
from domain.kernel.access import Actor
from schema.branches.types import Branch, branch_of
from schema.context import Loader


async def _branches(actor: Actor, ids: list[str]) -> Mapping[str, Branch]:
    return {branch.id: branch_of(branch) for branch in await store.by_ids(actor, ids)}


BRANCH = Loader(_branches)
