"""Hooks for other systems as the graph shows them."""

from datetime import datetime

import strawberry

from domain.inbox import reading
from domain.inbox.rules import EventState, ProviderKind
from domain.inbox.view import HookView
from schema.context import Info, Loader
from schema.inbox import enums  # noqa: F401 - importing it describes the enums
from schema.interfaces import Node

HOOK = Loader(reading.by_ids)
COUNTS = Loader(reading.counts_of)


@strawberry.type(description="A door at which another system tells what happens there.")
class InboundHook(Node):
    """A hook."""

    name: str = strawberry.field(description="What the system is called; the source of the bookings it tells of.")
    provider: ProviderKind = strawberry.field(description="What kind of system it is.")
    path: str = strawberry.field(
        description="Where it sends events by POST, at the address of Carnet: signed with the secret as Standard "
        "Webhooks says, at most 256 KiB, within five minutes of the signature. Answered by 200 when they are kept, "
        "also when they had come before."
    )
    former_until: datetime | None = strawberry.field(
        description="Until when the secret before the present one is good, too; null if there was none."
    )
    created_at: datetime = strawberry.field(description="When it was opened.")
    closed_at: datetime | None = strawberry.field(description="When it was closed; null unless it was.")

    @strawberry.field(description="How many events wait to be processed, or to be tried again.")
    async def waiting(self, info: Info) -> int | None:
        return await _count(info, self.id, EventState.RECEIVED)

    @strawberry.field(description="How many events were rejected, and not retried since.")
    async def rejected(self, info: Info) -> int | None:
        return await _count(info, self.id, EventState.REJECTED)


async def _count(info: Info, hook_id: str, state: EventState) -> int | None:
    counts = await info.context.load(COUNTS, hook_id)
    return None if counts is None else counts.get(state, 0)


def hook_of(view: HookView) -> InboundHook:
    """A hook as the graph shows it."""
    return InboundHook(
        id=strawberry.ID(view.id),
        name=view.name,
        provider=view.provider,
        path=f"/hooks/{view.id}",
        former_until=view.former_until,
        created_at=view.created_at,
        closed_at=view.closed_at,
    )


async def hook_shown(info: Info, id: str) -> InboundHook | None:
    """A hook as the actor may see it."""
    found = await info.context.load(HOOK, id)
    return hook_of(found) if found else None
