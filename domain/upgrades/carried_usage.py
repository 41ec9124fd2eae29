"""Pure rule of which sessions of a new package count as used where usage is carried into it."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.catalog.terms import Item
from domain.ledger.rules import BonusOrder


@dataclass(frozen=True, slots=True)
class ItemAfter:
    """The paid and the bonus sessions of an item of the new package that are still to be used."""

    paid: int
    bonus: int


def items_after(
    items: Sequence[Item], used: Sequence[tuple[frozenset[str], int]], bonus_order: BonusOrder
) -> list[ItemAfter]:
    """The items of the new package after what was used is taken out of them: by services, then in their order.

    `used` tells for which services sessions were used. Those of a service that the new package has not, or has too few
    of, count on any item that has some left.
    """
    left = [ItemAfter(item.paid, item.bonus) for item in items]
    over = 0
    for services, count in used:
        own = [index for index, item in enumerate(items) if services & set(item.service_ids)]
        over += _take(left, own, count, bonus_order)
    lacking = _take(left, range(len(items)), over, bonus_order)
    assert lacking == 0, "the new package does not hold what was used"
    return left


def _take(left: list[ItemAfter], indexes: Sequence[int], count: int, bonus_order: BonusOrder) -> int:
    """Take sessions out of these items; tells how many there were too few."""
    for index in indexes:
        paid, bonus = left[index].paid, left[index].bonus
        first = min(count, bonus if bonus_order is BonusOrder.FIRST else paid)
        second = min(count - first, paid if bonus_order is BonusOrder.FIRST else bonus)
        of_paid, of_bonus = (second, first) if bonus_order is BonusOrder.FIRST else (first, second)
        left[index] = ItemAfter(paid - of_paid, bonus - of_bonus)
        count -= first + second
    return count
