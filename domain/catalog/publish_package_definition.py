"""Puts the draft of a package definition on sale."""

from dataclasses import dataclass

from domain.catalog import store
from domain.catalog.errors import NothingToPublish
from domain.catalog.store import State
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class PublishPackageDefinition:
    """The definition whose draft goes on sale."""

    definition_id: str


@dataclass(frozen=True, slots=True)
class PackageDefinitionPublished:
    """The version that is sold from now on."""

    definition_id: str
    version_id: str
    version: int


@act
async def publish_package_definition(work: Work, command: PublishPackageDefinition) -> PackageDefinitionPublished:
    """The draft goes on sale and the version that was on sale is retired; sold packages keep their terms.

    Refuses NotFound, NothingToPublish.
    """
    work.authorise(None)
    if not await store.lock_definition(work, command.definition_id):
        raise NotFound("package definition", command.definition_id, "definitionId")
    standing = {version.state: version for version in reversed(await store.versions(command.definition_id))}
    draft, on_sale = standing.get(State.DRAFT), standing.get(State.PUBLISHED)
    if draft is None:
        raise NothingToPublish(command.definition_id, on_sale.version if on_sale else None)
    if on_sale is not None:
        await store.retire(work, on_sale.id)
    await store.publish(work, draft.id)
    outcome = PackageDefinitionPublished(command.definition_id, draft.id, draft.version)
    await record(work, Recorded(outcome))
    return outcome
