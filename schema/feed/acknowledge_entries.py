"""The mutation acknowledgeEntries."""

from typing import Annotated

import strawberry

from domain.feed.acknowledge_entries import AcknowledgeEntries
from schema.acts import carry_out, describe
from schema.context import Info
from schema.feed.refusals import AcknowledgedFurther, PositionNotSealed
from schema.feed.types import FeedReader, reader_shown
from schema.refusals import InvalidInput


@strawberry.input(description="What was taken over.")
class AcknowledgeEntriesInput:
    """The input of acknowledgeEntries."""

    position: int = strawberry.field(
        description="Everything up to this position of the sealed order; 0 to begin a feed before anything is read."
    )
    feed: str = strawberry.field(
        default="journal",
        description="Which of your feeds, where one key reads several; at most 60 characters, and at most 20 feeds.",
    )


@strawberry.type(description="How far the feed has come.")
class AcknowledgeEntriesPayload:
    """The outcome of acknowledgeEntries."""

    reader: FeedReader | None = strawberry.field(description="The feed.")


AcknowledgeEntriesResult = Annotated[
    AcknowledgeEntriesPayload | InvalidInput | PositionNotSealed | AcknowledgedFurther,
    strawberry.union("AcknowledgeEntriesResult", description="How far the feed has come, or why it is not moved."),
]


async def resolve(info: Info, input: AcknowledgeEntriesInput) -> AcknowledgeEntriesResult:
    """Build the command and carry it out."""
    done = await carry_out(info, AcknowledgeEntries(input.position, input.feed))
    return AcknowledgeEntriesPayload(reader=await reader_shown(info, done.outcome.reader_id))


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "acknowledge_entries",
        "Says that everything up to a position of the sealed order was taken over, so that `feedReaders` and the "
        "figures of the operator tell how far you have come. It keeps nothing back: whatever is behind any position "
        "can be read again. It leaves no operation, which would be the next one to acknowledge. Sent again it changes "
        "nothing.",
    ),
)
