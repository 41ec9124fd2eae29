"""Every statement by which events are taken in."""

from dataclasses import dataclass
from datetime import datetime

from domain.inbox.rules import EventState, ProviderKind
from domain.kernel import vault
from domain.kernel.db import execute, rows


@dataclass(frozen=True, slots=True)
class Door:
    """A hook as who knocks finds it; the secrets are sealed."""

    id: str
    provider: ProviderKind
    secret: str
    former_secret: str | None
    former_until: datetime | None
    closed_at: datetime | None

    def secrets(self, now: datetime) -> list[str]:
        """Those that are good now, the newest first."""
        sealed = [self.secret]
        if self.former_secret is not None and self.former_until is not None and self.former_until > now:
            sealed.append(self.former_secret)
        return [vault.unseal(each) for each in sealed]


async def door(hook_id: str) -> Door | None:
    """The hook with this id, of whichever chain."""
    found = await rows(f"SELECT {', '.join(Door.__slots__)} FROM inbound_hook WHERE id = $1", hook_id)
    return Door(**found[0] | {"provider": ProviderKind(found[0]["provider"])}) if found else None


async def insert_event(id: str, hook_id: str, event_id: str, body: bytes, now: datetime) -> bool:
    """Whether it has not come before; due at once."""
    inserted = await execute(
        """INSERT INTO inbound_event (id, hook_id, event_id, body, received_at, state, due_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (hook_id, event_id) DO NOTHING""",
        id,
        hook_id,
        event_id,
        body,
        now,
        EventState.RECEIVED.value,
        now,
    )
    return inserted == 1


async def count_again(hook_id: str, event_id: str) -> None:
    """It has come once more."""
    await execute(
        "UPDATE inbound_event SET repeated = repeated + 1 WHERE hook_id = $1 AND event_id = $2", hook_id, event_id
    )
