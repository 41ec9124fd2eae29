"""Pure rules of the session ledger: what a session carries, and what a move does to a lot."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.kernel.money import round_half_up
from domain.ledger import breakage


class Bucket(StrEnum):
    """Where sessions are; ISSUED is the outside they come from."""

    ISSUED = "ISSUED"
    AVAILABLE = "AVAILABLE"
    HELD = "HELD"
    CONSUMED = "CONSUMED"
    EXPIRED = "EXPIRED"
    REFUNDED = "REFUNDED"
    MOVED = "MOVED"


class Origin(StrEnum):
    """Why a lot exists."""

    PURCHASE = "PURCHASE"
    BONUS = "BONUS"
    TOP_UP = "TOP_UP"
    TRANSFER = "TRANSFER"
    GOODWILL = "GOODWILL"
    IMPORT = "IMPORT"


class BonusValue(StrEnum):
    """Whether bonus sessions carry a share of the price."""

    POOLED = "POOLED"
    ZERO = "ZERO"


class BonusOrder(StrEnum):
    """Whether bonus sessions are used after the paid ones or before them."""

    LAST = "LAST"
    FIRST = "FIRST"


LIVE = (Bucket.AVAILABLE, Bucket.HELD)
"""The buckets whose sessions still carry the lot's value."""

EXPECTED_TO_LAPSE = frozenset({Origin.PURCHASE, Origin.BONUS, Origin.TOP_UP, Origin.TRANSFER})
"""The origins of lots of which a share may be expected to lapse: what was bought, not what was given or imported."""

LEGAL_MOVES = frozenset(
    {
        (Bucket.ISSUED, Bucket.AVAILABLE),
        (Bucket.AVAILABLE, Bucket.HELD),
        (Bucket.HELD, Bucket.AVAILABLE),
        (Bucket.AVAILABLE, Bucket.CONSUMED),
        (Bucket.HELD, Bucket.CONSUMED),
        (Bucket.CONSUMED, Bucket.AVAILABLE),
        (Bucket.AVAILABLE, Bucket.EXPIRED),
        (Bucket.EXPIRED, Bucket.AVAILABLE),
        (Bucket.AVAILABLE, Bucket.REFUNDED),
        (Bucket.AVAILABLE, Bucket.MOVED),
        (Bucket.MOVED, Bucket.AVAILABLE),
    }
)


