"""Approve a transfer that was requested: now the sessions are handed on."""

from dataclasses import dataclass, replace

from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act
from domain.kernel.four_eyes import refuse_requester
from domain.transfers import store
from domain.transfers.asked import PackageTransferred, State
from domain.transfers.deciding import home_of, refuse_state
from domain.transfers.handing import planned
from domain.transfers.handing_on import hand_on
from domain.transfers.situation import judged
from domain.transfers.written import done


@dataclass(frozen=True, slots=True)
class ApproveTransfer:
    """Say yes; bound to what was quoted where the hash of the quote is given."""

    transfer_id: str
    quote_hash: str | None = None
    reason: str = ""


@act
async def approve_transfer(work: Work, command: ApproveTransfer) -> PackageTransferred:
    """Another person than who asked, a manager of the home branch, approves; everything is judged as it is now.

    Refuses one that is not requested any more, and whatever would refuse the transfer if it were asked for now.
    """
    found = await store.transfer(work.chain_id, command.transfer_id)
    work.authorise(await home_of(work, found))
    command = _checked(command)
    await refuse_requester(work, found.requested_by)
    refuse_state(found, State.REQUESTED)
    situation = await judged(work, found.asked, lock=True)
    work.authorise(situation.sold.home_branch_id)
    refuse_state(await store.transfer(work.chain_id, command.transfer_id), State.REQUESTED)
    handing = planned(situation, found.fee_payer)
    handing.refuse_other(command.quote_hash)
    outcome, other = await hand_on(work, handing, found.id, command.reason)
    decided = {"decided_by": work.actor.id, "decided_at": work.now, "decision": command.reason}
    await store.change(found.id, done(handing, work, other) | decided)
    await store.insert_lots(found.id, handing.moved.gone)
    return outcome


def _checked(command: ApproveTransfer) -> ApproveTransfer:
    checks = Checks()
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)
