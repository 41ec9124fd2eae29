"""Sessions that lapsed and count again: as far as they are needed they come back by the mirror of their lapse."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.kernel.calendar import local_date
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Entry
from domain.ledger.draft import Draft, Movement
from domain.ledger.rules import Bucket, Lot
from domain.packages.sold import Sold

Lapsed = Mapping[str, Sequence[Movement]]
"""By lot the movements by which its sessions lapsed; each says at which home of the package that was posted."""


async def lapsed_of(lots: Sequence[Lot]) -> Lapsed:
    """How those sessions of these lots lapsed that have not come back."""
    ids = [lot.id for lot in lots if lot.expired > 0]
    return await ledger.expired_of(ids) if ids else {}


def lapsed_since(lots: Sequence[Lot], lapsed: Lapsed, at: datetime) -> Lapsed:
    """How those of the lots lapsed that were still alive at an instant of the past.

    A sweep that ran meanwhile must change nothing: for that instant their sessions are there.
    """
    return {lot.id: lapsed[lot.id] for lot in lots if lot.expired > 0 and at < lot.lapses_at}


def as_they_were(lots: Sequence[Lot], lapsed: Lapsed) -> list[Lot]:
    """The lots as though they had not lapsed."""
    return [replace(lot, available=lot.available + lot.expired, expired=0) if lot.id in lapsed else lot for lot in lots]


def bring_back(draft: Draft, sold: Sold, lot_ids: Collection[str], lapsed: Lapsed, now: datetime) -> None:
    """Move what lapsed of these lots back to where it was, and catch up with estimates that have passed them over.

    Each movement is the mirror of a lapse, and says where that was posted.
    """
    for lot_id in sorted(set(lot_ids) & lapsed.keys()):
        lot = draft.lots[lot_id]
        for gone in lapsed[lot_id]:
            occasion = replace(gone.occasion, effective_at=now)
            draft.move(lot_id, Bucket.EXPIRED, Bucket.AVAILABLE, gone.sessions, occasion, gone.carried)
        if lot.expected_bp(sold.breakage_bp) != lot.breakage_bp:
            draft.revalue(lot_id, sold.breakage_bp, now)


def reinstated(sold: Sold, draft: Draft, now: datetime) -> list[Entry]:
    """The entries for what came back and was caught up: of today, also when it came back for an earlier visit.

    What had lapsed at a former home comes back there, and moves on to the one of now.
    """
    home = sold.home_branch_id
    mirrors = [
        accounts.reinstatement(branch_id or home, sold.id, carried.value_minor, carried.breakage_minor)
        for branch_id, carried in draft.reinstated().items()
    ]
    entries = (
        *mirrors,
        *accounts.followed_home(sold.id, home, mirrors),
        accounts.reestimate(home, sold.id, draft.revalued_minor),
    )
    today = local_date(now, sold.home_time_zone)
    return [replace(entry, posted_on=today, effective_at=now) for entry in entries if entry]
