"""The mutation retryInboundEvent."""

from typing import Annotated

import strawberry

from domain.inbox.retry_inbound_event import RetryInboundEvent
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.inbox.events import InboundEvent, event_shown
from schema.inbox.refusals import InboundEventForgotten, InboundEventProcessed
from schema.refusals import NotFound


@strawberry.input(description="The event to process again.")
class RetryInboundEventInput:
    """The input of retryInboundEvent."""

    event_id: strawberry.ID = strawberry.field(description="The `id` of the event here, not the one of its sender.")


@strawberry.type(description="It is processed in a moment.")
class RetryInboundEventPayload:
    """The outcome of retryInboundEvent."""

    event: InboundEvent | None = strawberry.field(description="The event.")
    operation_id: strawberry.ID = operation_id()


RetryInboundEventResult = Annotated[
    RetryInboundEventPayload | NotFound | InboundEventProcessed | InboundEventForgotten,
    strawberry.union("RetryInboundEventResult", description="The event that is tried again, or why not."),
]


async def resolve(info: Info, input: RetryInboundEventInput) -> RetryInboundEventResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RetryInboundEvent(input.event_id))
    return RetryInboundEventPayload(
        event=await event_shown(info, done.outcome.event_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "retry_inbound_event",
        "Processes an event again that was rejected or ignored, once what was in its way is put right; one that waits "
        "is tried at once. What it says counts as of when it was said: where something newer has been said since, it "
        "changes nothing.",
    ),
)
