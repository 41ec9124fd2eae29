"""Withdraw a refund that was requested: nothing is given back."""

from dataclasses import dataclass

from domain.kernel.commands import Work, act
from domain.refunds.asked import State
from domain.refunds.deciding import RefundDecided, end


@dataclass(frozen=True, slots=True)
class WithdrawRefund:
    """Take the request back, and say why."""

    refund_id: str
    reason: str


@act
async def withdraw_refund(work: Work, command: WithdrawRefund) -> RefundDecided:
    """The home branch takes the request back, or the customer their own; refuses one not requested any more."""
    return await end(work, command.refund_id, State.WITHDRAWN, command.reason)
