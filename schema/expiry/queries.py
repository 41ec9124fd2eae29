"""Reading extensions of many packages."""

import strawberry

from domain.expiry import reading
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.expiry.types import BulkExtension, extension_of, extension_shown


@strawberry.type
class ExpiryQueries:
    """Mixed into the root query."""

    @strawberry.field(description="One extension of many packages; null when there is none that you may see.")
    async def bulk_extension(self, info: Info, id: strawberry.ID) -> BulkExtension | None:
        return await extension_shown(info, id)

    @strawberry.field(
        description="Extensions of many packages, newest first. Staff see those of their branches, and those of the "
        "whole chain where they have a role for all of it."
    )
    async def bulk_extensions(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[BulkExtension] | None:
        asked = page(first, after, "bulkExtensions")
        behind = asked.after[0] if asked.after else None
        found = await reading.extensions_page(info.context.actor, asked.size + 1, behind)
        return connection(found, asked, extension_of, lambda view: [view.id])
