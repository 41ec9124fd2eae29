"""Gives the operations committed since the last time their place in the sealed order."""

from prometheus_client import Counter

from domain.ledger import seal

_SEALED = Counter("carnet_operations_sealed", "Operations that were given their place in the sealed order.")
_BATCH = 500


async def seal_operations() -> None:
    """Until nothing waits any more."""
    while sealed := await seal.seal_operations(at_most=_BATCH):
        _SEALED.inc(sealed)
