"""Ending bookings: what they held is used or goes back, once, under the lock of the package."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.bookings import rules, store
from domain.bookings.booked import Booked
from domain.bookings.errors import BookingEnded, ServiceNotOffered
from domain.bookings.rules import Ending, State
from domain.catalog.terms import Cancellation
from domain.kernel.access import Principal
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.kernel.errors import NotFound
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Charged, Entry, Performed
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Bucket
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.freezes import freezes_if_first
from domain.packages.lapsed import bring_back, lapsed_of, lapsed_since, reinstated
from domain.packages.replacement import lost, replace_lapsed
from domain.packages.sold import Sold


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


@dataclass(frozen=True, slots=True)
class Open:
    """A confirmed booking, locked with its package, which is none where all of it goes to the customer's account."""

    booked: Booked
    sold: Sold | None

    @property
    def cancellation(self) -> Cancellation:
        """What cancelling and missing it cost."""
        return self.sold.terms.cancellation if self.sold else rules.NO_TERMS

    @property
    def home_time_zone(self) -> str:
        """The clock of the books."""
        return self.sold.home_time_zone if self.sold else self.booked.time_zone


@dataclass(frozen=True, slots=True)
class Settled:
    """What an ending does to the sessions, in a draft, before it is posted."""

    draft: Draft
    used: tuple[Movement, ...]
    returned: int
    revived_minor: int
    started_on: date | None
    replacement_lot_ids: tuple[str, ...]


async def found(work: Work, booking_id: str) -> Booked:
    """A booking that the actor may act on where it takes place; a customer on his own, others there are none to him."""
    booked = await store.booking(work.chain_id, booking_id)
    if booked is None or (work.actor.kind is Principal.CUSTOMER and booked.customer_id != work.actor.id):
        raise NotFound("booking", booking_id, "bookingId")
    work.authorise(booked.branch_id, booked.customer_id)
    return booked


async def opened(work: Work, booked: Booked) -> Open:
    """Lock the package, then the booking; refuses one that has ended, as only the lock can tell."""
    sold = await packages.lock(work, booked.package_id) if booked.package_id else None
    own = await locked(work, booked)
    if own.state is not State.CONFIRMED or own.ended_at is not None:
        raise BookingEnded(own.id, own.state.value, own.ended_at or work.now)
    return Open(own, sold)


async def locked(work: Work, booked: Booked) -> Booked:
    """Lock a booking that was found; refuses where it has been moved to since, if the actor may not act there."""
    (own,) = await store.lock(work.chain_id, [booked.id])
    if own.branch_id != booked.branch_id:
        work.authorise(own.branch_id, own.customer_id)
    return own


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
        posted_on=local_date(at, opened.home_time_zone),
        draft=settled.draft,
        entries=(*entries_of(opened, settled, work.now), *map(accounts.charge, charges)),
        charges=charges,
    )
    await post(work, posting, _recorded(opened, closed, at, reason))
    await _write_down(work, opened, ending, settled, reason)
    return closed


async def settle(opened: Open, ending: Ending, at: datetime, now: datetime) -> Settled:
    """Use or return what the booking holds."""
    booked, sold = opened.booked, opened.sold
    if sold is None:
        return Settled(Draft(), (), 0, 0, None, ())
    lots = await ledger.lots_of([sold.id])
    held = (await ledger.held_for([booked.id]))[booked.id]
    parts = rules.split(held, ending.used)
    lapsed = await lapsed_of(lots)
    draft = Draft(lots)
    day = packages_rules.first_use(sold, [draft.lots[lot_id] for lot_id, count, _ in parts if count], at)
    # What lapsed comes back before anything is used, so that it is rounded as though no sweep had run.
    of_sale = [lot.id for lot in lots if lot.origin in packages_rules.SOLD] if day else []
    revived = bring_back(draft, of_sale, lapsed_since(lots, lapsed, at), Occasion(now))
    used = _use(draft, booked, sold, parts, at)
    if day is not None:
        draft.redate(packages_rules.started(draft.after, sold, day, await freezes_if_first(sold, at)))
    replaced = give_back(draft, booked, sold, parts, ending.by_business, now)
    if used and ending.state is State.COMPLETED:
        packages_rules.refuse_unpaid(sold, draft.after, lapsed)
    return Settled(draft, used, sum(back for _, _, back in parts), revived, day, replaced)


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


def entries_of(opened: Open, settled: Settled, now: datetime) -> tuple[Entry | None, ...]:
    """The journal's side of what was used."""
    booked, sold = opened.booked, opened.sold
    if sold is None:
        return ()
    performed = Performed(
        package_id=sold.id,
        service_id=booked.service_id,
        home_id=sold.home_branch_id,
        performing_id=booked.branch_id,
        value_minor=sum(movement.carried.value_minor for movement in settled.used),
        tax_minor=sum(movement.carried.tax_minor for movement in settled.used),
        breakage_minor=sum(movement.carried.breakage_minor for movement in settled.used),
    )
    return (
        reinstated(sold, settled.revived_minor, now),
        accounts.session(performed),
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
    await store.change([ended])
    await store.note_changes([(work.operation_id, ended, ending.state.value, reason)])
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
