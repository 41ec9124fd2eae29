"""Reading who reads the feed."""

import strawberry

from domain.feed import reading
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.feed.types import FeedReader, reader_of


@strawberry.type
class FeedQueries:
    """Mixed into the root query."""

    @strawberry.field(
        description="Who reads the journal in the sealed order and has acknowledged some of it, in the order in which "
        "they began, with what waits for them."
    )
    async def feed_readers(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[FeedReader] | None:
        asked = page(first, after, "feedReaders")
        behind = asked.after[0] if asked.after else None
        found = await reading.readers_page(info.context.actor, asked.size + 1, behind)
        return connection(found, asked, reader_of, lambda view: [view.id])
