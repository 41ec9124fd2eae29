"""Deletes deliveries that were taken long ago, or were cancelled with their webhook; what failed or waits stays.

The webhook remembers up to which position some are gone: what was told before that cannot be told again under the
same ids. What is about to be told again, as its place was moved back, is left until it was.
"""

from functools import partial

from domain.kernel import clock, keeping
from domain.kernel.db import retrying, transaction
from domain.webhooks import forgetting_store as store


async def forget_deliveries(at_most: int) -> int:
    """How many were deleted, at most so many of each webhook; nothing is due when it is none."""
    webhooks = await store.with_ended(keeping.kept_since(clock.now()))
    return sum([await retrying(partial(_batch, webhook_id, at_most)) for webhook_id in webhooks])


async def _batch(webhook_id: str, at_most: int) -> int:
    async with transaction():
        await store.lock(webhook_id)
        ended = await store.ended(webhook_id, keeping.kept_since(clock.now()), at_most)
        if ended:
            await store.remember(webhook_id, max(each.position for each in ended))
            await store.delete([each.id for each in ended])
        return len(ended)
