"""Carries the closing of branches on from where it was left: first the visits booked there, then the packages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

import structlog

from domain.bookings.closing_down import close_down
from domain.branch_transfers import closing_store as store
from domain.branch_transfers import moving
from domain.branch_transfers.closing_store import Failure, Open
from domain.branch_transfers.errors import NothingToMove
from domain.branch_transfers.rehome_package import Rehomed, rehome_package
from domain.branch_transfers.store import insert_transfers, rehome
from domain.branches import store as branches
from domain.branches.store import Branch
from domain.expiry import lapsing_store
from domain.expiry.rules.lapsing import Came
from domain.kernel.access import system
from domain.kernel.commands import Work
from domain.kernel.errors import Refusal, Unavailable
from domain.kernel.sweeps import Sweep, run_sweep
from domain.ledger import store as ledger
from domain.ledger.post import post_together
from domain.ledger.rules import Lot
from domain.packages import store as packages
from domain.packages.sold import Sold

log = structlog.get_logger()

INTERNAL = "INTERNAL"
"""The code of a package that Carnet itself failed to move."""


async def unfinished() -> list[str]:
    """The closings of any chain that are not finished, oldest first."""
    return await store.unfinished()


async def carry_on(closing_id: str, at_most: int = 200) -> int | None:
    """Move the next packages of a closing; how many moved, or None when it is finished or somebody else has it.

    Each chunk is one transaction with the note of how far it has come, so that nothing moves twice or is lost.
    """
    closing = await store.to_carry_on(closing_id)
    if closing is None:
        return None
    noted = partial(store.note_called_off, closing)
    if await close_down(closing.chain_id, closing.branch_id, closing.reason, at_most, noted):
        return 0
    return await _next(closing, at_most)


async def _next(closing: Open, at_most: int) -> int | None:
    """Move the next packages; where one of them makes that fail, fewer, until it is found and written down."""
    chunk: list[str] = []
    try:
        return await run_sweep(rehome_package.__name__, partial(_rehome, closing=closing, at_most=at_most, chunk=chunk))
    except Unavailable:
        raise
    except Exception:
        if not chunk:
            raise
        if at_most > 1:
            return await _next(closing, at_most // 2)
        log.exception("a package cannot move", closing=closing.id, package=chunk[0])
    failure = Failure(chunk[0], INTERNAL, "Carnet failed to move it, and its log says why. Move it by itself.")
    return await run_sweep(rehome_package.__name__, partial(_failed, closing=closing, failure=failure))


async def _failed(_sweep: Sweep, closing: Open, failure: Failure) -> int | None:
    if not await store.lock_at(closing):
        return None
    await store.advance(closing, failure.package_id, 0, [failure])
    return 0


async def _rehome(sweep: Sweep, closing: Open, at_most: int, chunk: list[str]) -> int | None:
    """Move the next packages, in as many statements as for one."""
    if not await store.lock_at(closing):
        return None
    chunk[:] = page = await store.following(closing, at_most)
    moved, failures = await _moved(sweep, closing, page) if page else ([], [])
    if moved:
        await _write_down(closing, moved)
    if page:
        await store.advance(closing, page[-1], len(moved), failures)
    if len(page) < at_most:
        await store.finish(closing, sweep.now)
    return len(moved)


async def _moved(sweep: Sweep, closing: Open, page: Sequence[str]) -> tuple[list[Rehomed], list[Failure]]:
    """What is to be posted for each package that is still there now that all are locked, and those that cannot move."""
    actor = system(closing.chain_id)
    locking = Work(actor, sweep.act, None, None, sweep.now)
    sold = [each for each in await packages.lock_together(locking, page) if each.home_branch_id == closing.branch_id]
    named = await branches.by_ids(actor, [closing.branch_id, *closing.plan.branch_ids])
    known = {branch.id: branch for branch in named}
    lots: defaultdict[str, list[Lot]] = defaultdict(list)
    for lot in await ledger.lots_of([each.id for each in sold]):
        lots[lot.package_id].append(lot)
    due = [lot for each in sold for lot in moving.due(each, lots[each.id], sweep.now)]
    came = await lapsing_store.came_late(due) if due else {}
    done = [_one(sweep, closing, each, lots[each.id], came, known) for each in sold]
    moved = [each for each in done if isinstance(each, Rehomed)]
    return moved, [each for each in done if isinstance(each, Failure)]


def _one(
    sweep: Sweep,
    closing: Open,
    sold: Sold,
    lots: Sequence[Lot],
    came: Mapping[str, Sequence[Came]],
    known: Mapping[str, Branch],
) -> Rehomed | Failure | None:
    """A package's move, or why it cannot; one of which all has lapsed by now stays, and is no failure."""
    between = known[closing.branch_id], known[closing.plan.target(sold.definition_id)]
    try:
        return rehome_package(sweep, closing, sold, lots, came, between)
    except NothingToMove:
        return None
    except Refusal as refusal:
        return Failure(sold.id, refusal.code, refusal.message)


async def _write_down(closing: Open, moved: Sequence[Rehomed]) -> None:
    now = moved[0].posted.work.now
    await post_together([each.posted for each in moved])
    await store.withdraw_outgoing(closing, [each.package_id for each in moved], now)
    await insert_transfers([each.record for each in moved])
    for branch_id in closing.plan.branch_ids:
        there = [each.package_id for each in moved if each.to_branch_id == branch_id]
        if there:
            await rehome(there, branch_id, now)
