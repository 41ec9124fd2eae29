"""Lapse: what is left after the last day and its grace is lost, and its value becomes breakage revenue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.expiry.lapsing_store import Due
from domain.expiry.rules.lapsing import Came, Home, let_lapse
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.ledger.draft import Draft, Movement
from domain.ledger.post import Posted, Posting
from domain.ledger.rules import Lot


@dataclass(frozen=True, slots=True)
class LotLapsed:
    """How many sessions of a lot lapsed, what they were worth, and from when that counts."""

    lot_id: str
    sessions: int
    value_minor: int
    lapsed_at: datetime


@dataclass(frozen=True, slots=True)
class PackageLapsed:
    """What of a package lapsed."""

    package_id: str
    lots: tuple[LotLapsed, ...]
    sessions: int
    value_minor: int


def lapse_package(work: Work, due: Due, lots: Sequence[Lot], came: Mapping[str, Sequence[Came]]) -> Posted:
    """Let these lots of a locked package lapse, as one operation; many are posted together.

    Sessions that are held stay so: they were promised. Nobody asks for this act, and it refuses nothing.
    """
    draft = Draft(lots)
    home = Home(due.id, due.home_branch_id, due.time_zone, due.lapse_tax, due.homed_at)
    entries = let_lapse(draft, lots, home, came)
    lapsed = tuple(map(_lapsed, draft.movements))
    version = due.version + 1
    return Posted(
        work,
        Posting(due.id, version, due.currency, local_date(work.now, due.time_zone), draft, tuple(entries)),
        Recorded(
            PackageLapsed(due.id, lapsed, sum(lot.sessions for lot in lapsed), sum(lot.value_minor for lot in lapsed)),
            effective_at=max(lot.lapsed_at for lot in lapsed),
            branch_id=due.home_branch_id,
            package_id=due.id,
            package_version=version,
            customer_id=due.holder_id,
        ),
    )


def _lapsed(movement: Movement) -> LotLapsed:
    return LotLapsed(movement.lot_id, movement.sessions, movement.carried.value_minor, movement.occasion.effective_at)
