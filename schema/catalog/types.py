"""Package definitions and their versions as the graph shows them."""

from datetime import datetime

import strawberry

from domain.catalog import reading, store
from domain.catalog.store import State
from schema.catalog.pricing import Pricing, pricing_of
from schema.catalog.terms import Policy, Terms, policies_of, terms_of
from schema.catalog.versions import VERSIONS
from schema.context import Info
from schema.interfaces import Node


@strawberry.type(description="One version of a package definition; what was published is never edited.")
class PackageDefinitionVersion(Node):
    """A version."""

    version: int = strawberry.field(description="Its number, from 1 on.")
    state: State = strawberry.field(description="Where it stands.")
    name: str = strawberry.field(description="What packages sold from it are called.")
    recommended: bool = strawberry.field(description="Whether customers are shown it first.")
    created_at: datetime = strawberry.field(description="When it was defined.")
    published_at: datetime | None = strawberry.field(description="Since when it was on sale.")
    retired_at: datetime | None = strawberry.field(description="Since when it is on sale no more.")
    source: strawberry.Private[store.Version]

    @strawberry.field(description="Its complete rules.")
    def terms(self) -> Terms:
        return terms_of(self.source.terms)

    @strawberry.field(
        description="What a session costs in it, beside what it costs alone at a branch; null where the branch does "
        "not offer all its services."
    )
    async def pricing(self, info: Info, branch_id: strawberry.ID) -> Pricing | None:
        return await pricing_of(info, self.source.terms, branch_id)


def version_of(version: store.Version) -> PackageDefinitionVersion:
    """A version as the graph shows it."""
    return PackageDefinitionVersion(
        id=strawberry.ID(version.id),
        version=version.version,
        state=version.state,
        name=version.name,
        recommended=version.recommended,
        created_at=version.created_at,
        published_at=version.published_at,
        retired_at=version.retired_at,
        source=version,
    )


@strawberry.type(description="An entry of the catalogue; what it promises stands in its versions.")
class PackageDefinition(Node):
    """A definition."""

    code: str = strawberry.field(description="Its short name in lists (SKU), unique in the chain.")
    name: str = strawberry.field(description="The name of its current version.")
    state: State = strawberry.field(description="The state of its current version.")
    recommended: bool = strawberry.field(description="Whether customers are shown it first.")
    created_at: datetime = strawberry.field(description="When its first version was defined.")
    current: PackageDefinitionVersion = strawberry.field(
        description="The version on sale; where none is, the newest one."
    )

    @strawberry.field(description="The rules of its current version in sentences, to be read before purchase.")
    def policies(self) -> list[Policy]:
        return policies_of(self.current.source.terms)

    @strawberry.field(description="All its versions, newest first; drafts are not shown to customers.")
    async def versions(self, info: Info) -> list[PackageDefinitionVersion]:
        return [version_of(version) for version in await info.context.load(VERSIONS, self.id) or []]


def definition_of(definition: reading.Definition) -> PackageDefinition:
    """A definition as the graph shows it."""
    current = definition.current
    return PackageDefinition(
        id=strawberry.ID(definition.id),
        code=definition.code,
        name=current.name,
        state=current.state,
        recommended=current.recommended,
        created_at=definition.created_at,
        current=version_of(current),
    )
