"""Returning what many bookings hold at once, with a posting for each package."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.bookings import rules, settling
from domain.bookings.booked import Booked
from domain.bookings.locking import Open
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.ledger import store as ledger
from domain.ledger.draft import Draft
from domain.ledger.post import Posted, Posting
from domain.ledger.rules import Lot
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class BookingReturned:
    """A booking that was cancelled: whose it was, what went back, and the lots that stand in for lapsed ones."""

    booking_id: str
    package_id: str | None
    customer_id: str
    starts_at: datetime
    returned: int
    replacement_lot_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookingsCancelled:
    """What was cancelled, by start."""

    bookings: tuple[BookingReturned, ...]


async def give_back(work: Work, opened: Sequence[Open], reason: str) -> tuple[list[BookingReturned], list[Posted]]:
    """What each booking held goes back; an operation for each package."""
    sold = {each.sold.id: each.sold for each in opened if each.sold}
    lots: dict[str, list[Lot]] = {package_id: [] for package_id in sorted(sold)}
    for lot in await ledger.lots_of(list(lots)):
        lots[lot.package_id].append(lot)
    held = await ledger.held_for([each.booked.id for each in opened])
    drafts = {package_id: Draft(its) for package_id, its in lots.items()}
    done: dict[str | None, list[tuple[Booked, BookingReturned]]] = {}
    for each in opened:
        gone = _returned(each, drafts[each.sold.id] if each.sold else Draft(), held[each.booked.id], work.now)
        done.setdefault(each.booked.package_id, []).append((each.booked, gone))
    alone = len(done) == 1 and None not in done  # then the act's own operation is the package's
    postings = [
        _posted(work if alone else work.another(), reason, sold[package_id], draft, done[package_id])
        for package_id, draft in drafts.items()
    ]
    returned = [gone for its in done.values() for _, gone in its]
    return sorted(returned, key=lambda gone: (gone.starts_at, gone.booking_id)), postings


def _returned(opened: Open, draft: Draft, held: dict[str, int], now: datetime) -> BookingReturned:
    booked, sold = opened.booked, opened.sold
    parts = rules.split(held, 0)
    replaced = settling.give_back(draft, booked, sold, parts, by_business=True, now=now) if sold else ()
    return BookingReturned(
        booked.id, booked.package_id, booked.customer_id, booked.starts_at, sum(held.values()), replaced
    )


def _posted(
    work: Work, reason: str, sold: Sold, draft: Draft, done: Sequence[tuple[Booked, BookingReturned]]
) -> Posted:
    mine = BookingsCancelled(tuple(each for _, each in done))
    posting = Posting(sold.id, sold.version, sold.currency, local_date(work.now, sold.home_time_zone), draft)
    whole = recorded(mine, [booked for booked, _ in done], reason)
    whole = replace(
        whole,
        branch_id=whole.branch_id or sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=whole.customer_id or sold.holder_id,
    )
    return Posted(work, posting, whole)


def recorded(outcome: BookingsCancelled, bookings: Sequence[Booked], reason: str) -> Recorded:
    """What the operation says of these bookings: the branch and the customer, where it is one."""
    branches, customers = {booked.branch_id for booked in bookings}, {booked.customer_id for booked in bookings}
    return Recorded(
        outcome,
        branch_id=branches.pop() if len(branches) == 1 else None,
        customer_id=customers.pop() if len(customers) == 1 else None,
        reason=reason,
    )
