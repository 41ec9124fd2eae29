"""A hook and an event as acts and the graph see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.inbox.rules import EventState, ProviderKind


@dataclass(frozen=True, slots=True)
class HookView:
    """A door for one other system; its secrets were told once."""

    id: str
    name: str
    provider: ProviderKind
    former_until: datetime | None
    created_at: datetime
    closed_at: datetime | None


HOOK = f"SELECT {', '.join(HookView.__slots__)} FROM inbound_hook"


def hook_of(row: dict[str, Any]) -> HookView:
    """The hook in a row of `HOOK`."""
    return HookView(**row | {"provider": ProviderKind(row["provider"])})


@dataclass(frozen=True, slots=True)
class EventView:
    """What came, and what became of it."""

    id: str
    hook_id: str
    event_id: str
    body: bytes
    received_at: datetime
    repeated: int
    state: EventState
    attempts: int
    due_at: datetime | None
    processed_at: datetime | None
    problem: str | None
    message: str
    operation_id: str | None


EVENT = f"SELECT {', '.join('e.' + name for name in EventView.__slots__)} FROM inbound_event e"


def event_of(row: dict[str, Any]) -> EventView:
    """The event in a row of `EVENT`."""
    return EventView(**row | {"state": EventState(row["state"])})
