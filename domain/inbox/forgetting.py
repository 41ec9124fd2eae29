"""Empties the bodies of events that have had their effect, or meant nothing, and ended long ago.

The row stays for ever: by the id of its sender the event is known again, however late it comes once more.
"""

from domain.inbox import forgetting_store as store
from domain.kernel import clock, keeping
from domain.kernel.db import retrying, transaction


async def forget_bodies(at_most: int) -> int:
    """How many were emptied; nothing is due when it is none."""

    async def attempt() -> int:
        async with transaction():
            ended = await store.ended(keeping.kept_since(clock.now()), at_most)
            await store.empty(ended)
            return len(ended)

    return await retrying(attempt)
