"""Lapses that the clock has decided and no sweep has written down yet, told as the sweep will write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.branches.settings import LapseTax
from domain.ledger.rules import LIVE, Bucket, released
from domain.packages.rules import lapsed_by
from domain.packages.trace import Moved, Revalued, Trace


@dataclass(frozen=True, slots=True)
class Home:
    """Where a package is at home, since when a payment for it is disputed, and what its chain does with tax."""

    branch_id: str
    branch: str
    disputed_at: datetime | None
    lapse_tax: LapseTax = LapseTax.NONE


@dataclass(slots=True)
class _Left:
    """Of a lot the sessions available, those that carry value, that value and the tax in it."""

    available: int = 0
    live: int = 0
    value: int = 0
    tax: int = 0


def unposted(traces: Sequence[Trace], lapses_at: Mapping[str, datetime], home: Home, now: datetime) -> list[Trace]:
    """What remains to be told after these traces of a package: the lots that have lapsed by now, in that order."""
    left = _left(traces)
    due = [lot_id for lot_id in left if left[lot_id].available and lapsed_by(lapses_at[lot_id], home.disputed_at, now)]
    moves = [trace.what for trace in traces if isinstance(trace.what, Moved)]
    issued = {move.lot_id: move for move in moves if move.source is Bucket.ISSUED}
    return [
        Trace(
            operation_id=None,
            act="lapse_package",
            recorded_at=now,
            effective_at=lapses_at[lot_id],
            branch_id=home.branch_id,
            branch=home.branch,
            what=_lapsed(issued[lot_id], left[lot_id], home.lapse_tax),
        )
        for lot_id in sorted(due, key=lambda lot_id: (lapses_at[lot_id], lot_id))
    ]


def _lapsed(issued: Moved, left: _Left, lapse_tax: LapseTax) -> Moved:
    value = released(left.value, left.available, left.live)
    tax = released(left.tax, left.available, left.live)
    return Moved(
        lot_id=issued.lot_id,
        origin=issued.origin,
        bonus=issued.bonus,
        item=issued.item,
        source=Bucket.AVAILABLE,
        target=Bucket.EXPIRED,
        sessions=left.available,
        value_minor=value,
        service_id=None,
        service=None,
        tax_minor=tax,
        breakage_minor=value - tax if lapse_tax is LapseTax.DUE else value,
    )


def _left(traces: Sequence[Trace]) -> dict[str, _Left]:
    found: dict[str, _Left] = {}
    for trace in traces:
        if isinstance(trace.what, Moved):
            _count(found.setdefault(trace.what.lot_id, _Left()), trace.what)
        elif isinstance(trace.what, Revalued):
            found[trace.what.lot_id].value += trace.what.value_change_minor
    return found


def _count(left: _Left, move: Moved) -> None:
    live = (move.target in LIVE) - (move.source in LIVE)
    left.available += ((move.target is Bucket.AVAILABLE) - (move.source is Bucket.AVAILABLE)) * move.sessions
    left.live += live * move.sessions
    left.value += live * move.value_minor
    left.tax += live * move.tax_minor
