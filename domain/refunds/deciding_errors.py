"""Why a refund cannot be asked for again, or not be decided about as asked."""

from collections.abc import Sequence
from datetime import datetime

from domain.kernel.errors import Refusal
from domain.kernel.money import Money
from domain.kernel.principals import Role
from domain.refunds.rules.limits import Which


class RefundPending(Refusal):
    """A refund of the package waits to be decided."""

    code = "REFUND_PENDING"

    def __init__(self, package_id: str, refund_id: str, requested_at: datetime) -> None:
        self.package_id, self.refund_id, self.requested_at = package_id, refund_id, requested_at

    @property
    def message(self) -> str:
        return (
            f"A refund of the package waits since {self.requested_at:%Y-%m-%d %H:%M} UTC. "
            "Have that one approved or refused, or withdraw it first."
        )


_AGAIN = "Ask for a new one if need be."
_TOLD = {
    "REQUESTED": ("waits to be decided since", "Approve, refuse or withdraw it."),
    "APPROVED": ("was agreed at", "Pay out what is still owed."),
    "COMPLETED": ("was paid out in full at", "Ask for a new one for what else is to go back."),
    "REFUSED": ("was refused at", _AGAIN),
    "WITHDRAWN": ("was withdrawn at", _AGAIN),
}
"""What has become of a refund, and what can be done."""
_ONLY_CLEARED = ("took off what was owed, with nothing to pay out, at", "There is nothing left to do.")


class WrongRefundState(Refusal):
    """The refund is not in the state in which that can be done."""

    code = "WRONG_REFUND_STATE"

    def __init__(self, refund_id: str, state: str, since: datetime, *, nothing: bool = False) -> None:
        self.refund_id, self.state, self.since, self._nothing = refund_id, state, since, nothing

    @property
    def message(self) -> str:
        what, then = _ONLY_CLEARED if self._nothing and self.state == "COMPLETED" else _TOLD[self.state]
        return f"The refund {what} {self.since:%Y-%m-%d %H:%M} UTC. {then}"


class RefundAboveLimit(Refusal):
    """With it more would be refunded on the day than any role that is held here may agree to."""

    code = "REFUND_ABOVE_LIMIT"

    def __init__(self, refund_id: str, role: Role, which: Which, limit: Money, already: Money, asked: Money) -> None:
        self.refund_id, self.role, self.which = refund_id, role, which
        self.limit, self.already, self.asked = limit, already, asked

    @property
    def message(self) -> str:
        of = "of one package on a day" if self.which is Which.AT_ONCE else "on a day"
        return (
            f"The role {self.role} may agree to {self.limit} {of}; {self.already} was agreed to today, and this is "
            f"{self.asked}. Let somebody approve it who may agree to more."
        )


class PartPaidOut(Refusal):
    """Parts named are paid out already."""

    code = "PART_PAID_OUT"

    def __init__(self, refund_id: str, part_ids: Sequence[str], paid_out_at: datetime) -> None:
        self.refund_id, self.part_ids, self.paid_out_at = refund_id, tuple(part_ids), paid_out_at

    @property
    def message(self) -> str:
        return f"It was paid out at {self.paid_out_at:%Y-%m-%d %H:%M} UTC. Leave out the parts that are listed."

    @property
    def path(self) -> tuple[str, ...]:
        return ("partIds",)
