"""What a pack opens with in Carnet: its lots, the value left in them, and the sessions already used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.imports.rules.catalogue import DefinitionRow, Item
from domain.imports.rules.packs import PackRow, VisitRow
from domain.kernel.money import round_half_up, split_largest_remainder


class Standing(StrEnum):
    """How a pack stands on a day."""

    LIVE = "live"
    IN_GRACE = "in_grace"
    EXPIRED = "expired"
    USED_UP = "used_up"


@dataclass(frozen=True, slots=True)
class OpeningLot:
    """A lot to issue: its sessions with all their value, and how much of both is left."""

    item: int
    service: str
    bonus: bool
    sessions: int
    left: int
    value_minor: int
    value_left_minor: int


@dataclass(frozen=True, slots=True)
class Use:
    """Sessions of one lot that were used before the import; without a visit, nobody knows when and where."""

    lot: int
    sessions: int
    value_minor: int
    visit: VisitRow | None


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything that the import of one pack posts."""

    items: tuple[Item, ...]
    lots: tuple[OpeningLot, ...]
    uses: tuple[Use, ...]
    value_left_minor: int
    outstanding_minor: int


def standing(pack: PackRow, grace_days: int, day: date) -> Standing:
    """Live up to the last day, in grace for the days after it; used up whenever no session is left."""
    if pack.sessions_used == pack.sessions_total:
        return Standing.USED_UP
    if day <= pack.expires_on:
        return Standing.LIVE
    return Standing.IN_GRACE if day <= pack.expires_on + timedelta(days=grace_days) else Standing.EXPIRED


def value_left(pack: PackRow) -> int:
    """The agreed price less the straight-line value of the sessions used, paid and bonus alike."""
    used = pack.price_minor * pack.sessions_used
    return pack.price_minor - round_half_up(used, pack.sessions_total)


def agreed_items(definition: DefinitionRow, total: int) -> tuple[Item, ...]:
    """The definition's items made to hold the pack's own total.

    Sessions given on top are a bonus of the first item; missing ones come off the last item, bonus first.
    """
    items = list(definition.items)
    extra = total - sum(item.sessions for item in items)
    if extra >= 0:
        items[0] = Item(items[0].service, items[0].paid, items[0].bonus + extra)
        return tuple(items)
    for index in reversed(range(len(items))):
        item = items[index]
        bonus = min(item.bonus, -extra)
        paid = min(item.paid, -extra - bonus)
        items[index] = Item(item.service, item.paid - paid, item.bonus - bonus)
        extra += bonus + paid
    return tuple(item for item in items if item.sessions)


def open_pack(pack: PackRow, definition: DefinitionRow, visits: Iterable[VisitRow]) -> Opening:
    """Lots with their use and value: the row says how many sessions were used, the visits which and when."""
    items = agreed_items(definition, pack.sessions_total)
    slots = _slots(items)
    takes = _takes(slots, pack.sessions_used, [visit for visit in visits if visit.consumes])
    left = value_left(pack)
    spent = split_largest_remainder(pack.price_minor - left, [take.sessions for take in takes])
    uses = tuple(Use(take.lot, take.sessions, value, take.visit) for take, value in zip(takes, spent, strict=True))
    return Opening(items, _lots(slots, uses, left), uses, left, pack.price_minor - pack.paid_minor)


@dataclass(frozen=True, slots=True)
class _Slot:
    """The sessions of a lot before anything is known of their use."""

    item: int
    service: str
    bonus: bool
    sessions: int


@dataclass(frozen=True, slots=True)
class _Take:
    """Sessions taken from a lot, before the value is shared out."""

    lot: int
    sessions: int
    visit: VisitRow | None


def _slots(items: Sequence[Item]) -> list[_Slot]:
    """A lot for the paid and one for the bonus sessions of each item, in that order."""
    return [
        _Slot(index, item.service, bonus, sessions)
        for index, item in enumerate(items)
        for bonus, sessions in ((False, item.paid), (True, item.bonus))
        if sessions
    ]


def _takes(slots: Sequence[_Slot], used: int, visits: Sequence[VisitRow]) -> list[_Take]:
    """The earliest visits take a session of their service each, uses without a visit whatever is left."""
    left = [slot.sessions for slot in slots]
    takes = []
    for visit in sorted(visits, key=lambda visit: (visit.starts_at, visit.line))[:used]:
        lot = _lot_for(slots, left, visit.service)
        left[lot] -= 1
        takes.append(_Take(lot, 1, visit))
    untold = used - len(takes)
    for lot, sessions in enumerate(left):
        if count := min(untold, sessions):
            takes.append(_Take(lot, count, None))
            untold -= count
    return takes


def _lot_for(slots: Sequence[_Slot], left: Sequence[int], service: str) -> int:
    """The first lot with a session left, of the visit's own service if there is one."""
    open_lots = [lot for lot, sessions in enumerate(left) if sessions]
    return next((lot for lot in open_lots if slots[lot].service == service), open_lots[0])


def _lots(slots: Sequence[_Slot], uses: Sequence[Use], value: int) -> tuple[OpeningLot, ...]:
    """Lots with the value left spread by sessions left; what was used carries the rest."""
    used, spent = [0] * len(slots), [0] * len(slots)
    for use in uses:
        used[use.lot] += use.sessions
        spent[use.lot] += use.value_minor
    left = [slot.sessions - count for slot, count in zip(slots, used, strict=True)]
    shares = split_largest_remainder(value, left)
    return tuple(
        OpeningLot(slot.item, slot.service, slot.bonus, slot.sessions, left[i], shares[i] + spent[i], shares[i])
        for i, slot in enumerate(slots)
    )
