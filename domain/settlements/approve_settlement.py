"""Approve a settlement: from then on nothing of it changes, and it can be paid."""

from dataclasses import dataclass, replace

from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.four_eyes import refuse_requester
from domain.settlements import store
from domain.settlements.run_errors import SettlementDecided
from domain.settlements.states import SettlementState


@dataclass(frozen=True, slots=True)
class ApproveSettlement:
    """Which draft is right, with a note."""

    settlement_id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SettlementApproved:
    """The settlement that can be paid."""

    settlement_id: str


@act
async def approve_settlement(work: Work, command: ApproveSettlement) -> SettlementApproved:
    """Lock what the settlement covers: nothing of it is disputed or cancelled any more.

    Refuses one that is no draft, and whoever ran it, or made the key that did.
    """
    work.authorise(None)
    command = _checked(command)
    run = await store.lock(work, command.settlement_id)
    if run.state is not SettlementState.DRAFT:
        raise SettlementDecided(run.id, run.state)
    await refuse_requester(work, run.run_by)
    approved = SettlementApproved(run.id)
    await record(work, Recorded(approved, reason=command.note))
    await store.decide(work, run, SettlementState.APPROVED, command.note)
    return approved


def _checked(command: ApproveSettlement) -> ApproveSettlement:
    checks = Checks()
    note = checks.text(command.note, 500, "note", lines=True)
    checks.passed()
    return replace(command, note=note)
