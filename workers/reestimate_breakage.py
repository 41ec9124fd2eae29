"""Carries on the runs that catch packages up with an estimate of their breakage."""

from prometheus_client import Counter

from domain.accounting.breakage_runs import carry_on, unfinished

_REESTIMATED = Counter("carnet_packages_reestimated", "Packages that were caught up with an estimate of breakage.")
_CHUNK = 100


async def reestimate_breakage() -> None:
    """A part of each in turn, so that a large one keeps no other waiting, until each is finished or another has it."""
    runs = await unfinished()
    while runs:
        runs = [run_id for run_id in runs if await _carry_on(run_id)]


async def _carry_on(run_id: str) -> bool:
    done = await carry_on(run_id, _CHUNK)
    _REESTIMATED.inc(done or 0)
    return done is not None
