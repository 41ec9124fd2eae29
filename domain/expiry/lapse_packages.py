"""The sweep of lapses: posts what the clock has decided, a chunk of packages at a time."""

from collections import defaultdict
from functools import partial

from domain.expiry import lapsing_store as store
from domain.expiry.lapse_package import lapse_package
from domain.expiry.lapsing_store import Due
from domain.kernel.sweeps import Sweep, run_sweep
from domain.ledger.post import Posted, post_together
from domain.ledger.rules import Lot
from domain.packages.by_the_clock import is_due


async def lapse_packages(at_most: int = 500) -> int:
    """Let the packages lapse that are due longest, of any chain; returns how many did, 0 when no more is due.

    A sweep that runs late or twice, beside others, or is killed changes nothing: each lapse counts from its instant
    and is decided under the lock of its package, and what somebody else has locked is left for the next time.
    """
    return await run_sweep(lapse_package.__name__, partial(_lapse, at_most=at_most))


async def _lapse(sweep: Sweep, at_most: int) -> int:
    locked = await store.lock_due(sweep.now, at_most)
    posted = await _operations(sweep, locked) if locked else []
    if posted:
        await store.next_version([each.posting.package_id for each in posted if each.posting.package_id])
        await post_together(posted)
    return len(posted)


async def _operations(sweep: Sweep, locked: list[Due]) -> list[Posted]:
    """An operation for each package that is still due now that it is locked."""
    lots: defaultdict[str, list[Lot]] = defaultdict(list)
    for lot in await store.lots_due([due.id for due in locked], sweep.now):
        lots[lot.package_id].append(lot)
    due = [
        (package, [lot for lot in lots[package.id] if is_due(lot, package.disputed_at, sweep.now)])
        for package in locked
    ]
    came = await store.came_late([lot for _, its in due for lot in its])
    return [lapse_package(sweep.operation(package.chain_id), package, its, came) for package, its in due if its]
