"""Runs: the packages that were sold before an estimate or the method changed are caught up, a few at a time."""

from functools import partial

import structlog

from domain.accounting import breakage_store as store
from domain.accounting.breakage_store import Run
from domain.accounting.reestimate_package import outdated, reestimate_package
from domain.expiry.lapsing_store import next_version
from domain.kernel.errors import Unavailable
from domain.kernel.sweeps import Sweep, run_sweep
from domain.ledger import store as ledger
from domain.ledger.post import Posted, post_together
from domain.ledger.rules import Lot

log = structlog.get_logger()


async def unfinished() -> list[str]:
    """The runs of any chain that are not finished, oldest first."""
    return await store.unfinished()


async def carry_on(run_id: str, at_most: int = 50) -> int | None:
    """Catch up the next packages of a run; how many were, or None when it is finished or somebody else has it.

    How far the run has come is written together with what it did, so that nothing is done twice or left out. A
    package with which Carnet fails is counted and passed over, so that it does not keep the rest waiting.
    """
    try:
        return await _sweep(run_id, at_most)
    except Unavailable:
        raise
    except Exception:
        if at_most > 1:
            return await carry_on(run_id, 1)
        log.exception("a package cannot be caught up with the estimate of its breakage", run=run_id)
        return await _sweep(run_id, 1, pass_over=True)


async def _sweep(run_id: str, at_most: int, *, pass_over: bool = False) -> int | None:
    carry_out = partial(_part, run_id=run_id, at_most=at_most, pass_over=pass_over)
    return await run_sweep(reestimate_package.__name__, carry_out)


async def _part(sweep: Sweep, run_id: str, at_most: int, pass_over: bool) -> int | None:
    run = await store.lock_run(run_id)
    if run is None:
        return None
    page = await store.following(run, at_most)
    posted = [] if pass_over else await _operations(sweep, run, page)
    if posted:
        await next_version([each.posting.package_id for each in posted if each.posting.package_id])
        await post_together(posted)
    changed = sum(each.posting.draft.revalued_minor for each in posted)
    if page:
        await store.advance(run, page[-1], len(posted), len(page) if pass_over else 0, changed)
    else:  # only now: a sale on its way may have taken something over from a package that this page would have changed
        await store.finish(run, sweep.now)
    return len(posted)


async def _operations(sweep: Sweep, run: Run, package_ids: list[str]) -> list[Posted]:
    """An operation for each package of which something is outdated now that it is locked."""
    packages = await store.lock_packages(package_ids) if package_ids else []
    lots: dict[str, list[Lot]] = {package.id: [] for package in packages}
    for lot in await ledger.lots_of(list(lots)) if lots else []:
        lots[lot.package_id].append(lot)
    posted = []
    for package in packages:
        its = outdated(package, lots[package.id], sweep.now)
        if its:
            posted.append(reestimate_package(sweep.operation(run.chain_id), package, its, run))
    return posted
