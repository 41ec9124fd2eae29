"""Pure rules of lapses: how what is due leaves the books."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.branches.settings import LapseTax
from domain.kernel.calendar import local_date
from domain.ledger.accounts import Entry, lapse
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.rules import Bucket, Carried, Lot, carried_by


@dataclass(frozen=True, slots=True)
class Home:
    """A package, the branch with its clock that it is at home at and since when, and what a lapse does with tax.

    Without an instant it has been at home there since it was sold.
    """

    package_id: str
    branch_id: str
    time_zone: str
    lapse_tax: LapseTax = LapseTax.NONE
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """Sessions that came to a lot after it had lapsed: when for the business, when in the books, how many."""

    effective_at: datetime
    recorded_at: datetime
    sessions: int


@dataclass(frozen=True, slots=True)
class Late:
    """A movement into what is available of a lot, or out of it, that was written down after the lot had lapsed."""

    source: str
    target: str
    sessions: int
    effective_at: datetime
    recorded_at: datetime
    lapses_at: datetime


def came_late(available: int, movements: Sequence[Late]) -> list[Came]:
    """Of what is available of a lot, the sessions that were not there when it lapsed; movements oldest first.

    What leaves again is what came last; but for a visit before the lapse it is what was there then.
    """
    came: list[Came] = []
    there = available - sum(-each.sessions if each.source == "AVAILABLE" else each.sessions for each in movements)
    for each in movements:
        if each.target == "AVAILABLE":
            came.append(Came(each.effective_at, each.recorded_at, each.sessions))
        elif each.target == "EXPIRED":
            there, came = 0, []
        else:
            taken = min(there, each.sessions) if each.effective_at < each.lapses_at else 0
            there -= taken
            came = _without_last(came, each.sessions - taken)
    return came


def _without_last(came: Sequence[Came], sessions: int) -> list[Came]:
    kept = list(came)
    while kept and sessions >= kept[-1].sessions:
        sessions -= kept.pop().sessions
    if kept and sessions:
        kept[-1] = replace(kept[-1], sessions=kept[-1].sessions - sessions)
    return kept


def let_lapse(draft: Draft, lots: Iterable[Lot], home: Home, came: Mapping[str, Sequence[Came]]) -> list[Entry]:
    """Move what is available of these lots to EXPIRED, and return an entry for each instant at which that happened.

    A lapse counts from its instant and is posted on that day, whenever it is found; but for sessions that came later,
    such as by an import or a late reversal, never before they did, and never before the package came to its home.
    """
    values: dict[tuple[datetime, datetime], Carried] = {}
    for lot in sorted(lots, key=lambda lot: (lot.lapses_at, lot.id)):
        for part in _parts(lot, came.get(lot.id, ())):
            key = max(lot.lapses_at, part.effective_at), max(lot.lapses_at, part.recorded_at)
            movement = _expire(draft, lot, part.sessions, key[0], home)
            values[key] = values.get(key, Carried()).plus(movement.carried)
    entries = (
        (key, lapse(home.branch_id, home.package_id, carried.value_minor, carried.breakage_minor))
        for key, carried in values.items()
    )
    return [
        replace(
            entry,
            effective_at=counts_from,
            posted_on=local_date(max(posted_at, home.since or posted_at), home.time_zone),
        )
        for (counts_from, posted_at), entry in entries
        if entry
    ]


def _parts(lot: Lot, came: Sequence[Came]) -> list[Came]:
    """What is available of the lot: first what was there when it lapsed, then what came after that."""
    there = lot.available - sum(each.sessions for each in came)
    return [each for each in (Came(lot.lapses_at, lot.lapses_at, there), *came) if each.sessions > 0]


def _expire(draft: Draft, lot: Lot, sessions: int, counts_from: datetime, home: Home) -> Movement:
    carried = carried_by(draft.lots[lot.id], Bucket.AVAILABLE, Bucket.EXPIRED, sessions)
    if home.lapse_tax is LapseTax.DUE:
        carried = replace(carried, breakage_minor=carried.value_minor - carried.tax_minor)
    occasion = Occasion(counts_from, branch_id=home.branch_id)
    return draft.move(lot.id, Bucket.AVAILABLE, Bucket.EXPIRED, sessions, occasion, carried)
