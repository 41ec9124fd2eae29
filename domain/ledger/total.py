"""Adds the sealed journal up by month, so that a report reads totals of what came before, and not every line.

What is not sealed, or sealed and not yet added up, reports read line by line: they are always complete, and a sweep
that did not run makes them slower, not wrong.
"""

from functools import partial

from domain.kernel.db import retrying, transaction
from domain.ledger import seal
from domain.ledger import totals_store as store


async def total_journal(at_most: int = 10_000) -> int:
    """Add up what was sealed since the last time, at most so many operations of each chain; returns how many."""
    added, failures = 0, []
    for chain_id in await store.behind():
        try:
            added += await retrying(partial(_total, chain_id, at_most))
        except Exception as failure:
            failures.append(failure)  # one chain's trouble must not keep the others waiting
    if failures:
        raise ExceptionGroup("not every chain's journal could be added up", failures)
    return added


async def _total(chain_id: str, at_most: int) -> int:
    """The totals and how far they go change together, under the lock of the latter: nothing is added twice."""
    async with transaction():
        position = await store.lock(chain_id)
        if position is None:
            return 0
        until = min(position + at_most, await seal.newest_position(chain_id))
        if until > position:
            await store.add(chain_id, position, until)
        return until - position
