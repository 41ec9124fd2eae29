"""Pure: which lot sessions come from."""

from collections.abc import Iterable, Sequence

from domain.ledger.rules import BonusOrder, Lot


def in_order_of_use(lots: Iterable[Lot], bonus_order: BonusOrder) -> list[Lot]:
    """The order in which lots are used; the same lots always come in the same order.

    1 priority set by staff, 2 earliest lapse, 3 paid before bonus (or the reverse), 4 narrower service set,
    5 oldest, 6 id.
    """
    bonus_first = bonus_order is BonusOrder.FIRST
    return sorted(
        lots,
        key=lambda lot: (
            -lot.priority,
            lot.lapses_at,
            lot.bonus != bonus_first,
            len(lot.services),
            lot.issued_at,
            lot.id,
        ),
    )


def choose(lots: Sequence[Lot], sessions: int) -> list[tuple[Lot, int]]:
    """How many sessions come from which lot, in the order given; shorter than asked when there are too few."""
    taken: list[tuple[Lot, int]] = []
    for lot in lots:
        count = min(lot.available, sessions - sum(n for _, n in taken))
        if count > 0:
            taken.append((lot, count))
    return taken
