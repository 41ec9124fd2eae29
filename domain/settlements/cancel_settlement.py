"""Cancel a settlement: the draft is thrown away, and the next one has all of it again."""

from dataclasses import dataclass, replace

from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.settlements import disputes_store, store
from domain.settlements.run_errors import SettlementDecided
from domain.settlements.states import SettlementState


@dataclass(frozen=True, slots=True)
class CancelSettlement:
    """Which draft is wrong, and why."""

    settlement_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SettlementCancelled:
    """The settlement that counts no more."""

    settlement_id: str


@act
async def cancel_settlement(work: Work, command: CancelSettlement) -> SettlementCancelled:
    """Throw a draft away: the next settlement covers what it covered, also what was disputed in it.

    What it had taken up of disputes in earlier ones waits for the next. Refuses one that is no draft any more.
    """
    work.authorise(None)
    command = _checked(command)
    run = await store.lock(work, command.settlement_id)
    if run.state is not SettlementState.DRAFT:
        raise SettlementDecided(run.id, run.state)
    cancelled = SettlementCancelled(run.id)
    await record(work, Recorded(cancelled, reason=command.reason))
    await store.decide(work, run, SettlementState.CANCELLED, command.reason)
    await disputes_store.let_go(run)
    return cancelled


def _checked(command: CancelSettlement) -> CancelSettlement:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)
