"""Lapse: a transfer of the home branch ends because nobody decided it in time."""

from dataclasses import dataclass

from domain.branch_transfers import ending, store
from domain.branch_transfers.ending import BranchTransferStopped
from domain.branch_transfers.errors import BranchTransferEnded
from domain.branch_transfers.rules import State, by_the_clock
from domain.kernel.commands import Work, act
from domain.packages import store as packages


@dataclass(frozen=True, slots=True)
class LapseBranchTransfer:
    """A transfer whose time is over."""

    branch_transfer_id: str


@act
async def lapse_branch_transfer(work: Work, command: LapseBranchTransfer) -> BranchTransferStopped:
    """Write down what the clock has decided, effective at that instant; a sweep does it.

    Refuses a transfer that was decided meanwhile, and one that still may be.
    """
    work.authorise(None)
    transfer = await store.found(work, command.branch_transfer_id)
    sold = await packages.lock(work, transfer.package_id)
    transfer = await store.lock(transfer.id)
    lapsed = by_the_clock(transfer.state, transfer.lapses_at, work.now) is State.LAPSED
    if transfer.state is not State.REQUESTED or not lapsed:
        raise BranchTransferEnded(transfer.id, transfer.state.value, transfer.decided_at or transfer.lapses_at)
    return await ending.stop(work, transfer, sold, State.LAPSED, transfer.lapses_at, transfer.from_branch_id)
