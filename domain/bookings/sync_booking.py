"""Sync: what an outside scheduler says of a booking, however often and in whatever order it says it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.bookings import ending, rules, store
from domain.bookings.book_session import (
    EARLIEST_YEAR,
    MOST_ATTACHMENTS,
    MOST_DAYS,
    MOST_MINUTES,
    MOST_SESSIONS,
    attachments_of,
    check_time,
)
from domain.bookings.booked import Attachment, Booked, ExternalRef
from domain.bookings.confirm import confirm
from domain.bookings.errors import BookingEnded, BookingInPast, BookingNotStarted
from domain.bookings.reschedule_booking import move, opened_to_move
from domain.bookings.rules import Ending, Span, State
from domain.bookings.visit import visit_at
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.packages import store as packages
from domain.packages.sold import Place

_ACTS = {
    State.COMPLETED: "complete_booking",
    State.CANCELLED: "cancel_booking",
    State.NO_SHOW: "mark_no_show",
    State.CANCELLED_BY_BUSINESS: "cancel_booking_by_business",
}


@dataclass(frozen=True, slots=True)
class SyncBooking:
    """A booking in full, as it stood in the scheduler at an instant.

    `state` is one of CONFIRMED, COMPLETED, CANCELLED, NO_SHOW and CANCELLED_BY_BUSINESS; whether a cancellation is
    late is decided here.
    """

    external: ExternalRef
    told_at: datetime
    state: State
    service_id: str
    branch_id: str
    customer_id: str
    starts_at: datetime
    minutes: int | None = None
    sessions: int = 1
    practitioner_id: str | None = None
    package_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    reason: str = ""


class Effect(StrEnum):
    """What came of it."""

    BOOKED = "BOOKED"
    MOVED = "MOVED"
    ENDED = "ENDED"
    NOTED = "NOTED"
    STALE = "STALE"


@dataclass(frozen=True, slots=True)
class BookingSynced:
    """What was done, in its order; STALE alone when something newer had been said, NOTED alone when it was known."""

    booking_id: str
    state: str
    effects: tuple[Effect, ...]


@act
async def sync_booking(work: Work, command: SyncBooking) -> BookingSynced:
    """Bring the booking to what the scheduler says, unless something newer has been said before.

    What is new is booked and ended by the same rules as everywhere; a cancellation that comes before its booking is
    kept, so that the booking, when it comes, holds nothing. Refuses what those acts refuse, and a booking that has
    ended in another way.
    """
    work.authorise(command.branch_id)
    command = _checked(command, work.now)
    place = await packages.place(
        work, command.branch_id, command.service_id, command.practitioner_id, command.customer_id
    )
    known = await _known(work, command)
    if known is not None:
        booked, effects = await _told_again(work, command, place, known)
    else:
        booked, effects = await _told_first(work, command, place)
    outcome = BookingSynced(booked.id, booked.state.value, effects)
    await record(
        work,
        Recorded(
            outcome,
            effective_at=command.told_at,
            branch_id=command.branch_id,
            customer_id=booked.customer_id,
            reason=command.reason,
        ),
    )
    if known is None and booked.package_id is None and booked.ended_at is not None:
        await store.note_changes([(work.operation_id, booked, booked.state.value, command.reason)])
    return outcome


async def _known(work: Work, command: SyncBooking) -> Booked | None:
    """The booking the scheduler speaks of; what it says of one is heard one after the other, by the customer's lock."""
    known = await store.referred(work.chain_id, command.external)
    await store.lock_persons(work, await store.persons(known.id) if known else [command.customer_id])
    known = await store.referred(work.chain_id, command.external)
    if known is not None:
        work.authorise(known.branch_id)
    return known


def _checked(command: SyncBooking, now: datetime) -> SyncBooking:
    checks = Checks()
    source = checks.required(command.external.source, 40, "externalRef", "source")
    reference = checks.required(command.external.reference, 120, "externalRef", "reference")
    checks.between(command.sessions, 1, MOST_SESSIONS, "sessions")
    if command.minutes is not None:
        checks.between(command.minutes, 1, MOST_MINUTES, "minutes")
    checks.that(command.told_at <= now + timedelta(minutes=5), "toldAt lies in the future.", "toldAt")
    checks.that(command.told_at.year >= EARLIEST_YEAR, f"toldAt lies before {EARLIEST_YEAR}.", "toldAt")
    checks.that(command.state is not State.LATE_CANCELLED, "Say CANCELLED; the terms tell whether it is late.", "state")
    latest = now + timedelta(days=MOST_DAYS)
    check_time(checks, command.starts_at.replace(tzinfo=None), latest, "startsAt")
    attachments = attachments_of(checks, command.attachments)
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    external = ExternalRef(source, reference)
    return replace(command, external=external, attachments=attachments, reason=reason)


async def _told_first(work: Work, command: SyncBooking, place: Place) -> tuple[Booked, tuple[Effect, ...]]:
    if command.state in (State.CANCELLED, State.CANCELLED_BY_BUSINESS):
        booked = await _called_off(work, command, place)
        return booked, (Effect.NOTED,)
    booked = await _book(work, command, place)
    if command.state is State.CONFIRMED:
        return booked, (Effect.BOOKED,)
    return await _end(work, command, booked), (Effect.BOOKED, Effect.ENDED)


