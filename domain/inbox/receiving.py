"""Takes events in: what is verified is written down as it came, and answered; all else comes later."""

from collections.abc import Mapping

from domain.inbox import receiving_store as store
from domain.inbox.providers import PROVIDERS
from domain.inbox.receiving_store import Door
from domain.inbox.verification import NotTaken
from domain.kernel import clock
from domain.kernel.db import retrying, transaction
from domain.kernel.ids import is_id, new_id


class NoSuchHook(NotTaken):
    """There is no such address, or never was."""

    code = "HOOK_UNKNOWN"


class HookIsClosed(NotTaken):
    """Nothing is taken there any more."""

    code = "HOOK_CLOSED"


async def door(hook_id: str) -> Door:
    """The hook that somebody knocks at; raises NotTaken."""
    found = await store.door(hook_id) if is_id(hook_id, "ihk") else None
    if found is None:
        raise NoSuchHook("There is no such hook. Check the address.")
    if found.closed_at is not None:
        raise HookIsClosed("The hook is closed. Send no more events there.")
    return found


async def receive(door: Door, headers: Mapping[str, str], body: bytes) -> bool:
    """Keep an event until it is processed, once however often it comes; whether it is new. Raises NotTaken."""
    now = clock.now()
    event_id = PROVIDERS[door.provider].verified(door.secrets(now), headers, body, now)

    async def attempt() -> bool:
        async with transaction():
            new = await store.insert_event(new_id("ine"), door.id, event_id, body, now)
            if not new:
                await store.count_again(door.id, event_id)
            return new

    return await retrying(attempt)
