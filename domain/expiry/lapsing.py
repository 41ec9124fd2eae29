"""Pure rules of lapses: what is due, and how it leaves the books."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.kernel.calendar import local_date
from domain.ledger.accounts import Entry, lapse
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.rules import Bucket, Lot


@dataclass(frozen=True, slots=True)
class Home:
    """A package, and the branch with its clock that it is at home at."""

    package_id: str
    branch_id: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Came:
    """When sessions last came to a lot that had lapsed by then: for the business, and in the books."""

    effective_at: datetime
    recorded_at: datetime


def is_due(lot: Lot, disputed_at: datetime | None, at: datetime) -> bool:
    """Whether sessions of the lot have lapsed; while a payment is disputed nothing does that had not when it began."""
    return lot.available > 0 and lot.lapses_at <= at and (disputed_at is None or lot.lapses_at <= disputed_at)


def let_lapse(draft: Draft, lots: Iterable[Lot], home: Home, came: Mapping[str, Came]) -> list[Entry]:
    """Move what is available of these lots to EXPIRED, and return an entry for each instant at which that happened.

    A lapse counts from its instant and is posted on that day, whenever it is found; but never before the sessions
    came to be there, such as by an import or a late reversal.
    """
    values: dict[tuple[datetime, datetime], int] = {}
    for lot in sorted(lots, key=lambda lot: (lot.lapses_at, lot.id)):
        later = came.get(lot.id)
        counts_from = max(lot.lapses_at, later.effective_at) if later else lot.lapses_at
        posted_at = max(lot.lapses_at, later.recorded_at) if later else lot.lapses_at
        movement = _expire(draft, lot, counts_from, home)
        key = counts_from, posted_at
        values[key] = values.get(key, 0) + movement.carried.value_minor
    entries = ((key, lapse(home.branch_id, home.package_id, value)) for key, value in values.items())
    return [
        replace(entry, effective_at=counts_from, posted_on=local_date(posted_at, home.time_zone))
        for (counts_from, posted_at), entry in entries
        if entry
    ]


def _expire(draft: Draft, lot: Lot, counts_from: datetime, home: Home) -> Movement:
    occasion = Occasion(counts_from, branch_id=home.branch_id)
    return draft.move(lot.id, Bucket.AVAILABLE, Bucket.EXPIRED, lot.available, occasion)
