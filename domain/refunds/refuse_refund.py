"""Refuse a refund that was requested: nothing is given back."""

from dataclasses import dataclass

from domain.kernel.commands import Work, act
from domain.refunds.asked import State
from domain.refunds.deciding import RefundDecided, end


@dataclass(frozen=True, slots=True)
class RefuseRefund:
    """Say no, and say why; what is said is for the staff."""

    refund_id: str
    reason: str


@act
async def refuse_refund(work: Work, command: RefuseRefund) -> RefundDecided:
    """A manager of the package's home branch refuses; refuses one that is not requested any more."""
    return await end(work, command.refund_id, State.REFUSED, command.reason)
