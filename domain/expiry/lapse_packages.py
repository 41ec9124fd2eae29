"""The sweep of lapses: posts what the clock has decided, a chunk of packages at a time."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from domain.expiry import lapsing_store as store
from domain.expiry.lapse_package import lapse_package
from domain.expiry.lapsing_store import Due
from domain.kernel.errors import Unavailable
from domain.kernel.sweeps import Sweep, run_sweep
from domain.ledger.post import Posted, post_together
from domain.ledger.rules import Lot
from domain.packages.rules import is_due


async def lapse_packages(at_most: int = 500, failing: dict[str, Exception] | None = None) -> int:
    """Let the packages lapse that are due longest, of any chain; returns how many did, 0 when no more is due.

    A sweep that runs late or twice, beside others, or is killed changes nothing: each lapse counts from its instant
    and is decided under the lock of its package, and what somebody else has locked is left for the next time.
    One with which Carnet fails is put down in `failing`, and those put down there are passed over.
    """
    failing = {} if failing is None else failing
    chunk: list[str] = []
    try:
        return await _sweep(partial(store.lock_due, at_most=at_most, without=set(failing)), chunk)
    except Unavailable:
        raise
    except Exception:
        if not chunk:
            raise
    lapsed = sum([await _alone(package_id, failing) for package_id in chunk])
    return lapsed or await lapse_packages(at_most, failing)


async def _alone(package_id: str, failing: dict[str, Exception]) -> int:
    """Let a package of a chunk that failed lapse by itself; one of them has made it fail."""
    try:
        return await _sweep(partial(store.lock_due, at_most=1, only=package_id), [])
    except Unavailable:
        raise
    except Exception as error:
        error.add_note(f"This is about the package {package_id}.")
        failing[package_id] = error
        return 0


async def _sweep(lock: Callable[[datetime], Awaitable[list[Due]]], chunk: list[str]) -> int:
    return await run_sweep(lapse_package.__name__, partial(_lapse, lock=lock, chunk=chunk))


async def _lapse(sweep: Sweep, lock: Callable[[datetime], Awaitable[list[Due]]], chunk: list[str]) -> int:
    locked = await lock(sweep.now)
    chunk[:] = [due.id for due in locked]
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
