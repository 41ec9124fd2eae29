"""Forgets what ended long ago and is of no use any more: deliveries that were taken, and bodies of inbound events."""

from prometheus_client import Counter

from domain.inbox.forgetting import forget_bodies
from domain.webhooks.forgetting import forget_deliveries

_FORGOTTEN = Counter("carnet_forgotten", "What ended so long ago that it is kept no longer.", ["what"])
_BATCH = 500


async def forget_ended() -> None:
    """Until nothing is due, in short transactions."""
    while forgotten := await forget_deliveries(_BATCH):
        _FORGOTTEN.labels("deliveries").inc(forgotten)
    while forgotten := await forget_bodies(_BATCH):
        _FORGOTTEN.labels("bodies").inc(forgotten)
