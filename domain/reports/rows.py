"""The rows behind a figure: the lines and sessions that add up to it, page by page, exactly."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.calendar import local_date
from domain.ledger.accounts import Account, Event, PaymentMethod
from domain.reports import rows_store as store
from domain.reports.figures import Deliveries, Figure, Lines, Moved, Parts, Source
from domain.reports.rows_store import Leaf, Place
from domain.reports.sessions_store import zones

_LEGS = 40
"""So many sources are read in one statement; only sums over long lists have more."""
_MOST = 2**63
"""No row has an id as high as that."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A journal line, or sessions used, with the sign with which it counts in the figure.

    `value` is in minor units, or a number of sessions; `place` is where a page behind it begins.
    """

    place: Place
    posted_on: date
    effective_at: datetime
    value: int
    account: Account | None
    event: Event | None
    branch_id: str
    package_id: str | None
    service_id: str | None
    payment_method: PaymentMethod | None
    operation_id: str
    counts_sessions: bool


def counts_sessions(source: Source) -> bool:
    """Whether a figure of this source is a number of sessions, and not an amount."""
    if isinstance(source, Parts):
        return bool(source.figures) and all(counts_sessions(figure.source) for figure in source.figures)
    return not isinstance(source, Lines) and not (isinstance(source, Deliveries) and source.known)


def leaves(figure: Figure) -> list[Leaf]:
    """The sources that a figure comes down to, in the order in which they are shown."""
    return [Leaf(number, source, sign) for number, (source, sign) in enumerate(_sources(figure, 1))]


def _sources(figure: Figure, sign: int) -> Iterator[tuple[Lines | Moved, int]]:
    sign *= figure.sign
    if isinstance(figure.source, Parts):
        for part in figure.source.figures:
            yield from _sources(part, sign)
    else:
        yield figure.source, sign


def is_place(figure: Figure, place: Place) -> bool:
    """Whether a row of the figure can lie there: sessions are found by their instant, lines by their day."""
    found = [leaf for leaf in leaves(figure) if leaf.number == place.leaf]
    by_instant = isinstance(place.moment, datetime)
    return 0 <= place.id < _MOST and any(by_instant != isinstance(leaf.source, Lines) for leaf in found)


async def rows_of(actor: Actor, figure: Figure, limit: int, after: Place | None = None) -> list[FigureRow]:
    """So many rows behind the figure, from the one after a place on, of the branches whose books the actor may read.

    One statement, and one more where sessions are counted: a branch's days go by its own clock.
    """
    waiting = [leaf for leaf in leaves(figure) if after is None or leaf.number >= after.leaf]
    clocks = await zones(actor) if any(not isinstance(leaf.source, Lines) for leaf in waiting) else []
    counts = {leaf.number: counts_sessions(leaf.source) for leaf in waiting}
    found: list[FigureRow] = []
    while waiting and len(found) < limit:
        some, waiting = waiting[:_LEGS], waiting[_LEGS:]
        rows = await store.rows_behind(actor, some, clocks, limit - len(found), after)
        found += [_row(row, counts[row["leaf"]]) for row in rows]
    return found


def _row(row: dict[str, Any], counts: bool) -> FigureRow:
    effective_at = _instant(row["effective_at"])
    zone = row["time_zone"]
    day = local_date(effective_at, zone) if zone else _day(row["day"])
    return FigureRow(
        place=Place(row["leaf"], effective_at if zone else day, row["id"]),
        posted_on=day,
        effective_at=effective_at,
        value=int(row["value"]),
        account=Account(row["account"]) if row["account"] else None,
        event=Event(row["event"]) if row["event"] else None,
        branch_id=row["branch_id"],
        package_id=row["package_id"],
        service_id=row["service_id"],
        payment_method=PaymentMethod(row["payment_method"]) if row["payment_method"] else None,
        operation_id=row["operation_id"],
        counts_sessions=counts,
    )


def _day(value: date | str) -> date:
    """SQLite forgets the types of columns that come through a union."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _instant(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
