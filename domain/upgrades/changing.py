"""What an upgrade moves: the sessions of the old package go, those of the new one are issued, bookings go along."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.bookings.carrying import Carrying
from domain.catalog.terms import Terms, UpgradeMethod
from domain.kernel.ids import new_id
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.rules import Bucket, Carried, Lot, Origin
from domain.packages import rules
from domain.packages.offered import Offered
from domain.packages.sold import Sold
from domain.refunds.rules import Moment
from domain.upgrades.carried_usage import items_after

Used = Sequence[tuple[frozenset[str], int]]
"""For which services how many sessions are used."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The old package without its sessions, and what left it: what was bought, and what was granted or taken over."""

    draft: Draft
    bought: tuple[Movement, ...]
    granted: tuple[Movement, ...]

    @property
    def carried(self) -> Carried:
        """What the sessions that were bought carry; they go without being kept."""
        return _sum(self.bought)

    @property
    def granted_minor(self) -> int:
        """The value of the others, which arrives in the new package."""
        return _sum(self.granted).value_minor

    @property
    def granted_sessions(self) -> int:
        """How many of the others there are."""
        return sum(movement.sessions for movement in self.granted)


def _sum(movements: Sequence[Movement]) -> Carried:
    found = Carried()
    for movement in movements:
        found = found.plus(movement.carried)
    return found


def given_up(lots: Sequence[Lot], own: Sequence[Lot], going: Carrying, at: Moment, branch_id: str) -> GivenUp:
    """Bookings let their sessions go, and all that has not lapsed moves out; what is due to lapse is left to that.

    Of what was bought nothing is expected to lapse any more, so that what was recognised for that is owed again. `own`
    are the lots that were bought, as large as they were; what they hold besides was handed on to the customer.
    """
    draft, occasion = Draft(lots), Occasion(at.now, branch_id=branch_id)
    going.let_go(draft, at.now)
    left = {lot.id: at.left(lot) for lot in own}
    bought: list[Movement] = []
    granted: list[Movement] = []
    for lot in lots:
        paid = left.get(lot.id, 0)
        if paid and lot.breakage_bp:
            draft.revalue(lot.id, 0, at.now)
        for count, moved in ((paid, bought), (at.left(lot) - paid, granted)):
            if count:
                moved.append(draft.move(lot.id, Bucket.AVAILABLE, Bucket.MOVED, count, occasion))
    return GivenUp(draft, tuple(bought), tuple(granted))


def issued(new: Sold, offer: Offered, method: UpgradeMethod, used: Used, whole: Carried, old: GivenUp) -> Draft:
    """The new package with its sessions: those of the sale, without as many as are used where usage is carried."""
    draft, terms = Draft(), offer.terms
    if method is UpgradeMethod.CARRY_USAGE:
        terms = _unused(terms, used)
    occasion = Occasion(new.sold_at, branch_id=new.home_branch_id)
    sold_on = new.posted_on(new.sold_at)
    for lot, sessions, carried in rules.valued_lots(
        new.id, terms, whole, new.sold_at, sold_on, new.home_time_zone, offer.breakage_bp
    ):
        draft.issue(lot, sessions, carried, occasion)
    for movement in old.granted:
        lot = _taken_over(old.draft.lots[movement.lot_id], new)
        draft.issue(lot, movement.sessions, movement.carried, occasion)
    return draft


def _unused(terms: Terms, used: Used) -> Terms:
    after = items_after(terms.items, used, terms.price.bonus_order)
    items = (replace(item, paid=its.paid, bonus=its.bonus) for item, its in zip(terms.items, after, strict=True))
    return replace(terms, items=tuple(items))


def _taken_over(old: Lot, new: Sold) -> Lot:
    """An empty lot like the one that sessions were granted or taken over in: usable for the same, and no longer."""
    shared = (index for index, item in enumerate(new.terms.items) if old.services & set(item.service_ids))
    return Lot(
        id=new_id("lot"),
        package_id=new.id,
        origin=Origin.GOODWILL if old.origin is Origin.GOODWILL else Origin.TRANSFER,
        bonus=old.bonus,
        item=next(shared, 0),
        services=old.services,
        issued_at=new.sold_at,
        last_day=old.last_day,
        expires_at=old.expires_at,
        lapses_at=old.lapses_at,
        priority=old.priority,
        breakage_bp=old.breakage_bp,
    )
