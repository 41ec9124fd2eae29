"""Reschedule: the visit moves, and with it the sessions held; what it was before stays in its story."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.bookings import locking, rules
from domain.bookings.booked import Booked
from domain.bookings.checking import MOST_DAYS, MOST_MINUTES, check_start
from domain.bookings.errors import BookingInPast, BookingStarted, NoReschedulesLeft, TooLateToReschedule
from domain.bookings.locking import Open
from domain.bookings.moving import BookingRescheduled, leave, move, opened_to_move, stands
from domain.bookings.rules import Start
from domain.catalog.terms import Missed
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act
from domain.packages import store as packages
from domain.packages.sold import Place


@dataclass(frozen=True, slots=True)
class RescheduleBooking:
    """When the visit is to be instead; where, with whom and how long, unless left out, as before."""

    booking_id: str
    start: Start
    branch_id: str | None = None
    practitioner_id: str | None = None
    minutes: int | None = None
    reason: str = ""


@act
async def reschedule_booking(work: Work, command: RescheduleBooking) -> BookingRescheduled:
    """Move the hold to lots that can be used at the new start; those that hold now are kept where they can.

    As often as the terms allow and, where a late cancellation costs the session, only as long as cancelling is free;
    later a manager may. To where and when it is anyway is no move. Refuses what booking anew would, a visit that has
    started, and a booking that has ended.
    """
    booked = await locking.found(work, command.booking_id)
    command = _checked(command, work.now)
    opened = await opened_to_move(work, booked)
    place = await _place(work, opened.booked, command)
    span = rules.span(command.start, place.time_zone, command.minutes or opened.booked.minutes)
    if span.starts_at < work.now:
        raise BookingInPast(span.starts_at, work.now)
    if stands(opened.booked, place, span):
        return await leave(work, opened, command.reason)
    refuse_move(work, opened)
    return await move(work, opened, place, span, command.reason)


def _checked(command: RescheduleBooking, now: datetime) -> RescheduleBooking:
    checks = Checks()
    check_start(checks, command.start, now + timedelta(days=MOST_DAYS), "start")
    if command.minutes is not None:
        checks.between(command.minutes, 1, MOST_MINUTES, "minutes")
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


async def _place(work: Work, booked: Booked, command: RescheduleBooking) -> Place:
    branch_id = booked.branch_id if command.branch_id is None else command.branch_id
    if branch_id != booked.branch_id:
        work.authorise(branch_id, booked.customer_id)
    practitioner_id = booked.practitioner_id if command.practitioner_id is None else command.practitioner_id
    return await packages.place(work, branch_id, booked.service_id, practitioner_id, booked.customer_id)


def refuse_move(work: Work, opened: Open) -> None:
    """Refuse a visit that has started, one moved too often, and one that may no longer be cancelled for nothing."""
    booked = opened.booked
    if work.now >= booked.starts_at:
        raise BookingStarted(booked.id, booked.starts_at)
    allowed = opened.cancellation.reschedules
    if allowed is not None and booked.reschedules >= allowed:
        raise NoReschedulesLeft(booked.id, allowed)
    until = rules.free_until(opened.cancellation, booked.starts_at, booked.time_zone)
    if opened.cancellation.late is Missed.CONSUME and work.now > until and not work.actor.manages(booked.branch_id):
        raise TooLateToReschedule(booked.id, until)
