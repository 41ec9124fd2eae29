"""Takes a package definition off sale."""

from dataclasses import dataclass

from domain.catalog import store
from domain.catalog.errors import AlreadyRetired, NotPublished
from domain.catalog.store import State
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RetirePackageDefinition:
    """The definition to take off sale."""

    definition_id: str


@dataclass(frozen=True, slots=True)
class PackageDefinitionRetired:
    """The version that is sold no more."""

    definition_id: str
    version_id: str
    version: int


@act
async def retire_package_definition(work: Work, command: RetirePackageDefinition) -> PackageDefinitionRetired:
    """What was on sale is sold no more; sold packages go on, and a draft may be published later.

    Refuses NotFound, NotPublished, AlreadyRetired.
    """
    work.authorise(None)
    if not await store.lock_definition(work, command.definition_id):
        raise NotFound("package definition", command.definition_id, "definitionId")
    on_sale = _on_sale(command.definition_id, await store.versions(command.definition_id))
    await store.retire(work, on_sale.id)
    outcome = PackageDefinitionRetired(command.definition_id, on_sale.id, on_sale.version)
    await record(work, Recorded(outcome))
    return outcome


def _on_sale(definition_id: str, newest_first: list[store.Version]) -> store.Version:
    for version in newest_first:
        if version.state is State.PUBLISHED:
            return version
    for version in newest_first:
        if version.retired_at is not None:
            raise AlreadyRetired(definition_id, version.retired_at)
    raise NotPublished(definition_id)
