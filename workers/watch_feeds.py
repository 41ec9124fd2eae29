"""Tells how long entries have been waiting for the systems that read the feed."""

from prometheus_client import Gauge

from domain.feed import reading
from domain.kernel import clock

_WAITING = Gauge("carnet_feed_waiting_seconds", "Age of the oldest entry not acknowledged; or 0.", ["key", "feed"])


async def watch_feeds() -> None:
    """Every feed of a key that may still be used."""
    now, readers = clock.now(), await reading.of_keys()
    _WAITING.clear()
    for reader in readers:
        waiting = (now - reader.waiting_since).total_seconds() if reader.waiting_since else 0
        _WAITING.labels(reader.principal_id, reader.feed).set(max(0, waiting))