@dataclass(frozen=True, slots=True)
class Carried:
    """The money that sessions take with them: value, and the tax inside it that is due when they are used.

    `breakage_minor` is what of the value is breakage: all of what lapses but for tax that falls due; of what is used,
    what it releases because others are expected to lapse, negative where more are used than were expected.
    """

    value_minor: int = 0
    tax_minor: int = 0
    breakage_minor: int = 0

    def plus(self, other: "Carried") -> "Carried":
        """What both take with them."""
        return Carried(
            self.value_minor + other.value_minor,
            self.tax_minor + other.tax_minor,
            self.breakage_minor + other.breakage_minor,
        )


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot as the rules see it: counts per bucket, value left, services and dates."""

    id: str
    package_id: str
    origin: Origin
    bonus: bool
    item: int
    services: frozenset[str]
    issued_at: datetime
    last_day: date
    expires_at: datetime
    lapses_at: datetime
    priority: int = 0
    issued: int = 0
    available: int = 0
    held: int = 0
    consumed: int = 0
    expired: int = 0
    refunded: int = 0
    moved: int = 0
    value_issued_minor: int = 0
    value_left_minor: int = 0
    tax_left_minor: int = 0
    recognised_minor: int = 0
    tax_recognised_minor: int = 0
    breakage_bp: int = 0
    revalued_at: datetime | None = None

    @property
    def left(self) -> int:
        """Sessions that still carry value: available and held."""
        return self.available + self.held

    @property
    def net_minor(self) -> int:
        """What use has recognised of the lot and may still recognise, without the tax in it."""
        return self.value_left_minor - self.tax_left_minor + self.recognised_minor - self.tax_recognised_minor

    @property
    def worth_left_minor(self) -> int:
        """What the sessions left are worth by the straight line, whatever is expected of them."""
        if not self.left or (self.breakage_bp == 0 and self.revalued_at is None):
            return self.value_left_minor
        used = breakage.of_sessions(self.net_minor, self.consumed, self.consumed + self.left)
        return self.net_minor - used + self.tax_left_minor

    def expected_bp(self, breakage_bp: int) -> int:
        """The share that is expected to lapse once sessions come back; estimates passed over a lot that had none."""
        return breakage_bp if self.left == 0 and self.origin in EXPECTED_TO_LAPSE else self.breakage_bp

    def count(self, bucket: Bucket) -> int:
        """How many sessions of the lot are in the bucket."""
        counts: int = getattr(self, bucket.value.lower())
        return counts


def released(value_minor: int, sessions: int, left: int) -> int:
    """Value that leaves with so many of the sessions left: rounded half up, the last session takes the rest."""
    assert 1 <= sessions <= left
    return round_half_up(value_minor * sessions, left)


def carried_by(lot: Lot, source: Bucket, target: Bucket, sessions: int) -> Carried:
    """What a move out of the live buckets takes with it; holding and returning carry nothing away.

    What lapses is all breakage. Of a lot of which a share is expected to lapse, use releases that share along.
    """
    if source not in LIVE or target in LIVE:
        return Carried()
    if target is Bucket.CONSUMED and lot.breakage_bp:
        return _used_as_expected(lot, sessions)
    value = released(lot.value_left_minor, sessions, lot.left)
    tax = released(lot.tax_left_minor, sessions, lot.left)
    return Carried(value, tax, value if target is Bucket.EXPIRED else 0)


def _used_as_expected(lot: Lot, sessions: int) -> Carried:
    """Tax falls due with what is used and no sooner, so breakage is expected of the value without it."""
    tax = released(lot.tax_left_minor, sessions, lot.left)
    net, used, of = lot.net_minor, lot.consumed + sessions, lot.consumed + lot.left
    by_now = lot.recognised_minor - lot.tax_recognised_minor
    due = breakage.recognised(net, used, of, lot.breakage_bp) - by_now
    value = max(0, min(due, lot.value_left_minor - lot.tax_left_minor))
    worth = breakage.of_sessions(net, used, of) - breakage.of_sessions(net, lot.consumed, of)
    return Carried(value + tax, tax, value - worth)


def revalued(lot: Lot, breakage_bp: int, at: datetime) -> Lot:
    """The lot with another share expected to lapse, and what it has recognised caught up with that."""
    net, of = lot.net_minor, lot.consumed + lot.left
    by_then = breakage.recognised(net, lot.consumed, of, breakage_bp) if lot.left else net
    value_left = net - by_then + lot.tax_left_minor
    after = replace(
        lot,
        breakage_bp=breakage_bp,
        value_left_minor=value_left,
        recognised_minor=by_then + lot.tax_recognised_minor,
        revalued_at=at,
    )
    check(after)
    return after


def given_back(
    lot: Lot, source: Bucket, sessions: int, carried: Carried, breakage_bp: int, at: datetime
) -> tuple[Lot, int]:
    """A lot after sessions that were used or moved on came back with exactly what they took, and what catches up.

    Since they went another share was expected to lapse, and what is recognised for them now need not be what they
    took: so neither half may hold by itself, and the lot is checked as a whole.
    """
    back = _changed(lot, source, Bucket.AVAILABLE, sessions, carried)
    after = revalued(back, breakage_bp, at)
    return after, after.value_left_minor - back.value_left_minor


def moved(lot: Lot, source: Bucket, target: Bucket, sessions: int, carried: Carried) -> Lot:
    """The lot after the move. Breaking a bucket or the value is a fault of the caller, never a refusal."""
    after = _changed(lot, source, target, sessions, carried)
    check(after)
    return after


def _changed(lot: Lot, source: Bucket, target: Bucket, sessions: int, carried: Carried) -> Lot:
    assert (source, target) in LEGAL_MOVES, f"no such move: {source} to {target}"
    assert sessions >= 1
    changed: dict[str, Any] = {target.value.lower(): lot.count(target) + sessions}
    if source is Bucket.ISSUED:
        changed["issued"] = lot.issued + sessions
    else:
        assert lot.count(source) >= sessions, f"{lot.id} has fewer than {sessions} sessions {source}"
        changed[source.value.lower()] = lot.count(source) - sessions
    sign = (target in LIVE) - (source in LIVE)
    use = (target is Bucket.CONSUMED) - (source is Bucket.CONSUMED)
    return replace(
        lot,
        **changed,
        value_issued_minor=lot.value_issued_minor + (carried.value_minor if source is Bucket.ISSUED else 0),
        value_left_minor=lot.value_left_minor + sign * carried.value_minor,
        tax_left_minor=lot.tax_left_minor + sign * carried.tax_minor,
        recognised_minor=lot.recognised_minor + use * carried.value_minor,
        tax_recognised_minor=lot.tax_recognised_minor + use * carried.tax_minor,
    )


def check(lot: Lot) -> None:
    """Invariants 1 and 2: conservation, and nothing negative."""
    parts = (lot.available, lot.held, lot.consumed, lot.expired, lot.refunded, lot.moved)
    assert lot.issued == sum(parts) and min(parts) >= 0, f"conservation broken: {lot}"
    assert 0 <= lot.tax_left_minor <= lot.value_left_minor <= lot.value_issued_minor, f"value broken: {lot}"
    assert lot.left > 0 or lot.value_left_minor == 0, f"value without sessions: {lot}"
    assert 0 <= lot.tax_recognised_minor <= lot.recognised_minor, f"more given back than was recognised: {lot}"
