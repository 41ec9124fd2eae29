"""What the business owes of a session that cannot go back into its lot because that has lapsed."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.kernel.calendar import local_date
from domain.ledger.draft import Draft, Occasion
from domain.ledger.rules import Bucket, Carried, Lot, carried_by
from domain.packages import rules
from domain.packages.sold import Sold

REPLACEMENT_DAYS = 30


def lost(sold: Sold, lot: Lot, now: datetime) -> bool:
    """Whether what goes back into the lot now could not be used any more; during a dispute nothing has lapsed."""
    kept = sold.disputed_at is not None and sold.disputed_at < lot.lapses_at
    return not kept and now >= rules.last_instant(sold.terms, lot)


def replace_lapsed(
    draft: Draft, lot_id: str, sessions: int, sold: Sold, occasion: Occasion, carried: Carried | None = None
) -> str:
    """Move sessions that went back into a lapsed lot on to a goodwill lot of 30 days, with their original value.

    Of a lot that was estimated anew since, they take what they are worth in it now.
    """
    lapsed, now = draft.lots[lot_id], occasion.effective_at
    if carried is None or lapsed.revalued_at is not None:
        carried = carried_by(lapsed, Bucket.AVAILABLE, Bucket.MOVED, sessions)
    taken = replace(carried, breakage_minor=0)
    day = local_date(now, sold.home_time_zone) + timedelta(days=REPLACEMENT_DAYS)
    new = rules.goodwill_lot(sold.id, lapsed.services, lapsed.item, now, day, sold.home_time_zone)
    draft.move(lot_id, Bucket.AVAILABLE, Bucket.MOVED, sessions, occasion, taken)
    draft.issue(new, sessions, taken, occasion)
    return new.id
