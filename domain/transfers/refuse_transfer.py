"""Refuse a transfer that was requested: nothing is handed on."""

from dataclasses import dataclass

from domain.kernel.commands import Work, act
from domain.transfers.asked import State
from domain.transfers.deciding import TransferDecided, end


@dataclass(frozen=True, slots=True)
class RefuseTransfer:
    """Say no, with the reason that the customers are told."""

    transfer_id: str
    reason: str


@act
async def refuse_transfer(work: Work, command: RefuseTransfer) -> TransferDecided:
    """A manager of the package's home branch refuses; refuses one that is not requested any more."""
    return await end(work, command.transfer_id, State.REFUSED, command.reason, by_home=True)
