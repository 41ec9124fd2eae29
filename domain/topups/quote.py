"""What is told of a top-up before it is done."""

from dataclasses import dataclass
from datetime import date

from domain.kernel.quotes import DerivationStep


@dataclass(frozen=True, slots=True)
class TopUpQuote:
    """What a top-up comes to as things stand; its hash binds the act to all of it.

    `at_least` and `at_most` are how many sessions may be added now, `at_most` None for any number.
    """

    package_id: str
    quote_hash: str
    branch_id: str
    sessions: int
    each_minor: int
    net_minor: int
    tax_minor: int
    currency: str
    last_day: date
    at_least: int
    at_most: int | None
    added_before: int
    version_id: str
    version_number: int
    steps: tuple[DerivationStep, ...]

    @property
    def amount_minor(self) -> int:
        """What it costs, with tax."""
        return self.net_minor + self.tax_minor
