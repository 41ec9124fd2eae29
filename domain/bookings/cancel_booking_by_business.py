"""Cancel by the business: one visit, or all that are still to come at a branch, with a practitioner or on some days."""

from collections.abc import Sequence
from dataclasses import replace

from domain.bookings import calling_off, returning, writing_store
from domain.bookings.booked import Booked
from domain.bookings.calling_off import CancelBookingByBusiness as CancelBookingByBusiness
from domain.bookings.locking import Open
from domain.bookings.returning import BookingsCancelled
from domain.bookings.rules import State
from domain.kernel.commands import Work, act, record
from domain.ledger.post import Posted, post_together


@act
async def cancel_booking_by_business(work: Work, command: CancelBookingByBusiness) -> BookingsCancelled:
    """Return every session that the bookings hold; where a lot has lapsed a goodwill lot stands in for it.

    A single booking may have started; of several, only those still to come are cancelled. Refuses when there is none,
    more than 2,000 at once, and a single one that has ended.
    """
    command = calling_off.checked(command)
    return await call_off(work, await calling_off.chosen(work, command), command)


async def call_off(work: Work, chosen: Sequence[Booked], command: CancelBookingByBusiness) -> BookingsCancelled:
    """Cancel those of the chosen bookings that are still to be cancelled once they are locked."""
    opened = await calling_off.opened(work, chosen, command)
    done, postings = await returning.give_back(work, opened, command.reason)
    outcome = BookingsCancelled(tuple(done))
    if not any(posted.work is work for posted in postings):
        bookings = [each.booked for each in opened]
        await record(work, returning.recorded(outcome, bookings, command.reason))
    await post_together(postings)
    await _write_down(work, opened, postings, command)
    return outcome


async def _write_down(
    work: Work, opened: Sequence[Open], postings: Sequence[Posted], command: CancelBookingByBusiness
) -> None:
    cancelled_by = {posted.posting.package_id: posted.work.operation_id for posted in postings}
    ended = [replace(each.booked, state=State.CANCELLED_BY_BUSINESS, ended_at=work.now) for each in opened]
    await writing_store.end_together([each.id for each in ended], State.CANCELLED_BY_BUSINESS, work.now)
    await writing_store.note_changes(
        [
            (cancelled_by.get(each.package_id, work.operation_id), each, each.state.value, command.reason)
            for each in ended
        ],
        command.cause,
    )
