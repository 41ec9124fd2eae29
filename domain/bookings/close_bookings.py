"""Closing what was left open: bookings whose end has passed are completed where the chain says so, else flagged."""

from domain.bookings import store
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.flag_booking import FlagBooking
from domain.kernel import clock
from domain.kernel.access import Actor, system
from domain.kernel.commands import run_command
from domain.kernel.errors import Refusal


async def close_bookings(at_most: int = 200) -> int:
    """Close some of those that are due, each by an act of its own, and say how many; none is due when it says 0."""
    due = await store.left_open(clock.now(), at_most)
    for row in due:
        await _close(system(row["chain_id"]), row["id"], completes=row["open_bookings"] == "COMPLETE")
    return len(due)


async def _close(actor: Actor, booking_id: str, completes: bool) -> None:
    """What cannot be completed is flagged with the reason; what has ended meanwhile is left as it is."""
    reason = ""
    if completes:
        try:
            await run_command(actor, CompleteBooking(booking_id))
        except Refusal as refusal:
            reason = refusal.message
        else:
            return
    await run_command(actor, FlagBooking(booking_id, reason))
