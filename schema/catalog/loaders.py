"""Loaders of package definitions and of single versions."""

from collections.abc import Mapping

from domain.catalog import reading
from domain.kernel.access import Actor
from schema.catalog.types import PackageDefinition, PackageDefinitionVersion, definition_of, version_of
from schema.context import Loader


async def _definitions(actor: Actor, ids: list[str]) -> Mapping[str, PackageDefinition]:
    return {definition.id: definition_of(definition) for definition in await reading.definitions_by_ids(actor, ids)}


async def _versions(actor: Actor, ids: list[str]) -> Mapping[str, PackageDefinitionVersion]:
    return {version.id: version_of(version) for version in await reading.versions_by_ids(actor, ids)}


DEFINITION = Loader(_definitions)
VERSION = Loader(_versions)
