"""Estimate breakage: what share of a definition's sessions is expected never to be used."""

from dataclasses import dataclass, replace
from datetime import date

from domain.accounting import breakage_store as store
from domain.accounting import periods_store as periods
from domain.accounting.breakage_store import Run
from domain.branches.settings import BreakageMethod
from domain.catalog.store import definitions
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.ledger.breakage import WHOLE_BP


@dataclass(frozen=True, slots=True)
class EstimateBreakage:
    """Expect so many of ten thousand sessions of a definition never to be used."""

    definition_id: str
    rate_bp: int
    reason: str


@dataclass(frozen=True, slots=True)
class BreakageEstimated:
    """The estimate that counts from now on, and the run that catches up what was sold before, where there is one."""

    definition_id: str
    rate_bp: int
    run_id: str | None


@act
async def estimate_breakage(work: Work, command: EstimateBreakage) -> BreakageEstimated:
    """Keep the estimate; where the chain recognises breakage with each use, a sweep catches the sold packages up.

    Refuses a rate of 100 % or more, and a definition that the chain does not have.
    """
    work.authorise(None)
    command = _checked(command)
    if not await definitions(work.chain_id, [command.definition_id]):
        raise NotFound("package definition", command.definition_id, "definitionId")
    books = await store.lock_books(work.chain_id)
    run_id = new_id("run") if books.method is BreakageMethod.PROPORTIONAL else None
    estimated = BreakageEstimated(command.definition_id, command.rate_bp, run_id)
    await record(work, Recorded(estimated, reason=command.reason))
    await store.insert_estimate(work, command.definition_id, command.rate_bp)
    if run_id is not None:
        await store.insert_run(work, Run(run_id, work.chain_id, command.definition_id, await _today(work)))
    return estimated


def _checked(command: EstimateBreakage) -> EstimateBreakage:
    checks = Checks()
    checks.that(0 <= command.rate_bp < WHOLE_BP, "The rate lies between 0 and 99.99 per cent.", "rate")
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _today(work: Work) -> date:
    """The day by the clocks of the branches, the earlier one while they do not agree."""
    return min((local_date(work.now, zone) for zone in await periods.clocks(work)), default=work.now.date())
