"""The sweep of transfers that nobody decided in time: writes down what the clock has decided, one by one."""

from domain.branch_transfers import store
from domain.branch_transfers.errors import BranchTransferEnded
from domain.branch_transfers.lapse_branch_transfer import LapseBranchTransfer
from domain.kernel import clock
from domain.kernel.access import system
from domain.kernel.commands import run_command
from domain.kernel.errors import Unavailable


async def lapse_branch_transfers(at_most: int = 200, failing: dict[str, Exception] | None = None) -> int:
    """Let transfers of any chain lapse that are due longest; returns how many did, 0 when no more is due.

    One with which Carnet fails is put down in `failing`, and those put down there are passed over.
    """
    failing = {} if failing is None else failing
    while due := await store.due(clock.now(), at_most, failing):
        lapsed = sum([await _lapse(*each, failing) for each in due])
        if lapsed:
            return lapsed
    return 0


async def _lapse(transfer_id: str, chain_id: str, failing: dict[str, Exception]) -> bool:
    try:
        await run_command(system(chain_id), LapseBranchTransfer(transfer_id))
    except BranchTransferEnded:
        return True  # somebody was faster, and it is due no more
    except Unavailable:
        raise
    except Exception as error:
        error.add_note(f"This is about the branch transfer {transfer_id}.")
        failing[transfer_id] = error
        return False
    return True
