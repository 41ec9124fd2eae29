"""Finding a transfer of the home branch and locking it with its package, so that one act alone decides it."""

from datetime import datetime

from domain.branch_transfers import store
from domain.branch_transfers.errors import BranchTransferEnded
from domain.branch_transfers.rules import State, by_the_clock
from domain.branch_transfers.store import Asked
from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.packages import store as packages
from domain.packages.sold import Sold


async def locked(work: Work, transfer: Asked) -> Sold:
    """Lock the package and then the transfer that was found; refuses one that has ended, as only the lock can tell."""
    sold = await packages.lock(work, transfer.package_id)
    refuse_ended(await store.lock(transfer.id), work.now)
    return sold


def refuse_ended(transfer: Asked, now: datetime) -> None:
    """Refuse a transfer that was decided, and one that has lapsed whether or not a sweep has written that down."""
    state = by_the_clock(transfer.state, transfer.lapses_at, now)
    if state is not State.REQUESTED:
        raise BranchTransferEnded(transfer.id, state.value, transfer.decided_at or transfer.lapses_at)


def checked_reason(reason: str) -> str:
    """The reason without the blanks around it; must not be blank."""
    checks = Checks()
    bare = checks.required(reason, 500, "reason")
    checks.passed()
    return bare
