"""Loader of the versions of definitions."""

from collections import defaultdict
from collections.abc import Mapping

from domain.catalog import reading
from domain.catalog.store import Version
from domain.kernel.access import Actor
from schema.context import Loader


async def _versions(actor: Actor, definition_ids: list[str]) -> Mapping[str, list[Version]]:
    found: dict[str, list[Version]] = defaultdict(list)
    for definition_id, version in await reading.versions_of(actor, definition_ids):
        found[definition_id].append(version)
    return found


VERSIONS = Loader(_versions)
