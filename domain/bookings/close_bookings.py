"""Closing what was left open: bookings whose end has passed are completed where the chain says so, else flagged."""

from typing import Any

from domain.bookings import store
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.flag_booking import FlagBooking
from domain.kernel import clock
from domain.kernel.access import Actor, system
from domain.kernel.commands import run_command
from domain.kernel.errors import Refusal, Unavailable


async def close_bookings(at_most: int = 200, failing: dict[str, Exception] | None = None) -> int:
    """Close some of those that are due, each by an act of its own, and say how many; none is due when it says 0.

    One with which Carnet fails is put down in `failing`, and those put down there are passed over.
    """
    failing = {} if failing is None else failing
    while due := await store.left_open(clock.now(), at_most, failing):
        closed = sum([await _closed(row, failing) for row in due])
        if closed:
            return closed
    return 0


async def _closed(row: dict[str, Any], failing: dict[str, Exception]) -> bool:
    try:
        await _close(system(row["chain_id"]), row["id"], completes=row["open_bookings"] == "COMPLETE")
    except Unavailable:
        raise
    except Exception as error:
        error.add_note(f"This is about the booking {row['id']}.")
        failing[row["id"]] = error
        return False
    return True


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
