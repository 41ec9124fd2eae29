"""Confirming visits: sessions are held for all of them, the bookings are written down, nothing or all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.bookings import persons_store, rules, store, writing_store
from domain.bookings.booked import Booked
from domain.bookings.errors import BookingOverlaps, ExternalRefTaken
from domain.bookings.holding import Dates, Held, hold
from domain.bookings.rules import Span, State
from domain.bookings.visit import Visit
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.kernel.errors import Refusal
from domain.kernel.ids import new_id
from domain.ledger.post import Posting, post
from domain.packages import rules as packages_rules
from domain.packages.errors import BranchClosed
from domain.packages.lapsed import reinstated
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class LotHeld:
    """How many sessions are held in which lot."""

    lot_id: str
    sessions: int


@dataclass(frozen=True, slots=True)
class BookingMade:
    """One visit that was booked: what it holds, and how many of its sessions go to the customer's account."""

    booking_id: str
    starts_at: datetime
    ends_at: datetime
    held: tuple[LotHeld, ...]
    charged: int


@dataclass(frozen=True, slots=True)
class SessionBooked:
    """The visits, and what remains of the package with them and why."""

    package_id: str | None
    service_id: str
    branch_id: str
    series_id: str | None
    bookings: tuple[BookingMade, ...]
    remaining: int
    remaining_of_service: int
    why: str


async def confirm(work: Work, visit: Visit, dates: Dates, reason: str) -> SessionBooked:
    """Book the visit at each of these dates, in their order.

    Refuses persons who are expected elsewhere, who may not use the package, and whatever keeps the package from being
    used then; of several dates all that do not fit, with the reason for each.
    """
    await persons_store.lock(work, visit.persons)
    await _refuse_known(work, visit)
    dates = replace(dates, problems=await _problems(visit, dates))
    held = await hold(work, visit, dates)
    bookings = _bookings(work, visit, dates, held)
    made = _outcome(visit, bookings, held, work.now)
    await writing_store.insert_bookings(work, bookings, visit.persons)
    await post(work, _posting(visit, held, work.now), _recorded(visit, held.sold, made, reason))
    await writing_store.note_changes([(work.operation_id, booked, "BOOKED", "") for booked in bookings])
    return made


async def _refuse_known(work: Work, visit: Visit) -> None:
    if visit.external is None:
        return
    known = await store.referred(work.chain_id, visit.external)
    if known is not None:
        raise ExternalRefTaken(visit.external.source, visit.external.reference, known.id)


async def _problems(visit: Visit, dates: Dates) -> dict[int, Refusal]:
    """The problems that are known; the branch closed for good, or a person expected elsewhere or at another date."""
    whole = Span(dates.spans[0].starts_at, max(span.ends_at for span in dates.spans))
    busy = await persons_store.busy(visit.persons, whole)
    problems = dict(dates.problems)
    before: Span | None = None
    for index, span in enumerate(dates.spans):
        if index in dates.problems:
            continue
        closed_at = visit.place.closed_at
        clash = next((other for other in busy if span.overlaps(other.span)), None)
        if closed_at is not None and span.starts_at >= closed_at:
            problems[index] = BranchClosed(visit.place.branch_id, closed_at)
        elif clash is not None:
            problems[index] = BookingOverlaps(
                clash.customer_id, clash.span.starts_at, clash.span.ends_at, clash.booking_id
            )
        elif before is not None and span.overlaps(before):
            problems[index] = BookingOverlaps(visit.customer_id, before.starts_at, before.ends_at, None)
        before = span
    return problems


def _bookings(work: Work, visit: Visit, dates: Dates, held: Held) -> list[Booked]:
    series_id = new_id("ser") if len(dates.spans) > 1 else None
    return [
        Booked(
            id=booking_id,
            branch_id=visit.place.branch_id,
            time_zone=visit.place.time_zone,
            service_id=visit.service_id,
            practitioner_id=visit.place.practitioner_id,
            customer_id=visit.customer_id,
            package_id=held.sold.id if held.sold else None,
            series_id=series_id,
            source=visit.external.source if visit.external else None,
            external_ref=visit.external.reference if visit.external else None,
            told_at=visit.told_at,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            sessions=visit.sessions,
            charged=charged,
            state=State.CONFIRMED,
            version=1,
            reschedules=0,
            booked_at=work.now,
            ended_at=None,
            flagged_at=None,
            attachments=visit.attachments,
        )
        for booking_id, span, charged in zip(dates.ids, dates.spans, held.short, strict=True)
    ]


def _outcome(visit: Visit, bookings: Sequence[Booked], held: Held, now: datetime) -> SessionBooked:
    lots = held.draft.after
    made = tuple(
        BookingMade(
            booked.id,
            booked.starts_at,
            booked.ends_at,
            tuple(LotHeld(movement.lot_id, movement.sessions) for movement in movements),
            booked.charged,
        )
        for booked, movements in zip(bookings, held.movements, strict=True)
    )
    return SessionBooked(
        package_id=held.sold.id if held.sold else None,
        service_id=visit.service_id,
        branch_id=visit.place.branch_id,
        series_id=bookings[0].series_id,
        bookings=made,
        remaining=packages_rules.remaining(lots, now),
        remaining_of_service=packages_rules.remaining(lots, now, visit.service_id),
        why=rules.why(lots, now),
    )


def _posting(visit: Visit, held: Held, now: datetime) -> Posting:
    zone = held.sold.home_time_zone if held.sold else visit.place.time_zone
    return Posting(
        package_id=held.sold.id if held.sold else None,
        package_version=held.sold.version if held.sold else None,
        currency=held.sold.currency if held.sold else visit.offered.currency,
        posted_on=local_date(now, zone),
        draft=held.draft,
        entries=tuple(reinstated(held.sold, held.draft, now)) if held.sold else (),
    )


def _recorded(visit: Visit, sold: Sold | None, made: SessionBooked, reason: str) -> Recorded:
    return Recorded(
        made,
        branch_id=visit.place.branch_id,
        package_id=sold.id if sold else None,
        package_version=sold.version if sold else None,
        customer_id=visit.customer_id,
        reason=reason,
    )
