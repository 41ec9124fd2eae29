"""Settling: what a booking holds is used or goes back to its lots, in a draft that is yet to be posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.bookings import rules
from domain.bookings.booked import Booked
from domain.bookings.locking import Open
from domain.bookings.rules import Ending, State
from domain.ledger import store as ledger
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.rules import Bucket
from domain.packages import handed_on
from domain.packages import rules as packages_rules
from domain.packages.freezes import freezes_if_first
from domain.packages.lapsed import bring_back, lapsed_of, lapsed_since
from domain.packages.replacement import lost, replace_lapsed
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class Settled:
    """What an ending does to the sessions, in a draft, before it is posted."""

    draft: Draft
    used: tuple[Movement, ...]
    returned: int
    started_on: date | None
    replacement_lot_ids: tuple[str, ...]


async def settle(opened: Open, ending: Ending, at: datetime, now: datetime) -> Settled:
    """Use or return what the booking holds."""
    booked, sold = opened.booked, opened.sold
    if sold is None:
        return Settled(Draft(), (), 0, None, ())
    lots = await ledger.lots_of([sold.id])
    held = (await ledger.held_for([booked.id]))[booked.id]
    parts = rules.split(held, ending.used)
    lapsed = await lapsed_of(lots)
    draft = Draft(lots)
    day = packages_rules.first_use(sold, [draft.lots[lot_id] for lot_id, count, _ in parts if count], at)
    # What lapsed comes back before anything is used, so that it is rounded as though no sweep had run.
    dated = [lot.id for lot in lots if lot.origin in packages_rules.STARTED] if day else []
    bring_back(draft, sold, dated, lapsed_since(lots, lapsed, at), now)
    used = _use(draft, booked, sold, parts, at)
    if day is not None:
        draft.redate(packages_rules.started(draft.after, sold, day, await freezes_if_first(sold, at)))
    replaced = give_back(draft, booked, sold, parts, ending.by_business, now)
    if used and ending.state is State.COMPLETED:
        packages_rules.refuse_unpaid(await handed_on.known(sold, lots), draft.after)
    return Settled(draft, used, sum(back for _, _, back in parts), day, replaced)


def _occasion(booked: Booked, at: datetime) -> Occasion:
    return Occasion(at, booked.service_id, booked.branch_id, booked.practitioner_id, booked.id)


def _use(
    draft: Draft, booked: Booked, sold: Sold, parts: Sequence[tuple[str, int, int]], at: datetime
) -> tuple[Movement, ...]:
    taken = [(lot_id, count) for lot_id, count, _ in parts if count]
    if taken:  # also by a late cancellation: a freeze that will have ended by then keeps nobody from calling off
        packages_rules.refuse_blocked(sold, booked.starts_at)
    return tuple(
        draft.move(lot_id, Bucket.HELD, Bucket.CONSUMED, count, _occasion(booked, at)) for lot_id, count in taken
    )


def give_back(
    draft: Draft, booked: Booked, sold: Sold, parts: Sequence[tuple[str, int, int]], by_business: bool, now: datetime
) -> tuple[str, ...]:
    """Back to the lots, the last taken first; through the business's fault, on to a goodwill lot from a lapsed one."""
    replaced = []
    occasion = _occasion(booked, now)
    for lot_id, _, count in reversed(parts):
        if not count:
            continue
        draft.move(lot_id, Bucket.HELD, Bucket.AVAILABLE, count, occasion)
        if by_business and lost(sold, draft.lots[lot_id], now):
            replaced.append(replace_lapsed(draft, lot_id, count, sold, occasion))
    return tuple(replaced)
