"""Resolve a dispute over an entry of a settlement: the next settlement takes it up again."""

from dataclasses import dataclass, replace

from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.settlements import disputes_store
from domain.settlements.run_errors import DisputeClosed
from domain.settlements.states import DisputeState


@dataclass(frozen=True, slots=True)
class ResolveSettlementDispute:
    """Which dispute is over, and what came of it."""

    dispute_id: str
    resolution: str


@dataclass(frozen=True, slots=True)
class SettlementDisputeResolved:
    """What waits for the next settlement."""

    dispute_id: str
    settlement_id: str
    entry_id: str


@act
async def resolve_settlement_dispute(work: Work, command: ResolveSettlementDispute) -> SettlementDisputeResolved:
    """Let in again what was put aside, also where its settlement was paid meanwhile: it lands in the next one.

    What was wrong with it is put right by the acts that post, such as a reversal. Refuses a dispute that is closed.
    """
    work.authorise(None)
    command = _checked(command)
    dispute = await disputes_store.lock_dispute(work, command.dispute_id)
    if dispute.state is not DisputeState.OPEN:
        raise DisputeClosed(dispute.id, dispute.state)
    resolved = SettlementDisputeResolved(dispute.id, dispute.settlement_id, dispute.entry_id)
    await record(work, Recorded(resolved, reason=command.resolution))
    await disputes_store.resolve(work, dispute, command.resolution)
    return resolved


def _checked(command: ResolveSettlementDispute) -> ResolveSettlementDispute:
    checks = Checks()
    resolution = checks.required(command.resolution, 500, "resolution")
    checks.passed()
    return replace(command, resolution=resolution)
