"""A draft: movements worked out on lots in memory, exact and checked, before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.ledger.rules import LIVE, Bucket, Carried, Lot, carried_by, given_back, moved, revalued


@dataclass(frozen=True, slots=True)
class Occasion:
    """When sessions moved for the business, and what for: the service, where, with whom, and for which booking."""

    effective_at: datetime
    service_id: str | None = None
    branch_id: str | None = None
    practitioner_id: str | None = None
    booking_id: str | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """n sessions of a lot moved from one bucket to another, with what they carried."""

    lot_id: str
    package_id: str
    source: Bucket
    target: Bucket
    sessions: int
    carried: Carried
    occasion: Occasion

    @property
    def deferred_change(self) -> int:
        """By how much the value still owed as sessions changes."""
        return self.carried.value_minor * ((self.target in LIVE) - (self.source in LIVE))


@dataclass(frozen=True, slots=True)
class Revaluation:
    """The value left of a lot, estimated anew; no session moves."""

    lot_id: str
    package_id: str
    value_change_minor: int
    breakage_bp: int
    effective_at: datetime


class Draft:
    """Collects the movements of one act and the lots as they will be after them."""

    def __init__(self, lots: Iterable[Lot] = ()) -> None:
        self.lots: dict[str, Lot] = {lot.id: lot for lot in lots}
        self.movements: list[Movement] = []
        self.new: set[str] = set()
        self.redated: list[Lot] = []
        self.revaluations: list[Revaluation] = []

    def move(
        self,
        lot_id: str,
        source: Bucket,
        target: Bucket,
        sessions: int,
        occasion: Occasion,
        carried: Carried | None = None,
    ) -> Movement:
        """Move sessions of a lot; what they carry follows from the lot unless a mirror gives it."""
        lot = self.lots[lot_id]
        taken = carried_by(lot, source, target, sessions) if carried is None else carried
        self.lots[lot_id] = moved(lot, source, target, sessions, taken)
        return self._note(lot, source, target, sessions, taken, occasion)

    def _note(
        self, lot: Lot, source: Bucket, target: Bucket, sessions: int, carried: Carried, occasion: Occasion
    ) -> Movement:
        movement = Movement(lot.id, lot.package_id, source, target, sessions, carried, occasion)
        self.movements.append(movement)
        return movement

    def give_back(
        self,
        lot_id: str,
        sessions: int,
        carried: Carried,
        occasion: Occasion,
        breakage_bp: int,
        source: Bucket = Bucket.CONSUMED,
    ) -> None:
        """Return sessions that were used, or moved on, with exactly what they took.

        A lot that was estimated anew meanwhile is caught up.
        `breakage_bp` is the share that is expected to lapse now, for a lot that estimates have passed over.
        """
        lot = self.lots[lot_id]
        expected = lot.expected_bp(breakage_bp)
        if lot.revalued_at is None and expected == lot.breakage_bp:
            self.move(lot_id, source, Bucket.AVAILABLE, sessions, occasion, carried)
            return
        after, change = given_back(lot, source, sessions, carried, expected, occasion.effective_at)
        self.lots[lot_id] = after
        self._note(lot, source, Bucket.AVAILABLE, sessions, carried, occasion)
        if change or expected != lot.breakage_bp:
            self.revaluations.append(Revaluation(lot_id, lot.package_id, change, expected, occasion.effective_at))

    def issue(self, lot: Lot, sessions: int, carried: Carried, occasion: Occasion) -> Movement:
        """Issue the sessions of a new, empty lot."""
        assert lot.id not in self.lots and lot.issued == 0
        self.lots[lot.id] = lot
        self.new.add(lot.id)
        return self.move(lot.id, Bucket.ISSUED, Bucket.AVAILABLE, sessions, occasion, carried)

    def revalue(self, lot_id: str, breakage_bp: int, at: datetime) -> Revaluation:
        """Expect another share of the lot to lapse, and catch up with that what was recognised of it."""
        before = self.lots[lot_id]
        after = self.lots[lot_id] = revalued(before, breakage_bp, at)
        change = after.value_left_minor - before.value_left_minor
        self.revaluations.append(Revaluation(lot_id, before.package_id, change, breakage_bp, at))
        return self.revaluations[-1]

    def redate(self, lots: Iterable[Lot]) -> None:
        """Take over the last days of these lots, which are the draft's own with other dates."""
        for lot in lots:
            known = self.lots[lot.id]
            if (lot.last_day, lot.expires_at, lot.lapses_at) != (known.last_day, known.expires_at, known.lapses_at):
                self.lots[lot.id] = replace(
                    known, last_day=lot.last_day, expires_at=lot.expires_at, lapses_at=lot.lapses_at
                )
                self.redated = [other for other in self.redated if other.id != lot.id] + [self.lots[lot.id]]

    @property
    def revalued_minor(self) -> int:
        """By how much estimates alone change the value that is owed."""
        return sum(change.value_change_minor for change in self.revaluations)

    def reinstated(self) -> dict[str | None, Carried]:
        """What all sessions that come back from their lapse take with them, by the branch where that was posted."""
        carried: dict[str | None, Carried] = {}
        for movement in self.movements:
            if movement.source is Bucket.EXPIRED:
                branch_id = movement.occasion.branch_id
                carried[branch_id] = carried.get(branch_id, Carried()).plus(movement.carried)
        return carried

    @property
    def after(self) -> list[Lot]:
        """All the lots as they will be."""
        return list(self.lots.values())

    @property
    def touched(self) -> list[Lot]:
        """The lots that existed before and have moved or were revalued, in the order of their ids."""
        moved_ids = {movement.lot_id for movement in self.movements}
        ids = (moved_ids | {change.lot_id for change in self.revaluations}) - self.new
        return [self.lots[lot_id] for lot_id in sorted(ids)]

    @property
    def issued(self) -> list[Lot]:
        """The new lots, in the order of their ids."""
        return [self.lots[lot_id] for lot_id in sorted(self.new)]
