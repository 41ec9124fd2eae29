"""Reading the staff and API keys."""

import strawberry

from domain.people import reading
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.people.types import ApiKey, Staff, api_key_of, staff_of


@strawberry.type
class PeopleQueries:
    """Mixed into the root query."""

    @strawberry.field(description="The staff of the chain, in the order in which they joined.")
    async def staff(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[Staff] | None:
        asked = page(first, after, "staff")
        found = await reading.staff_page(info.context.actor, asked.after[0] if asked.after else None, asked.size + 1)
        return connection(found, asked, staff_of, lambda person: [person.id])

    @strawberry.field(description="The API keys of the chain, in the order of their creation.")
    async def api_keys(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[ApiKey] | None:
        asked = page(first, after, "apiKeys")
        found = await reading.api_keys_page(info.context.actor, asked.after[0] if asked.after else None, asked.size + 1)
        return connection(found, asked, api_key_of, lambda key: [key.id])