async def _told_again(
    work: Work, command: SyncBooking, place: Place, known: Booked
) -> tuple[Booked, tuple[Effect, ...]]:
    if known.told_at is not None and command.told_at <= known.told_at:
        return known, (Effect.STALE,)
    if known.customer_id != command.customer_id or known.service_id != command.service_id:
        raise NotFound("booking of this customer and service", command.external.reference, "externalRef", "reference")
    if known.state is not State.CONFIRMED:
        _refuse_another_end(known, command)
        return await _note(known, command), (Effect.NOTED,)
    _refuse_other_sessions(known, command)
    effects: tuple[Effect, ...] = ()
    booked = known
    if _differs(known, command, place):
        booked, effects = await _move(work, command, place, known), (Effect.MOVED,)
    if command.state is not State.CONFIRMED:
        booked, effects = await _end(work, command, booked), (*effects, Effect.ENDED)
    return await _note(booked, command), effects or (Effect.NOTED,)


def _refuse_another_end(known: Booked, command: SyncBooking) -> None:
    late = known.state is State.LATE_CANCELLED and command.state is State.CANCELLED
    if known.state is not command.state and not late:
        raise BookingEnded(known.id, known.state.value, known.ended_at or command.told_at)


def _refuse_other_sessions(known: Booked, command: SyncBooking) -> None:
    """How many come is settled when the sessions are held; whoever calls it off need not know."""
    comes = command.state in (State.CONFIRMED, State.COMPLETED)
    checks = Checks()
    checks.that(
        not comes or command.sessions == known.sessions,
        f"The booking holds {known.sessions}. Cancel it and send another, or book the others besides.",
        "sessions",
    )
    checks.passed()


async def _note(known: Booked, command: SyncBooking) -> Booked:
    """Note the hour of the message, and what it attaches."""
    together = tuple(dict.fromkeys((*known.attachments, *command.attachments)))
    checks = Checks()
    checks.that(len(together) <= MOST_ATTACHMENTS, f"A booking has at most {MOST_ATTACHMENTS}.", "attachments")
    checks.passed()
    noted = replace(known, told_at=command.told_at, attachments=together)
    await store.note_told(noted)
    return noted


def _span(command: SyncBooking, minutes: int) -> Span:
    return Span(command.starts_at, command.starts_at + timedelta(minutes=command.minutes or minutes))


def _differs(known: Booked, command: SyncBooking, place: Place) -> bool:
    same_place = (known.branch_id, known.practitioner_id) == (place.branch_id, place.practitioner_id)
    return not same_place or known.span != _span(command, known.minutes)


async def _book(work: Work, command: SyncBooking, place: Place) -> Booked:
    visit = await visit_at(
        place,
        command.service_id,
        customer_id=command.customer_id,
        companion_ids=(),
        sessions=command.sessions,
        package_id=command.package_id,
        external=command.external,
        attachments=command.attachments,
        told_at=command.told_at,
    )
    earliest = work.now - timedelta(days=place.backdate_days)
    if command.starts_at < earliest:
        raise BookingInPast(command.starts_at, earliest)
    span = _span(command, visit.offered.duration_minutes)
    made = await confirm(work.another("book_session"), visit, [span], command.reason)
    booked = await store.booking(work.chain_id, made.bookings[0].booking_id)
    assert booked is not None
    return booked


async def _move(work: Work, command: SyncBooking, place: Place, known: Booked) -> Booked:
    opened = await opened_to_move(work, known)
    await move(work.another("reschedule_booking"), opened, place, _span(command, known.minutes), command.reason)
    moved = await store.booking(work.chain_id, known.id)
    assert moved is not None
    return moved


async def _end(work: Work, command: SyncBooking, booked: Booked) -> Booked:
    opened = await ending.opened(work, booked)
    at = min(command.told_at, work.now)
    chosen = _chosen(opened, command, at)
    if chosen.state in (State.COMPLETED, State.NO_SHOW):
        _refuse_early(opened.booked, chosen.state, work.now)
        at = min(opened.booked.starts_at, work.now)
    await ending.end(work.another(_ACTS[command.state]), opened, chosen, at, command.reason)
    return replace(opened.booked, state=chosen.state)


def _refuse_early(booked: Booked, state: State, now: datetime) -> None:
    """A visit may be completed on its day, and is missed when it has started."""
    zone = booked.time_zone
    same_day = state is State.COMPLETED and local_date(now, zone) == local_date(booked.starts_at, zone)
    if now < booked.starts_at and not same_day:
        raise BookingNotStarted(booked.id, booked.starts_at)


def _chosen(opened: ending.Open, command: SyncBooking, at: datetime) -> Ending:
    booked = opened.booked
    if command.state is State.CANCELLED:
        return rules.cancelled(opened.cancellation, booked.starts_at, booked.time_zone, at, booked.sessions)
    if command.state is State.NO_SHOW:
        return rules.missed(opened.cancellation, booked.sessions)
    if command.state is State.CANCELLED_BY_BUSINESS:
        return Ending(State.CANCELLED_BY_BUSINESS, 0, by_business=True)
    return rules.completed(opened.cancellation, booked.sessions, booked.sessions)


async def _called_off(work: Work, command: SyncBooking, place: Place) -> Booked:
    """A booking that was called off before it was heard of; it holds nothing when it comes after all."""
    offered = await store.offered(command.service_id, place.branch_id)
    span = _span(command, offered.duration_minutes if offered else 60)
    booked = Booked(
        id=new_id("bkg"),
        branch_id=place.branch_id,
        time_zone=place.time_zone,
        service_id=command.service_id,
        practitioner_id=place.practitioner_id,
        customer_id=command.customer_id,
        package_id=None,
        series_id=None,
        source=command.external.source,
        external_ref=command.external.reference,
        told_at=command.told_at,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        sessions=command.sessions,
        charged=0,
        state=command.state,
        version=1,
        reschedules=0,
        booked_at=work.now,
        ended_at=work.now,
        flagged_at=None,
        attachments=command.attachments,
    )
    await store.insert_bookings(work, [booked], [command.customer_id])
    return booked
