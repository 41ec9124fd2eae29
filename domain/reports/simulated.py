"""What a simulation of a refund policy reads and what it tells: refunds, customers and sums, as it was and would be."""

from dataclasses import dataclass
from typing import Any

from domain.catalog.terms import Refunding
from domain.kernel.quotes import DerivationStep
from domain.refunds.rules import Reckoned
from domain.refunds.standing_json import Grounds


@dataclass(frozen=True, slots=True)
class Agreed:
    """A refund as it was agreed; `grounds` is what it was reckoned from, as it is stored."""

    refund_id: str
    package_id: str
    customer_id: str
    currency: str
    reckoned_by: Reckoned
    refund_minor: int
    goodwill_minor: int
    fee_minor: int
    cleared_minor: int
    to_credit: bool
    grounds: Any

    @property
    def came_back_minor(self) -> int:
        """What came back, goodwill included."""
        return self.refund_minor + self.goodwill_minor

    @property
    def free_minor(self) -> int:
        """What bears no penalty later, as it went back in cooling-off."""
        return self.refund_minor + self.cleared_minor if self.reckoned_by is Reckoned.COOLING_OFF else 0


@dataclass(frozen=True, slots=True)
class Compared:
    """An amount as it was and as it would have been; of so many refunds."""

    refunds: int = 0
    actual_minor: int = 0
    simulated_minor: int = 0

    @property
    def difference_minor(self) -> int:
        """How much more it would have been."""
        return self.simulated_minor - self.actual_minor


@dataclass(frozen=True, slots=True)
class Rerun:
    """A refund with what it would have come to; what was kept of it, and what was owed no more, besides."""

    agreed: Agreed
    came_back: Compared
    kept: Compared
    cleared: Compared
    reckoned_by: Reckoned
    grounds: Grounds
    policy: Refunding

    @property
    def steps(self) -> tuple[DerivationStep, ...]:
        """How it comes to that; put into words for whoever reads it, as thousands of others are not read."""
        return self.grounds.quoted(self.policy).binding.steps


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """What all refunds of a customer would have come to."""

    customer_id: str
    came_back: Compared


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Refunds in a currency that the policy has no amounts in."""

    currency: str
    refunds: int
    came_back_minor: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """Every refund, oldest first; customers with the largest difference first; and what it all comes to.

    `credit` is of refunds for which the customer agreed to have credit, `cash` of all others.
    """

    currency: str
    reruns: tuple[Rerun, ...]
    customers: tuple[OfCustomer, ...]
    came_back: Compared
    cash: Compared
    credit: Compared
    kept: Compared
    cleared: Compared
    left_out: tuple[LeftOut, ...]
