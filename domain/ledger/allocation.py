"""Pure: how the price of a package is shared over its lots."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.kernel.money import split_largest_remainder
from domain.ledger.rules import BonusValue


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a package's price that an item carries, split over its paid and its bonus lot."""

    weight: int
    paid_lot: int
    bonus_lot: int

    @property
    def allocated(self) -> int:
        """What the item carries in all."""
        return self.paid_lot + self.bonus_lot


@dataclass(frozen=True, slots=True)
class Weighed:
    """An item to allocate to: its stand-alone price per session and its paid and bonus sessions."""

    list_price_minor: int
    paid: int
    bonus: int


def allocate(total_minor: int, items: Sequence[Weighed], bonus_value: BonusValue) -> list[Share]:
    """A total spread by relative stand-alone price over items, then over paid and bonus lots, to the unit.

    Largest remainder throughout; ties go to the earlier item, inside an item to the paid lot. When no item has a
    stand-alone price the sessions themselves weigh.
    """
    pooled = bonus_value is BonusValue.POOLED
    sessions = [item.paid + (item.bonus if pooled else 0) for item in items]
    weights = [item.list_price_minor * count for item, count in zip(items, sessions, strict=True)]
    by = weights if any(weights) else sessions
    return [
        _share(amount, weight, item, pooled)
        for amount, weight, item in zip(split_largest_remainder(total_minor, by), weights, items, strict=True)
    ]


def _share(amount: int, weight: int, item: Weighed, pooled: bool) -> Share:
    if not pooled:
        return Share(weight, amount, 0)
    if item.paid + item.bonus == 0:
        return Share(weight, 0, 0)
    paid, bonus = split_largest_remainder(amount, [item.paid, item.bonus])
    return Share(weight, paid, bonus)
