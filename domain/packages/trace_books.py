"""What the money journal holds of a package, and the identity that ties it to the price."""

from dataclasses import dataclass, fields
from operator import add, attrgetter

from domain.kernel.money import to_decimal_string


@dataclass(frozen=True, slots=True)
class Books:
    """The money of a package at one moment, or by how much a step changed it; all in minor units.

    `brought_minor` of the price was paid by the package that an upgrade closed for this one. `moved_in_minor` came
    along from packages that this one renews, less what moved on; `used_before_minor` was used before the package was
    brought into Carnet, or of the one that was upgraded to it, and is in other books.
    """

    price_minor: int = 0
    credited_minor: int = 0
    brought_minor: int = 0
    paid_minor: int = 0
    deferred_minor: int = 0
    recognised_minor: int = 0
    breakage_minor: int = 0
    tax_minor: int = 0
    refunded_minor: int = 0
    fees_minor: int = 0
    bad_debt_minor: int = 0
    concessions_minor: int = 0
    moved_in_minor: int = 0
    used_before_minor: int = 0
    disputed_minor: int = 0
    provider_fees_minor: int = 0

    @property
    def outstanding_minor(self) -> int:
        """What is still to be paid."""
        return self.price_minor - self.credited_minor - self.brought_minor - self.paid_minor

    @property
    def balanced(self) -> bool:
        """Invariant 12: what was agreed is, to the unit, what became of it."""
        return sum(amount for amount, _ in self._agreed) == sum(amount for amount, _ in self._became)

    def __add__(self, other: "Books") -> "Books":
        return Books(*map(add, _AMOUNTS(self), _AMOUNTS(other)))

    def identity(self, currency: str) -> str:
        """The identity as a sentence; of what may be on either side only what is there is told."""
        return f"{_sum(self._agreed, currency)} = {_sum(self._became, currency)}."

    @property
    def _agreed(self) -> list[tuple[int, str]]:
        moved = self.moved_in_minor
        return [
            (self.price_minor, "price"),
            (-self.credited_minor, "credited"),
            (moved, "taken over" if moved > 0 else "moved on"),
        ]

    @property
    def _became(self) -> list[tuple[int, str]]:
        return [
            (self.recognised_minor, "recognised"),
            (self.breakage_minor, "breakage"),
            (self.tax_minor, "tax"),
            (self.deferred_minor, "deferred"),
            (self.used_before_minor, "used before"),
            (self.refunded_minor, "refunded"),
            (self.fees_minor, "fees"),
            (-self.bad_debt_minor, "bad debt"),
            (-self.concessions_minor, "concessions"),
        ]


_AMOUNTS = attrgetter(*(field.name for field in fields(Books)))
"""Every amount, in the order in which they are given."""


def _sum(terms: list[tuple[int, str]], currency: str) -> str:
    """The amounts that are not zero with their names; the first of a sum of nothing."""
    told = [term for term in terms if term[0]] or terms[:1]
    (first, name), *rest = told
    signed = (
        f" {'-' if amount < 0 else '+'} {to_decimal_string(abs(amount), currency)} {more}" for amount, more in rest
    )
    return f"{to_decimal_string(first, currency)} {name}{''.join(signed)}"
