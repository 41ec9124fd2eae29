"""Sessions that lapsed and count again: as far as they are needed they come back by the mirror of their lapse."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.kernel.calendar import local_date
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Entry
from domain.ledger.draft import Draft, Occasion
from domain.ledger.rules import Bucket, Carried, Lot
from domain.packages.sold import Sold


async def lapsed_of(lots: Sequence[Lot]) -> dict[str, Carried]:
    """What the sessions of these lots carried that lapsed and have not come back."""
    ids = [lot.id for lot in lots if lot.expired > 0]
    return await ledger.expired_of(ids) if ids else {}


def lapsed_since(lots: Sequence[Lot], lapsed: Mapping[str, Carried], at: datetime) -> dict[str, Carried]:
    """What those of the lots carried into EXPIRED that were still alive at an instant of the past.

    A sweep that ran meanwhile must change nothing: for that instant their sessions are there.
    """
    return {lot.id: lapsed[lot.id] for lot in lots if lot.expired > 0 and at < lot.lapses_at}


def as_they_were(lots: Sequence[Lot], lapsed: Mapping[str, Carried]) -> list[Lot]:
    """The lots as though they had not lapsed."""
    return [replace(lot, available=lot.available + lot.expired, expired=0) if lot.id in lapsed else lot for lot in lots]


def bring_back(
    draft: Draft, sold: Sold, lot_ids: Collection[str], lapsed: Mapping[str, Carried], occasion: Occasion
) -> None:
    """Move what lapsed of these lots back to where it was, and catch up with estimates that have passed them over."""
    for lot_id in sorted(set(lot_ids) & lapsed.keys()):
        lot = draft.lots[lot_id]
        draft.move(lot_id, Bucket.EXPIRED, Bucket.AVAILABLE, lot.expired, occasion, lapsed[lot_id])
        if lot.expected_bp(sold.breakage_bp) != lot.breakage_bp:
            draft.revalue(lot_id, sold.breakage_bp, occasion.effective_at)


def reinstated(sold: Sold, draft: Draft, now: datetime) -> list[Entry]:
    """The entries for what came back and was caught up: of today, also when it came back for an earlier visit."""
    home, carried = sold.home_branch_id, draft.carried_from(Bucket.EXPIRED)
    entries = (
        accounts.reinstatement(home, sold.id, carried.value_minor, carried.breakage_minor),
        accounts.reestimate(home, sold.id, draft.revalued_minor),
    )
    today = local_date(now, sold.home_time_zone)
    return [replace(entry, posted_on=today, effective_at=now) for entry in entries if entry]
