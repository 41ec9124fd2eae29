"""Moving sessions from one package into another: the lots of both as they will be, and what went where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.ids import new_id
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.rules import Bucket, Lot, Origin
from domain.transfers import rules
from domain.transfers.situation import Situation
from domain.transfers.store import Gone


@dataclass(frozen=True, slots=True)
class Moved:
    """What has left the one package and arrived in the other, in drafts that are yet to be posted."""

    leaving: Draft
    arriving: Draft
    gone: tuple[Gone, ...]

    @property
    def value_minor(self) -> int:
        """The value that goes along."""
        return sum(each.value_minor for each in self.gone)


def moved(situation: Situation, into_package_id: str) -> Moved:
    """Bookings let their sessions go, all that goes moves lot by lot, and the bookings hold it where it has arrived.

    Refuses when more is outstanding for the package than what stays is worth.
    """
    now, going = situation.now, situation.carrying
    occasion = Occasion(now, branch_id=situation.asked.branch_id)
    leaving, arriving = Draft(situation.lots), Draft(situation.into_lots)
    going.let_go(leaving, now)
    gone = []
    for part in situation.parts:
        movement = leaving.move(part.lot_id, Bucket.AVAILABLE, Bucket.MOVED, part.sessions, occasion)
        into_id = _arrive(arriving, leaving.lots[part.lot_id], movement, into_package_id)
        carried = movement.carried
        gone.append(Gone(part.lot_id, into_id, part.sessions, carried.value_minor, carried.tax_minor))
    rules.refuse_unpaid(situation.sold, leaving.after, now)
    held = going.of_lots
    arrived = {each.lot_id: {each.into_lot_id: held[each.lot_id]} for each in gone if each.lot_id in held}
    going.take_up(arriving, arrived, now)
    return Moved(leaving, arriving, tuple(gone))


def _arrive(arriving: Draft, old: Lot, movement: Movement, into_package_id: str) -> str:
    """The lot of the recipient's package that the sessions are in from now on: one just like theirs, or a new one."""
    sessions, carried = movement.sessions, movement.carried
    new = _taken_over(old, into_package_id, movement.occasion.effective_at)
    for other in _oldest_first(arriving.after):
        if rules.joins(new, sessions, carried, other):
            arriving.move(other.id, Bucket.ISSUED, Bucket.AVAILABLE, sessions, movement.occasion, carried)
            return other.id
    arriving.issue(new, sessions, carried, movement.occasion)
    return new.id


def _oldest_first(lots: Iterable[Lot]) -> list[Lot]:
    return sorted(lots, key=lambda lot: lot.id)


def _taken_over(old: Lot, package_id: str, now: datetime) -> Lot:
    """An empty lot that is like the one the sessions come from: usable for the same, and no longer.

    What was granted or brought in stays that: its last day is its own, and no first use of the package moves it.
    """
    return Lot(
        id=new_id("lot"),
        package_id=package_id,
        origin=old.origin if old.origin in (Origin.GOODWILL, Origin.IMPORT) else Origin.TRANSFER,
        bonus=old.bonus,
        item=old.item,
        services=old.services,
        issued_at=now,
        last_day=old.last_day,
        expires_at=old.expires_at,
        lapses_at=old.lapses_at,
        priority=old.priority,
        breakage_bp=old.breakage_bp,
    )
