"""Lets an event that had no effect be processed again."""

from dataclasses import dataclass

from domain.inbox import store
from domain.inbox.errors import InboundEventForgotten, InboundEventProcessed
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RetryInboundEvent:
    """An event that was rejected or ignored, or that waits to be tried again."""

    event_id: str


@dataclass(frozen=True, slots=True)
class InboundEventRetried:
    """It is processed with the next sweep, as it came."""

    event_id: str


@act
async def retry_inbound_event(work: Work, command: RetryInboundEvent) -> InboundEventRetried:
    """It is tried at once; what it says counts as of when it was said.

    Refuses NotFound, InboundEventProcessed, InboundEventForgotten.
    """
    work.authorise(None)
    event = await store.lock_event(work, command.event_id)
    if event is None:
        raise NotFound("event", command.event_id, "eventId")
    if event.operation_id is not None and event.processed_at is not None:
        raise InboundEventProcessed(event.id, event.processed_at)
    if not event.body:
        raise InboundEventForgotten(event.id)
    await store.try_again(event.id, work.now)
    outcome = InboundEventRetried(event.id)
    await record(work, Recorded(outcome))
    return outcome
