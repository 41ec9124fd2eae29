"""Refuse: a transfer of the home branch ends because the receiving branch says so, with a reason."""

from dataclasses import dataclass

from domain.branch_transfers import deciding, ending, store
from domain.branch_transfers.ending import BranchTransferStopped
from domain.branch_transfers.rules import State
from domain.kernel.commands import Work, act


@dataclass(frozen=True, slots=True)
class RefuseBranchTransfer:
    """The receiving branch does not take the package over, and why."""

    branch_transfer_id: str
    reason: str


@act
async def refuse_branch_transfer(work: Work, command: RefuseBranchTransfer) -> BranchTransferStopped:
    """End a pending transfer, by a manager of the receiving branch; the package stays where it is at home.

    Refuses a transfer that has ended.
    """
    transfer = await store.found(work, command.branch_transfer_id)
    work.authorise(transfer.to_branch_id)
    reason = deciding.checked_reason(command.reason)
    sold = await deciding.locked(work, transfer)
    return await ending.stop(work, transfer, sold, State.REFUSED, work.now, transfer.to_branch_id, reason)
