"""Bringing about what a scheduler says of a booking: it is booked, moved, ended and noted by the rules of all."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.bookings import ending, locking, moving, rules, store, writing_store
from domain.bookings.booked import Booked
from domain.bookings.checking import MOST_ATTACHMENTS
from domain.bookings.confirm import confirm
from domain.bookings.errors import BookingInPast, BookingNotStarted
from domain.bookings.holding import Dates
from domain.bookings.locking import Open
from domain.bookings.rules import Ending, State
from domain.bookings.told import SyncBooking
from domain.bookings.visit import visit_at
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.kernel.ids import new_id
from domain.packages.sold import Place

_ACTS = {
    State.COMPLETED: "complete_booking",
    State.CANCELLED: "cancel_booking",
    State.NO_SHOW: "mark_no_show",
    State.CANCELLED_BY_BUSINESS: "cancel_booking_by_business",
}


async def book(work: Work, command: SyncBooking, place: Place) -> Booked:
    """Book what was not heard of before, also when it is over, as far back as the chain lets visits be told."""
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
    _refuse_old(command, place, work.now)
    span = command.span(visit.offered.duration_minutes)
    dates = Dates([span], [new_id("bkg")], {})
    made = await confirm(work.another("book_session"), visit, dates, command.reason)
    booked = await store.booking(work.chain_id, made.bookings[0].booking_id)
    assert booked is not None
    return booked


async def move(work: Work, command: SyncBooking, place: Place, known: Booked) -> Booked:
    """Move it to the time and place that are told; back in time not further than a visit could be booked."""
    if command.starts_at != known.starts_at:
        _refuse_old(command, place, work.now)
    opened = await moving.opened_to_move(work, known)
    span = command.span(known.minutes)
    await moving.move(work.another("reschedule_booking"), opened, place, span, command.reason)
    moved = await store.booking(work.chain_id, known.id)
    assert moved is not None
    return moved


def _refuse_old(command: SyncBooking, place: Place, now: datetime) -> None:
    earliest = now - timedelta(days=place.backdate_days)
    if command.starts_at < earliest:
        raise BookingInPast(command.starts_at, earliest)


async def end(work: Work, command: SyncBooking, booked: Booked) -> Booked:
    """End it as told; what is called off counts from when that was said, but not from before it was booked."""
    opened = _as_told(await locking.opened(work, booked), command)
    chosen = _chosen(opened, command, min(command.told_at, work.now))
    if command.called_off:
        at = max(min(command.told_at, work.now), opened.booked.booked_at)
    else:
        _refuse_early(opened.booked, chosen.state, work.now)
        at = min(opened.booked.starts_at, work.now)
    await ending.end(work.another(_ACTS[command.state]), opened, chosen, at, command.reason)
    return replace(opened.booked, state=chosen.state)


def _as_told(opened: Open, command: SyncBooking) -> Open:
    """Of what is called off only the time is taken over: nothing need be held for when it was to be."""
    if not command.called_off:
        return opened
    span = command.span(opened.booked.minutes)
    return replace(opened, booked=replace(opened.booked, starts_at=span.starts_at, ends_at=span.ends_at))


def _refuse_early(booked: Booked, state: State, now: datetime) -> None:
    """A visit may be completed on its day, and is missed when it has started."""
    zone = booked.time_zone
    same_day = state is State.COMPLETED and local_date(now, zone) == local_date(booked.starts_at, zone)
    if now < booked.starts_at and not same_day:
        raise BookingNotStarted(booked.id, booked.starts_at)


def _chosen(opened: Open, command: SyncBooking, at: datetime) -> Ending:
    booked = opened.booked
    if command.state is State.CANCELLED:
        return rules.cancelled(opened.cancellation, booked.starts_at, booked.time_zone, at, booked.sessions)
    if command.state is State.NO_SHOW:
        return rules.missed(opened.cancellation, booked.sessions)
    if command.state is State.CANCELLED_BY_BUSINESS:
        return Ending(State.CANCELLED_BY_BUSINESS, 0, by_business=True)
    return rules.completed(opened.cancellation, booked.sessions, booked.sessions)


async def called_off(work: Work, command: SyncBooking, place: Place) -> Booked:
    """A booking that was called off before it was heard of; it holds nothing when it comes after all."""
    offered = await store.offered(command.service_id, place.branch_id)
    span = command.span(offered.duration_minutes if offered else 60)
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
    await writing_store.insert_bookings(work, [booked], [command.customer_id])
    return booked


async def note(known: Booked, command: SyncBooking) -> Booked:
    """Note the hour of the message, and what it attaches."""
    together = tuple(dict.fromkeys((*known.attachments, *command.attachments)))
    checks = Checks()
    checks.that(len(together) <= MOST_ATTACHMENTS, f"A booking has at most {MOST_ATTACHMENTS}.", "attachments")
    checks.passed()
    noted = replace(known, told_at=command.told_at, attachments=together)
    await writing_store.note_told(noted)
    return noted
