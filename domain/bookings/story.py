"""The stories of bookings: what each operation made of them, and of the sessions they hold."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from domain.bookings.rules import Cause
from domain.bookings.view import Change, ChangeKind, SessionsMoved, effect_of
from domain.kernel.db import rows
from domain.ledger.rules import Bucket


async def stories_of(booking_ids: Sequence[str]) -> dict[str, list[Change]]:
    """Every change of each booking, in the order they were carried out, in one statement.

    An operation that moved sessions of a booking is told although it changed nothing else of it, as the reversal of
    a redemption does. The caller has made sure that the actor may see the bookings.
    """
    found = await rows(
        """SELECT told.booking_id, o.id AS operation_id, o.act, o.recorded_at, o.effective_at, o.reverses,
            c.kind, c.branch_id, c.practitioner_id, c.starts_at, c.ends_at, c.cause, c.note, m.lot_id, m.source,
            m.target, m.sessions
        FROM (SELECT booking_id, operation_id FROM booking_change WHERE booking_id = ANY($1)
            UNION SELECT booking_id, operation_id FROM movement WHERE booking_id = ANY($1)) told
        JOIN operation o ON o.id = told.operation_id
        LEFT JOIN booking_change c ON c.operation_id = o.id AND c.booking_id = told.booking_id
        LEFT JOIN movement m ON m.operation_id = o.id AND m.booking_id = told.booking_id
        ORDER BY told.booking_id, o.seq, c.id, m.id""",
        list(booking_ids),
    )
    stories: dict[str, list[Change]] = {booking_id: [] for booking_id in booking_ids}
    for (booking_id, _), group in groupby(found, key=lambda row: (row["booking_id"], row["operation_id"])):
        stories[booking_id].append(_change(list(group)))
    return stories


def _change(group: Sequence[dict[str, Any]]) -> Change:
    """An operation changes a booking once, and moves its sessions any number of times."""
    row = group[0]
    names = ("operation_id", "act", "recorded_at", "effective_at", "branch_id", "practitioner_id")
    return Change(
        **{name: row[name] for name in names},
        kind=_kind(row),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        cause=Cause(row["cause"]) if row["cause"] else None,
        note=row["note"] or "",
        moved=tuple(moved for each in group if (moved := _moved(each)) is not None),
    )


def _kind(row: dict[str, Any]) -> ChangeKind:
    if row["kind"] is not None:
        return ChangeKind(row["kind"])
    return ChangeKind.REVERSED if row["reverses"] is not None else ChangeKind.OTHER


def _moved(row: dict[str, Any]) -> SessionsMoved | None:
    if row["lot_id"] is None:
        return None
    effect = effect_of(Bucket(row["source"]), Bucket(row["target"]))
    return SessionsMoved(row["lot_id"], effect, row["sessions"]) if effect else None
