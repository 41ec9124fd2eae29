"""Every statement by which acts change hooks and events."""

from datetime import datetime

from domain.inbox.view import EVENT, HOOK, EventView, HookView, event_of, hook_of
from domain.kernel import vault
from domain.kernel.commands import Work
from domain.kernel.db import execute, insert, rows


async def open_hook(chain_id: str, name: str) -> str | None:
    """The id of the open hook of this name."""
    found = await rows(
        "SELECT id FROM inbound_hook WHERE chain_id = $1 AND name = $2 AND closed_at IS NULL", chain_id, name
    )
    return found[0]["id"] if found else None


async def insert_hook(work: Work, hook: HookView, secret: str) -> None:
    """A hook that takes events from now on."""
    await insert(
        "inbound_hook",
        [
            {
                "id": hook.id,
                "chain_id": work.chain_id,
                "name": hook.name,
                "provider": hook.provider.value,
                "secret": vault.seal(secret),
                "created_by": work.actor.id,
                "created_at": hook.created_at,
            }
        ],
    )


async def lock_hook(work: Work, hook_id: str) -> HookView | None:
    """A hook of the chain, which stays as it is until the act ends."""
    found = await rows(f"{HOOK} WHERE chain_id = $1 AND id = $2 FOR UPDATE", work.chain_id, hook_id)
    return hook_of(found[0]) if found else None


async def change_secret(hook_id: str, secret: str, former_until: datetime) -> None:
    """Another secret is good from now on, and the one before until then."""
    await execute(
        "UPDATE inbound_hook SET former_secret = secret, former_until = $3, secret = $2 WHERE id = $1",
        hook_id,
        vault.seal(secret),
        former_until,
    )


async def close(hook_id: str, now: datetime) -> None:
    """Nothing is taken any more."""
    await execute("UPDATE inbound_hook SET closed_at = $2 WHERE id = $1", hook_id, now)


async def lock_event(work: Work, event_id: str) -> EventView | None:
    """An event that came to a hook of the chain, which stays as it is until the act ends."""
    found = await rows(
        f"""{EVENT} WHERE e.id = $2 AND e.hook_id IN (SELECT id FROM inbound_hook WHERE chain_id = $1)
        FOR UPDATE""",
        work.chain_id,
        event_id,
    )
    return event_of(found[0]) if found else None


async def try_again(event_id: str, now: datetime) -> None:
    """Let it be processed as if it had just come."""
    await execute(
        """UPDATE inbound_event SET state = 'RECEIVED', due_at = $2, processed_at = NULL, problem = NULL, message = ''
        WHERE id = $1""",
        event_id,
        now,
    )
