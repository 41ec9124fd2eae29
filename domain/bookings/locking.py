"""Finding a booking and locking it, so that one act at a time decides what becomes of it."""

from dataclasses import dataclass

from domain.bookings import rules, store
from domain.bookings.booked import Booked
from domain.bookings.errors import BookingEnded
from domain.bookings.rules import State
from domain.catalog.terms import Cancellation
from domain.kernel.access import Principal
from domain.kernel.commands import Work
from domain.kernel.db import Outdated
from domain.kernel.errors import NotFound
from domain.packages import store as packages
from domain.packages.sold import Sold


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
    """Lock a booking that was found; refuses where it has been moved to since, if the actor may not act there.

    Where its sessions went along to another package since, that one is to be locked first.
    """
    (own,) = await store.lock(work.chain_id, [booked.id])
    if own.package_id != booked.package_id:
        raise Outdated
    if own.branch_id != booked.branch_id:
        work.authorise(own.branch_id, own.customer_id)
    return own
