"""Ending bookings: what they held is used or goes back, once, under the lock of the package."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.bookings import rules, store, writing_store
from domain.bookings.errors import ServiceNotOffered
from domain.bookings.locking import Open
from domain.bookings.rules import Ending
from domain.bookings.settling import Settled, settle
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.ledger import accounts
from domain.ledger.accounts import Charged, Entry
from domain.ledger.post import Posting, post
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.lapsed import reinstated
from domain.packages.performed import performed


@dataclass(frozen=True, slots=True)
class BookingClosed:
    """How a booking ended: what was used, what went back, what was charged, and what remains and why."""

    booking_id: str
    package_id: str | None
    state: str
    used: int
    returned: int
    charged: int
    charged_minor: int
    currency: str
    replacement_lot_ids: tuple[str, ...]
    remaining: int
    remaining_of_service: int
    why: str


async def end(work: Work, opened: Open, ending: Ending, at: datetime, reason: str) -> BookingClosed:
    """Post the end of a booking, effective at the instant, and write down what has become of it.

    Use is refused where the package is disputed or frozen at the start of the visit, and a completed visit beyond what
    is paid where the terms say so. What goes back into a lapsed lot through the business's fault is replaced.
    """
    sold = opened.sold
    settled = await settle(opened, ending, at, work.now)
    charges, currency = await _charges(opened, max(0, ending.used - sum(use.sessions for use in settled.used)))
    closed = _outcome(opened, ending, settled, charges, currency, work.now)
    posting = Posting(
        package_id=sold.id if sold else None,
        package_version=sold.version if sold else None,
        currency=currency,
        posted_on=sold.posted_on(at) if sold else local_date(at, opened.home_time_zone),
        draft=settled.draft,
        entries=(*await _entries(work, opened, settled), *map(accounts.charge, charges)),
        charges=charges,
    )
    await post(work, posting, _recorded(opened, closed, at, reason))
    await _write_down(work, opened, ending, settled, reason)
    return closed


async def _entries(work: Work, opened: Open, settled: Settled) -> tuple[Entry | None, ...]:
    """The journal's side of what was used; between branches by the rate of the day on which the visit starts."""
    booked, sold = opened.booked, opened.sold
    if sold is None:
        return ()
    day = local_date(booked.starts_at, booked.time_zone)
    used = await performed(work, sold, booked.service_id, booked.branch_id, day, settled.used)
    return (
        *reinstated(sold, settled.draft, work.now),
        accounts.session(used),
    )


async def _charges(opened: Open, sessions: int) -> tuple[tuple[Charged, ...], str]:
    """What goes to the customer's account, and the currency of the books."""
    booked, sold = opened.booked, opened.sold
    if sold and not sessions:
        return (), sold.currency
    if not sessions:
        return (), await store.currency(booked.branch_id)
    offered = await store.offered(booked.service_id, booked.branch_id)
    if offered is None:
        raise ServiceNotOffered(booked.service_id, booked.branch_id)
    price = sold.terms.price if sold else None
    at = (booked.customer_id, booked.branch_id, booked.service_id)
    return (packages_rules.charged(*at, sessions, offered.list_price_minor, price, booked.id),), offered.currency


async def _write_down(work: Work, opened: Open, ending: Ending, settled: Settled, reason: str) -> None:
    ended = replace(opened.booked, state=ending.state, ended_at=work.now)
    await writing_store.change([ended])
    await writing_store.note_changes([(work.operation_id, ended, ending.state.value, reason)])
    if opened.sold and settled.started_on is not None:
        await packages.note_first_use(opened.sold.id, settled.started_on)


def _outcome(
    opened: Open, ending: Ending, settled: Settled, charges: Sequence[Charged], currency: str, now: datetime
) -> BookingClosed:
    lots = settled.draft.after
    return BookingClosed(
        booking_id=opened.booked.id,
        package_id=opened.booked.package_id,
        state=ending.state.value,
        used=sum(movement.sessions for movement in settled.used),
        returned=settled.returned,
        charged=sum(each.sessions for each in charges),
        charged_minor=sum(each.amount_minor for each in charges),
        currency=currency,
        replacement_lot_ids=settled.replacement_lot_ids,
        remaining=packages_rules.remaining(lots, now),
        remaining_of_service=packages_rules.remaining(lots, now, opened.booked.service_id),
        why=rules.why(lots, now),
    )


def _recorded(opened: Open, closed: BookingClosed, at: datetime, reason: str) -> Recorded:
    booked, sold = opened.booked, opened.sold
    return Recorded(
        closed,
        effective_at=at,
        branch_id=booked.branch_id,
        package_id=sold.id if sold else None,
        package_version=sold.version if sold else None,
        customer_id=booked.customer_id,
        reason=reason,
    )
