"""Reading services and package definitions."""

import strawberry

from domain.catalog import reading
from domain.catalog.reading import DefinitionFilter
from domain.catalog.store import State
from schema.catalog import refund_presets
from schema.catalog.loaders import DEFINITION
from schema.catalog.service import SERVICE, Service, service_of
from schema.catalog.types import PackageDefinition, definition_of
from schema.connections import Connection, connection, page
from schema.context import Info


@strawberry.input(description="Which package definitions; every part that is given must hold.")
class PackageDefinitionFilterInput:
    """The filter of definitions."""

    state: State | None = strawberry.field(default=None, description="Whose current version is in this state.")
    service_id: strawberry.ID | None = strawberry.field(default=None, description="With sessions for this service.")
    recommended: bool | None = strawberry.field(default=None, description="Recommended, or not.")


@strawberry.type
class CatalogQueries:
    """Mixed into the root query."""

    refund_policy_presets: list[refund_presets.RefundPolicyPreset] | None = refund_presets.QUERY

    @strawberry.field(description="One service; null when the chain has none with this id.")
    async def service(self, info: Info, id: strawberry.ID) -> Service | None:
        return await info.context.load(SERVICE, id)

    @strawberry.field(description="The services of the chain, in the order in which they were defined.")
    async def services(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Service] | None:
        asked = page(first, after, "services")
        actor = info.context.actor
        found = await reading.services_page(actor, asked.after[0] if asked.after else None, asked.size + 1)
        return connection(found, asked, service_of, lambda service: [service.id])

    @strawberry.field(description="One package definition; null when there is none that you may see.")
    async def package_definition(self, info: Info, id: strawberry.ID) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, id)

    @strawberry.field(description="The catalogue, in the order in which it was defined; customers see what is on sale.")
    async def package_definitions(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: PackageDefinitionFilterInput | None = None,
    ) -> Connection[PackageDefinition] | None:
        chosen = DefinitionFilter(**vars(filter)) if filter else DefinitionFilter()
        asked = page(first, after, "packageDefinitions", chosen)
        behind = asked.after[0] if asked.after else None
        found = await reading.definitions_page(info.context.actor, chosen, behind, asked.size + 1)
        return connection(found, asked, definition_of, lambda definition: [definition.id])
