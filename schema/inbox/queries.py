"""Reading hooks for other systems, and what they told."""

import strawberry

from domain.inbox import reading
from domain.inbox.reading import EventFilter
from domain.inbox.rules import EventState
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.inbox.events import InboundEvent, event_of
from schema.inbox.types import InboundHook, hook_of


@strawberry.input(description="Which events; every part that is given must hold.")
class InboundEventFilterInput:
    """The filter of events."""

    hook_id: strawberry.ID | None = strawberry.field(default=None, description="That came in here.")
    state: EventState | None = strawberry.field(default=None, description="That have come as far.")
    event_id: str | None = strawberry.field(default=None, description="With this `webhook-id`.")


@strawberry.type
class InboxQueries:
    """Mixed into the root query."""

    @strawberry.field(description="The hooks of the chain that are open, in the order of their opening.")
    async def inbound_hooks(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[InboundHook] | None:
        asked = page(first, after, "inboundHooks")
        found = await reading.page(info.context.actor, asked.after[0] if asked.after else None, asked.size + 1)
        return connection(found, asked, hook_of, lambda view: [view.id])

    @strawberry.field(description="What other systems told, newest first, also at hooks that are closed.")
    async def inbound_events(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: InboundEventFilterInput | None = None,
    ) -> Connection[InboundEvent] | None:
        chosen = EventFilter(**vars(filter)) if filter else EventFilter()
        asked = page(first, after, chosen)
        behind = asked.after[0] if asked.after else None
        found = await reading.events(info.context.actor, chosen, asked.size + 1, behind)
        return connection(found, asked, event_of, lambda view: [view.id])
