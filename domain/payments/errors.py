"""Why a payment cannot be recorded, taken back or disputed as asked."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.kernel.calendar import between
from domain.kernel.errors import Refusal
from domain.kernel.money import Money


class AlreadyDisputed(Refusal):
    """A payment for the package is disputed already."""

    code = "ALREADY_DISPUTED"

    def __init__(self, package_id: str, disputed_at: datetime) -> None:
        self.package_id, self.disputed_at = package_id, disputed_at

    @property
    def message(self) -> str:
        return f"A payment has been disputed since {self.disputed_at:%Y-%m-%d %H:%M} UTC. Settle that dispute first."


class DisputeExceedsPaid(Refusal):
    """More is disputed than the provider ever collected for the package."""

    code = "DISPUTE_EXCEEDS_PAID"

    def __init__(self, package_id: str, paid: Money, disputed: Money) -> None:
        self.package_id, self.paid, self.disputed = package_id, paid, disputed

    @property
    def message(self) -> str:
        return f"{self.disputed} is disputed and {self.paid} was paid through the provider. Dispute at most that."


class NotDisputed(Refusal):
    """No payment for the package is disputed."""

    code = "NOT_DISPUTED"

    def __init__(self, package_id: str) -> None:
        self.package_id = package_id

    @property
    def message(self) -> str:
        return "No payment for the package is disputed. There is nothing to settle."


class BadPaymentTime(Refusal):
    """The money is said to have come in in the future, or before there was anything to pay for."""

    code = "BAD_PAYMENT_TIME"

    def __init__(self, received_at: datetime, earliest: datetime, latest: datetime) -> None:
        self.received_at, self.earliest, self.latest = received_at, earliest, latest

    @property
    def message(self) -> str:
        return f"The money must have come in {between(self.earliest, self.latest)}."

    @property
    def path(self) -> tuple[str, ...]:
        return ("receivedAt",)


class PaymentAlreadyReversed(Refusal):
    """The payment has been taken back before."""

    code = "PAYMENT_ALREADY_REVERSED"

    def __init__(self, payment_id: str, reversal_id: str, reversed_at: datetime) -> None:
        self.payment_id, self.reversal_id, self.reversed_at = payment_id, reversal_id, reversed_at

    @property
    def message(self) -> str:
        return f"The payment was reversed on {self.reversed_at:%Y-%m-%d %H:%M} UTC. There is nothing left to do."


class PaymentReversalTooLate(Refusal):
    """The day on which the desk may take a payment back is over; from then on it takes a manager."""

    code = "PAYMENT_REVERSAL_TOO_LATE"

    def __init__(self, payment_id: str, until: datetime) -> None:
        self.payment_id, self.until = payment_id, until

    @property
    def message(self) -> str:
        return f"The desk could reverse this until {self.until:%Y-%m-%d %H:%M} UTC. Ask a manager to do it."


class PaymentRefunded(Refusal):
    """Without the payment less would be paid than has gone back already."""

    code = "PAYMENT_REFUNDED"

    def __init__(self, payment_id: str, paid: Money, refunded: Money) -> None:
        self.payment_id, self.paid, self.refunded = payment_id, paid, refunded

    @property
    def message(self) -> str:
        return f"{self.refunded} went back of what was paid, and only {self.paid} would be left. Keep the payment."


class PaymentUsedUp(Refusal):
    """The terms allow use only up to what is paid, and sessions were used that this payment pays for."""

    code = "PAYMENT_USED_UP"

    def __init__(self, payment_id: str, package_id: str, redemption_ids: Sequence[str]) -> None:
        self.payment_id, self.package_id, self.redemption_ids = payment_id, package_id, tuple(redemption_ids)

    @property
    def message(self) -> str:
        return "Sessions were used that this payment pays for. Reverse the redemptions listed first."


class CreditSpent(Refusal):
    """What of the payment was kept as credit, or became it with a charge taken back, has been spent meanwhile."""

    code = "CREDIT_SPENT"

    def __init__(self, payment_id: str, customer_id: str, kept: Money, available: Money) -> None:
        self.payment_id, self.customer_id, self.kept, self.available = payment_id, customer_id, kept, available

    @property
    def message(self) -> str:
        return (
            f"{self.kept} of the payment became credit, of which {self.available} is left at the branch. "
            "Reverse what was paid from it first."
        )


class BadPayoutDay(Refusal):
    """The provider is said to have paid out on a day that is still to come."""

    code = "BAD_PAYOUT_DAY"

    def __init__(self, paid_out_on: date, latest: date) -> None:
        self.paid_out_on, self.latest = paid_out_on, latest

    @property
    def message(self) -> str:
        return f"It is not {self.paid_out_on} yet at the branch. Choose a day up to {self.latest}."

    @property
    def path(self) -> tuple[str, ...]:
        return ("paidOutOn",)


class PayoutExceedsCollected(Refusal):
    """More is paid out than the provider has collected for the branch and not paid out yet."""

    code = "PAYOUT_EXCEEDS_COLLECTED"

    def __init__(self, branch_id: str, collected: Money, gross: Money) -> None:
        self.branch_id, self.collected, self.gross = branch_id, collected, gross

    @property
    def message(self) -> str:
        return f"{self.gross} was paid out and {self.collected} had been collected. Record the missing payments first."
