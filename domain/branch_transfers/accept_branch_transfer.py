"""Accept: a package moves to another home branch, which owes its sessions from now on and is owed what is unpaid."""

from dataclasses import dataclass

from domain.branch_transfers import deciding, moving, store
from domain.branch_transfers.moving import PackageMoved as PackageMoved
from domain.branch_transfers.rules import State
from domain.branches import store as branches
from domain.expiry import lapsing_store
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import ApproverIsRequester
from domain.ledger import store as ledger
from domain.ledger.post import post
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class AcceptBranchTransfer:
    """The receiving branch takes the package over."""

    branch_transfer_id: str


@act
async def accept_branch_transfer(work: Work, command: AcceptBranchTransfer) -> PackageMoved:
    """Move the value of what is left, and what is unpaid, to the receiving branch; the sessions stay as they are.

    By a manager of that branch who did not ask for it. What has lapsed by the clock is posted at the old home first.
    Refuses a transfer that has ended, a branch that has closed meanwhile, and a package that may not move any more.
    """
    transfer = await store.found(work, command.branch_transfer_id)
    work.authorise(transfer.to_branch_id)
    sold = await deciding.locked(work, transfer)
    if transfer.requested_by == work.actor.id:
        raise ApproverIsRequester(transfer.requested_by)
    home, to = await _branches(work, transfer.from_branch_id, transfer.to_branch_id)
    moving.refuse_state(sold, to)
    lots = await ledger.lots_of([sold.id])
    due = moving.due(sold, lots, work.now)
    came = await lapsing_store.came_late(due) if due else {}
    what, posting = moving.moved(sold, lots, came, to, work.now)
    accepted = moving.package_moved(sold, transfer.id, home, to, what)
    await post(work, posting, _recorded(sold, accepted))
    await store.rehome([sold.id], to.id, work.now)
    await store.end(work, transfer, State.ACCEPTED, work.now, moved=what)
    return accepted


async def _branches(work: Work, *ids: str) -> list[branches.Branch]:
    """Both branches as they are, in this order."""
    found = {branch.id: branch for branch in await branches.by_ids(work.actor, ids)}
    return [found[each] for each in ids]


def _recorded(sold: Sold, accepted: PackageMoved) -> Recorded:
    return Recorded(
        accepted,
        branch_id=accepted.to_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
    )
