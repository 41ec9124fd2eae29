"""Why a payment cannot be disputed, or a dispute not be settled, as asked."""

from datetime import datetime

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
