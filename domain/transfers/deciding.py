"""Deciding about a transfer that was requested: found, its package locked, and still to be decided."""

from dataclasses import dataclass

from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, record
from domain.packages import store as packages
from domain.packages.sold import Sold
from domain.transfers import store
from domain.transfers.asked import State
from domain.transfers.errors import WrongTransferState
from domain.transfers.store import Transfer


@dataclass(frozen=True, slots=True)
class TransferDecided:
    """A request that came to nothing."""

    transfer_id: str
    package_id: str
    state: str


def refuse_state(transfer: Transfer, state: State) -> None:
    """Refuse a transfer that is not in the state in which this can be done."""
    if transfer.state is not state:
        raise WrongTransferState(transfer.id, transfer.state.value, transfer.since)


async def home_of(work: Work, transfer: Transfer) -> str:
    """The home branch of the package, by what was read before any lock."""
    (sold,) = await packages.read(work, [transfer.package_id])
    return sold.home_branch_id


async def end(work: Work, transfer_id: str, state: State, reason: str, *, by_home: bool) -> TransferDecided:
    """End a request without a movement; the home branch decides, or the branch that asked takes it back."""
    checks = Checks()
    reason = checks.required(reason, 500, "reason")
    found = await store.transfer(work.chain_id, transfer_id)
    work.authorise(await home_of(work, found) if by_home else found.branch_id)
    checks.passed()
    sold = await packages.lock(work, found.package_id)
    if by_home:
        work.authorise(sold.home_branch_id)
    refuse_state(await store.transfer(work.chain_id, transfer_id), State.REQUESTED)
    outcome = TransferDecided(transfer_id, sold.id, state.value)
    await record(work, _recorded(outcome, found, sold, reason))
    decided = {"decided_by": work.actor.id, "decided_at": work.now, "decision": reason}
    await store.change(transfer_id, {"state": state.value} | decided)
    return outcome


def _recorded(outcome: TransferDecided, found: Transfer, sold: Sold, reason: str) -> Recorded:
    return Recorded(
        outcome,
        branch_id=found.branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=reason,
    )
