"""Request: a package is to move to another home branch, where somebody else has to accept it."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.branch_transfers import ending, moving, store
from domain.branch_transfers.deciding import checked_reason
from domain.branch_transfers.errors import BranchTransferPending
from domain.branch_transfers.lapse_branch_transfer import lapse_branch_transfer
from domain.branch_transfers.rules import LAPSES_AFTER, State, by_the_clock
from domain.branches import store as branches
from domain.kernel.access import system
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.ids import new_id
from domain.ledger import store as ledger
from domain.packages import rules
from domain.packages import store as packages
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class RequestBranchTransfer:
    """Which package is to be at home where from now on, and why."""

    package_id: str
    to_branch_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class BranchTransferRequested:
    """Nothing has moved yet; the receiving branch has until this instant to accept."""

    branch_transfer_id: str
    package_id: str
    from_branch_id: str
    to_branch_id: str
    lapses_at: datetime


@act
async def request_branch_transfer(work: Work, command: RequestBranchTransfer) -> BranchTransferRequested:
    """Ask the receiving branch to take the package over, by a manager of its home branch.

    Refuses the branch where it is at home already and one that has closed, a package that is closed, disputed or of
    which nothing is left and nothing unpaid, and a second transfer while one is pending.
    """
    sold = await packages.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    reason = checked_reason(command.reason)
    to = await branches.branch(work.actor, command.to_branch_id, "toBranchId")
    moving.refuse_state(sold, to)
    lots = await ledger.lots_of([sold.id])
    moving.refuse_nothing(sold, rules.by_the_clock(lots, sold.disputed_at, work.now))
    sold = await _without_other(work, sold)
    requested = BranchTransferRequested(
        new_id("btr"), sold.id, sold.home_branch_id, to.id, lapses_at=work.now + LAPSES_AFTER
    )
    await record(work, _recorded(sold, requested, reason))
    await store.insert_transfers([_record(work, requested, reason)])
    return requested


async def _without_other(work: Work, sold: Sold) -> Sold:
    """Refuse while another one is pending; one that has lapsed by the clock is written down, as the sweep would do."""
    other = await store.pending(sold.id)
    if other is None:
        return sold
    if by_the_clock(other.state, other.lapses_at, work.now) is State.REQUESTED:
        raise BranchTransferPending(sold.id, other.id, other.lapses_at)
    lapse = replace(work.another(lapse_branch_transfer.__name__), actor=system(work.chain_id))
    await ending.stop(lapse, other, sold, State.LAPSED, other.lapses_at, other.from_branch_id)
    return await packages.lock(work, sold.id)  # the lapse was an operation of its own, at a version of its own


def _recorded(sold: Sold, requested: BranchTransferRequested, reason: str) -> Recorded:
    return Recorded(
        requested,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=reason,
    )


def _record(work: Work, requested: BranchTransferRequested, reason: str) -> dict[str, object]:
    return {
        "id": requested.branch_transfer_id,
        "chain_id": work.chain_id,
        "package_id": requested.package_id,
        "from_branch_id": requested.from_branch_id,
        "to_branch_id": requested.to_branch_id,
        "state": State.REQUESTED.value,
        "reason": reason,
        "requested_by": work.actor.id,
        "requested_at": work.now,
        "lapses_at": requested.lapses_at,
    }
