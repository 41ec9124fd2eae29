"""Lapses that the clock has decided and no sweep has written down yet, told as the sweep will write them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ledger.rules import LIVE, Bucket, released
from domain.packages.rules import lapsed_by
from domain.packages.trace import Moved, Trace


@dataclass(frozen=True, slots=True)
class Home:
    """Where a package is at home, and since when a payment for it is disputed."""

    branch_id: str
    branch: str
    disputed_at: datetime | None


def unposted(traces: Sequence[Trace], lapses_at: Mapping[str, datetime], home: Home, now: datetime) -> list[Trace]:
    """What remains to be told after these traces of a package: the lots that have lapsed by now, in that order."""
    moves = [trace.what for trace in traces if isinstance(trace.what, Moved)]
    available, left, value = _counts(moves)
    due = [lot_id for lot_id in available if available[lot_id] and lapsed_by(lapses_at[lot_id], home.disputed_at, now)]
    issued = {move.lot_id: move for move in moves if move.source is Bucket.ISSUED}
    return [
        Trace(
            operation_id=None,
            act="lapse_package",
            recorded_at=now,
            effective_at=lapses_at[lot_id],
            branch_id=home.branch_id,
            branch=home.branch,
            what=Moved(
                lot_id=lot_id,
                origin=issued[lot_id].origin,
                bonus=issued[lot_id].bonus,
                item=issued[lot_id].item,
                source=Bucket.AVAILABLE,
                target=Bucket.EXPIRED,
                sessions=available[lot_id],
                value_minor=released(value[lot_id], available[lot_id], left[lot_id]),
                service_id=None,
                service=None,
            ),
        )
        for lot_id in sorted(due, key=lambda lot_id: (lapses_at[lot_id], lot_id))
    ]


def _counts(moves: Sequence[Moved]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Of each lot the sessions available, those that carry value, and that value."""
    available: Counter[str] = Counter()
    left: Counter[str] = Counter()
    value: Counter[str] = Counter()
    for move in moves:
        live = (move.target in LIVE) - (move.source in LIVE)
        here = (move.target is Bucket.AVAILABLE) - (move.source is Bucket.AVAILABLE)
        available[move.lot_id] += here * move.sessions
        left[move.lot_id] += live * move.sessions
        value[move.lot_id] += live * move.value_minor
    return available, left, value
