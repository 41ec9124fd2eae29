"""Every statement that writes down bookings and what has become of them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from domain.bookings.booked import Booked
from domain.bookings.rules import Cause, State
from domain.kernel.commands import Work
from domain.kernel.db import execute, insert


async def insert_bookings(work: Work, bookings: Sequence[Booked], customer_ids: Sequence[str]) -> None:
    """New bookings, with the customers who come."""
    await insert("booking", [_record(work, booked) for booked in bookings])
    await insert(
        "booking_person",
        [{"booking_id": booked.id, "customer_id": customer_id} for booked in bookings for customer_id in customer_ids],
    )


def _record(work: Work, booked: Booked) -> dict[str, Any]:
    names = [name for name in Booked.__slots__ if name not in ("time_zone", "attachments", "state")]
    return {
        **{name: getattr(booked, name) for name in names},
        "chain_id": work.chain_id,
        "state": booked.state.value,
        "attachments": [asdict(attachment) for attachment in booked.attachments],
    }


async def change(bookings: Sequence[Booked]) -> None:
    """Write down what has become of bookings that are locked; a statement for each."""
    for booked in bookings:
        await execute(
            """UPDATE booking SET version = version + 1, state = $2, branch_id = $3, practitioner_id = $4,
            starts_at = $5, ends_at = $6, charged = $7, reschedules = $8, ended_at = $9, flagged_at = $10,
            told_at = $11, attachments = $12 WHERE id = $1""",
            booked.id,
            booked.state.value,
            booked.branch_id,
            booked.practitioner_id,
            booked.starts_at,
            booked.ends_at,
            booked.charged,
            booked.reschedules,
            booked.ended_at,
            booked.flagged_at,
            booked.told_at,
            [asdict(attachment) for attachment in booked.attachments],
        )


async def change_package(booking_ids: Sequence[str], package_id: str) -> None:
    """Write down that bookings which are locked hold sessions of another package now."""
    await execute(
        "UPDATE booking SET version = version + 1, package_id = $2 WHERE id = ANY($1)", list(booking_ids), package_id
    )


async def end_together(booking_ids: Sequence[str], state: State, ended_at: datetime) -> None:
    """Write down the same end of many bookings that are locked, in one statement."""
    await execute(
        "UPDATE booking SET version = version + 1, state = $2, ended_at = $3 WHERE id = ANY($1)",
        list(booking_ids),
        state.value,
        ended_at,
    )


async def note_changes(changes: Sequence[tuple[str, Booked, str, str]], cause: Cause | None = None) -> None:
    """Append to the stories of bookings: by which operation, the booking as it is now, what happened, and a note.

    The cause is the one that the business gave for calling all of them off.
    """
    await insert(
        "booking_change",
        [
            {
                "booking_id": booked.id,
                "operation_id": operation_id,
                "kind": kind,
                "branch_id": booked.branch_id,
                "practitioner_id": booked.practitioner_id,
                "starts_at": booked.starts_at,
                "ends_at": booked.ends_at,
                "cause": cause.value if cause else None,
                "note": note,
            }
            for operation_id, booked, kind, note in changes
        ],
    )


async def note_told(told: Booked) -> None:
    """Note as of when a scheduler spoke last of a booking, and what it has attached."""
    await execute(
        "UPDATE booking SET told_at = $2, attachments = $3 WHERE id = $1",
        told.id,
        told.told_at,
        [asdict(attachment) for attachment in told.attachments],
    )
