"""Inbound events as the graph shows them."""

from datetime import datetime

import strawberry

from domain.inbox import reading
from domain.inbox.rules import EventState
from domain.inbox.view import EventView
from schema.context import Info, Loader
from schema.inbox.types import InboundHook, hook_shown
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown

EVENT = Loader(reading.events_by_ids)


@strawberry.type(description="One event that another system told, kept as it came.")
class InboundEvent(Node):
    """An event."""

    event_id: str = strawberry.field(description="The `webhook-id` of its sender, by which it is known again.")
    state: EventState = strawberry.field(description="How far it has come.")
    problem: str | None = strawberry.field(
        description="Why the last attempt had no effect: the code of a refusal, or INTERNAL; null if it had one."
    )
    message: str = strawberry.field(description="The same in words, or what was done.")
    body: str = strawberry.field(
        description="The bytes that came, read as UTF-8; empty once somebody they were about was erased, or 90 days "
        "after the event was processed or ignored, unless the operator says otherwise."
    )
    received_at: datetime = strawberry.field(description="When it came.")
    repeated: int = strawberry.field(description="How often it came again, which changed nothing.")
    attempt_count: int = strawberry.field(description="How often it was processed, or begun to be.")
    due_at: datetime | None = strawberry.field(description="When it is processed next; null once it has ended.")
    processed_at: datetime | None = strawberry.field(description="When it ended; null unless it has.")
    hook_id: strawberry.Private[str]
    operation_id: strawberry.Private[str | None]

    @strawberry.field(description="Where it came in.")
    async def hook(self, info: Info) -> InboundHook | None:
        return await hook_shown(info, self.hook_id)

    @strawberry.field(description="What it brought about, told under the id of the hook; null unless it did.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.operation_id) if self.operation_id else None


def event_of(view: EventView) -> InboundEvent:
    """An event as the graph shows it."""
    return InboundEvent(
        id=strawberry.ID(view.id),
        event_id=view.event_id,
        state=view.state,
        problem=view.problem,
        message=view.message,
        body=bytes(view.body).decode(errors="replace"),
        received_at=view.received_at,
        repeated=view.repeated,
        attempt_count=view.attempts,
        due_at=view.due_at,
        processed_at=view.processed_at,
        hook_id=view.hook_id,
        operation_id=view.operation_id,
    )


async def event_shown(info: Info, id: str) -> InboundEvent | None:
    """An event as the actor may see it."""
    found = await info.context.load(EVENT, id)
    return event_of(found) if found else None
