"""Adds up the part of the journal that was sealed since the last time."""

from prometheus_client import Counter

from domain.ledger import total

_TOTALLED = Counter("carnet_operations_totalled", "Operations whose journal lines were added to the totals.")
_BATCH = 10_000


async def total_journal() -> None:
    """Until the totals go as far as the sealed order."""
    while added := await total.total_journal(_BATCH):
        _TOTALLED.inc(added)
