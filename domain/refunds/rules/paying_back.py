"""Over which payments a refund goes back: the last that came in first, and none gives back more than it brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ledger.accounts import PaymentMethod


@dataclass(frozen=True, slots=True)
class PaidIn:
    """A payment that stands: what it brought for the package without what was kept as credit, and what went back."""

    payment_id: str
    method: PaymentMethod
    branch_id: str
    received_at: datetime
    brought_minor: int
    went_back_minor: int = 0

    @property
    def left_minor(self) -> int:
        """What may still go back by it."""
        return max(0, self.brought_minor - self.went_back_minor)


@dataclass(frozen=True, slots=True)
class PaidBack:
    """A part of a refund: by the method of the payment that it goes back on, or to the customer's credit without one.

    It is paid where that payment came in.
    """

    amount_minor: int
    method: PaymentMethod
    branch_id: str
    payment_id: str | None = None


def over_payments(refund_minor: int, payments: Sequence[PaidIn], home_branch_id: str) -> list[PaidBack]:
    """The parts in which a refund goes back, payments in reverse order.

    What no payment brought in, such as what was paid before an import, becomes credit at the home branch: the last
    part then has no payment, and the customer has to agree to it.
    """
    assert refund_minor >= 0
    newest_first = sorted(payments, key=lambda each: (each.received_at, each.payment_id), reverse=True)
    parts, left = [], refund_minor
    for each in newest_first:
        amount = min(left, each.left_minor)
        if amount:
            parts.append(PaidBack(amount, each.method, each.branch_id, each.payment_id))
            left -= amount
    if left:
        parts.append(PaidBack(left, PaymentMethod.CUSTOMER_CREDIT, home_branch_id))
    return parts


def to_credit(parts: Sequence[PaidBack], home_branch_id: str) -> list[PaidBack]:
    """The same as the customer's credit at the home branch, each part still counted on the payment it goes back on."""
    return [
        PaidBack(each.amount_minor, PaymentMethod.CUSTOMER_CREDIT, home_branch_id, each.payment_id) for each in parts
    ]
