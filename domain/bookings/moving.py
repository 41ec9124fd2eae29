"""Moving a visit: the hold goes to lots that can be used at the new start, whoever says that it moves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.bookings import locking, persons_store, rules, store, writing_store
from domain.bookings.booked import Booked
from domain.bookings.confirm import LotHeld
from domain.bookings.errors import BookingOverlaps, ServiceNotOffered
from domain.bookings.locking import Open
from domain.bookings.rules import Span
from domain.bookings.starting import as_started, first_day
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.ledger import store as ledger
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Bucket, Lot
from domain.packages import rules as packages_rules
from domain.packages.blocked_then import refuse_blocked_then
from domain.packages.sold import Place, Sold


@dataclass(frozen=True, slots=True)
class BookingRescheduled:
    """Where the booking stands now, and what remains of the package and why."""

    booking_id: str
    package_id: str | None
    starts_at: datetime
    ends_at: datetime
    held: tuple[LotHeld, ...]
    reschedules: int
    remaining: int
    why: str


async def opened_to_move(work: Work, booked: Booked) -> Open:
    """Lock everybody who comes, then the package and the booking; refuses one that has ended."""
    await persons_store.lock(work, await persons_store.coming_to(booked.id))
    return await locking.opened(work, booked)


async def move(work: Work, opened: Open, place: Place, span: Span, reason: str) -> BookingRescheduled:
    """Move a booking whose package and persons are locked.

    Refuses a place where the service is not to be had then, and persons who are expected elsewhere.
    """
    booked, sold = opened.booked, opened.sold
    packages_rules.refuse_closed(place, span.starts_at)
    if place.branch_id != booked.branch_id and await store.offered(booked.service_id, place.branch_id) is None:
        raise ServiceNotOffered(booked.service_id, place.branch_id)
    await _refuse_overlap(booked, span)
    if sold and booked.charged < booked.sessions:
        await refuse_blocked_then(sold, span.starts_at, work.now)
    lots = await ledger.lots_of([sold.id]) if sold else []
    held = (await ledger.held_for([booked.id]))[booked.id] if sold else {}
    starts_on = await first_day(sold, lots, span.starts_at, but=booked.id) if sold else None
    draft = _moved(opened, place, span, lots, held, work.now, starts_on)
    moved = replace(
        booked,
        branch_id=place.branch_id,
        practitioner_id=place.practitioner_id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        reschedules=booked.reschedules + 1,
        flagged_at=None,
    )
    outcome = _outcome(moved, draft, held, work.now)
    await post(work, _posting(opened, draft, work.now), _recorded(moved, sold, outcome, reason))
    await writing_store.change([moved])
    await writing_store.note_changes([(work.operation_id, moved, "RESCHEDULED", reason)])
    return outcome


def stands(booked: Booked, place: Place, span: Span) -> bool:
    """Whether the visit is there and then anyway, with the same practitioner."""
    same_place = (booked.branch_id, booked.practitioner_id) == (place.branch_id, place.practitioner_id)
    return same_place and booked.span == span


async def leave(work: Work, opened: Open, reason: str) -> BookingRescheduled:
    """Leave a booking that is locked as it stands: nothing moves, and no move is counted."""
    booked, sold = opened.booked, opened.sold
    draft = Draft(await ledger.lots_of([sold.id]) if sold else [])
    held = (await ledger.held_for([booked.id]))[booked.id] if sold else {}
    outcome = _outcome(booked, draft, held, work.now)
    await post(work, _posting(opened, draft, work.now), _recorded(booked, sold, outcome, reason))
    return outcome


async def _refuse_overlap(booked: Booked, span: Span) -> None:
    persons = await persons_store.coming_to(booked.id)
    for clash in await persons_store.busy(persons, span, but=booked.id):
        raise BookingOverlaps(clash.customer_id, clash.span.starts_at, clash.span.ends_at, clash.booking_id)


def _moved(
    opened: Open,
    place: Place,
    span: Span,
    lots: Sequence[Lot],
    held: dict[str, int],
    now: datetime,
    starts_on: date | None,
) -> Draft:
    """The hold as it has to be for the new start: nothing moves where the lots that hold now can be used then."""
    booked, sold = opened.booked, opened.sold
    if sold is None:
        return Draft()
    freed = Draft(lots)
    occasion = Occasion(now, booked.service_id, place.branch_id, place.practitioner_id, booked.id)
    for lot_id, count in reversed(held.items()):
        freed.move(lot_id, Bucket.HELD, Bucket.AVAILABLE, count, occasion)
    sessions = booked.sessions - booked.charged
    if not sessions:
        return Draft(lots)
    then = as_started(freed.after, sold, starts_on)
    if _can_keep(sold, [lot for lot in then if lot.id in held], place, booked, span, now):
        return Draft(lots)
    chosen = packages_rules.lots_to_use(
        sold, then, place, booked.service_id, sessions, span.starts_at, booked_at=booked.booked_at
    )
    for lot, count in chosen:
        freed.move(lot.id, Bucket.AVAILABLE, Bucket.HELD, count, occasion)
    return freed


def _can_keep(sold: Sold, lots: Sequence[Lot], place: Place, booked: Booked, span: Span, now: datetime) -> bool:
    """Whether exactly the lots that hold now could be taken; refuses what keeps the package from being used then."""
    packages_rules.refuse_blocked(sold, span.starts_at)
    packages_rules.refuse_place(sold, place)
    return all(
        lot.issued_at <= span.starts_at < packages_rules.last_instant(sold.terms, lot, booked.booked_at)
        and now < packages_rules.last_instant(sold.terms, lot, booked.booked_at)
        for lot in lots
    )


def _outcome(moved: Booked, draft: Draft, held: dict[str, int], now: datetime) -> BookingRescheduled:
    after = dict(held)
    for movement in draft.movements:
        sign = 1 if movement.target is Bucket.HELD else -1
        after[movement.lot_id] = after.get(movement.lot_id, 0) + sign * movement.sessions
    return BookingRescheduled(
        booking_id=moved.id,
        package_id=moved.package_id,
        starts_at=moved.starts_at,
        ends_at=moved.ends_at,
        held=tuple(LotHeld(lot_id, count) for lot_id, count in after.items() if count),
        reschedules=moved.reschedules,
        remaining=packages_rules.remaining(draft.after, now),
        why=rules.why(draft.after, now),
    )


def _posting(opened: Open, draft: Draft, now: datetime) -> Posting:
    sold = opened.sold
    return Posting(
        package_id=sold.id if sold else None,
        package_version=sold.version if sold else None,
        currency=sold.currency if sold else "",
        posted_on=local_date(now, opened.home_time_zone),
        draft=draft,
    )


def _recorded(moved: Booked, sold: Sold | None, outcome: BookingRescheduled, reason: str) -> Recorded:
    return Recorded(
        outcome,
        branch_id=moved.branch_id,
        package_id=sold.id if sold else None,
        package_version=sold.version if sold else None,
        customer_id=moved.customer_id,
        reason=reason,
    )
