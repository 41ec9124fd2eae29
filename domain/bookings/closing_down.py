"""Calls off what is still to come at a branch that closes, a few visits at a time."""

from collections.abc import Awaitable, Callable

from domain.bookings import store
from domain.bookings.calling_off import CancelBookingByBusiness
from domain.bookings.cancel_booking_by_business import call_off, cancel_booking_by_business
from domain.bookings.errors import NothingToCancel
from domain.bookings.rules import Cause
from domain.kernel.sweeps import Sweep, run_sweep


async def close_down(
    chain_id: str, branch_id: str, reason: str, at_most: int, noted: Callable[[int], Awaitable[None]]
) -> int:
    """Cancel the next of the bookings by the business, as one act; how many there were, 0 when none is to come.

    How many is `noted` along with it.
    """

    async def attempt(sweep: Sweep) -> int:
        chosen = [
            booked
            for time_zone in await store.time_zones(chain_id, branch_id)
            for booked in await store.expected(chain_id, time_zone, sweep.now, None, at_most, branch_id)
        ]
        if not chosen:
            return 0
        command = CancelBookingByBusiness(Cause.CLOSURE, branch_id=branch_id, reason=reason)
        cancelled = await call_off(sweep.operation(chain_id), chosen, command)
        await noted(len(cancelled.bookings))
        return len(cancelled.bookings)

    try:
        return await run_sweep(cancel_booking_by_business.__name__, attempt)
    except NothingToCancel:  # all of them were ended or moved while this one waited for them
        return 0
