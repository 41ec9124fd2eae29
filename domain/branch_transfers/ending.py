"""What ends a transfer of the home branch without moving anything."""

from dataclasses import dataclass
from datetime import datetime

from domain.branch_transfers import store
from domain.branch_transfers.rules import State
from domain.branch_transfers.store import Asked
from domain.kernel.commands import Recorded, Work, record
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class BranchTransferStopped:
    """The package stays where it is at home."""

    branch_transfer_id: str
    package_id: str
    state: State
    ended_at: datetime


async def stop(
    work: Work, transfer: Asked, sold: Sold, state: State, at: datetime, branch_id: str, reason: str = ""
) -> BranchTransferStopped:
    """Write down that a transfer, which is locked with its package, ended so."""
    stopped = BranchTransferStopped(transfer.id, sold.id, state, at)
    recorded = Recorded(
        stopped,
        effective_at=at,
        branch_id=branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=reason,
    )
    await record(work, recorded)
    await store.end(work, transfer, state, at, reason)
    return stopped
