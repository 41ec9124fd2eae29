"""How a sweep went."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Swept:
    """How many packages lapsed, in what time, and what it took."""

    packages: int
    seconds: float
    longest_transaction: float
    megabytes_before: float
    megabytes_at_most: float

    @property
    def per_second(self) -> float:
        """The rate."""
        return self.packages / self.seconds
