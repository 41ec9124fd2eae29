"""Withdraw a transfer that was requested: nothing is handed on."""

from dataclasses import dataclass

from domain.kernel.commands import Work, act
from domain.transfers.asked import State
from domain.transfers.deciding import TransferDecided, end


@dataclass(frozen=True, slots=True)
class WithdrawTransfer:
    """Take the request back, and say why."""

    transfer_id: str
    reason: str


@act
async def withdraw_transfer(work: Work, command: WithdrawTransfer) -> TransferDecided:
    """The branch that asked takes the request back; refuses one that is not requested any more."""
    return await end(work, command.transfer_id, State.WITHDRAWN, command.reason, by_home=False)
