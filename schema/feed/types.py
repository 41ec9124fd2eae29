"""Who reads the feed, as the graph shows it."""

from datetime import datetime

import strawberry

from domain.feed import reading
from domain.feed.reading import ReaderView
from domain.kernel.access import Principal
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.operation import PrincipalReference
from schema.people.loaders import API_KEY
from schema.people.types import ApiKey

READER = Loader(reading.readers_by_ids)


@strawberry.type(
    description="A feed that somebody reads under a name, and how far it is acknowledged. It begins with its first "
    "acknowledgement."
)
class FeedReader(Node):
    """A feed of somebody."""

    feed: str = strawberry.field(description="Its name; each key and each person has names of their own.")
    reader: PrincipalReference = strawberry.field(description="Who reads it.")
    position: int = strawberry.field(description="Up to which position of the sealed order it is acknowledged.")
    newest_position: int = strawberry.field(description="The last position of the chain's sealed order.")
    waiting_since: datetime | None = strawberry.field(
        description="When the oldest entry that is not acknowledged was written; null when all are."
    )
    began_at: datetime = strawberry.field(description="When it was first acknowledged.")
    acknowledged_at: datetime = strawberry.field(description="When it was last moved on.")

    @strawberry.field(
        description="How many operations of the sealed order are behind its position, with entries or without."
    )
    def behind(self) -> int:
        return self.newest_position - self.position

    @strawberry.field(description="The key that reads it; null for a person, and for whoever may not see keys.")
    async def api_key(self, info: Info) -> ApiKey | None:
        if self.reader.kind is not Principal.INTEGRATION:
            return None
        return await info.context.load(API_KEY, self.reader.id)


def reader_of(view: ReaderView) -> FeedReader:
    """A feed as the graph shows it."""
    return FeedReader(
        id=strawberry.ID(view.id),
        feed=view.feed,
        reader=PrincipalReference(kind=view.principal, id=strawberry.ID(view.principal_id)),
        position=view.position,
        newest_position=view.newest,
        waiting_since=view.waiting_since,
        began_at=view.began_at,
        acknowledged_at=view.acknowledged_at,
    )


async def reader_shown(info: Info, reader_id: str) -> FeedReader | None:
    """A feed as the actor may see it."""
    found = await info.context.load(READER, reader_id)
    return reader_of(found) if found else None
