"""A settlement opened: the rows behind its lines, and the proof that they are what the lines say and cancel out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.db import rows
from domain.ledger.accounts import Event
from domain.ledger.journal import readable_books
from domain.settlements import dues_store, reading
from domain.settlements.dues_store import Opened, as_day, as_instant
from domain.settlements.reading import LineView, RunView
from domain.settlements.rules import Dues, Pair, pairs, together
from domain.settlements.states import SettlementState

_LEGS = 40
"""So many lines are opened in one statement."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the rows behind a line: so many after a row."""

    limit: int
    after: int = 0


@dataclass(frozen=True, slots=True)
class RowView:
    """What one entry says that two branches owe each other; below zero where it takes something back."""

    id: int
    entry_id: str
    operation_id: str
    event: Event
    posted_on: date
    effective_at: datetime
    package_id: str | None
    service_id: str | None
    sessions: int
    one_owes_minor: int
    other_owes_minor: int


async def rows_behind(actor: Actor, keys: Sequence[tuple[Window, str]]) -> dict[tuple[Window, str], list[RowView]]:
    """The rows behind lines that the actor may see, in the order they were posted."""
    lines = await reading.lines_by_ids(actor, [line_id for _, line_id in keys])
    found: dict[tuple[Window, str], list[RowView]] = {key: [] for key in keys if key[1] in lines}
    for window in {window for window, _ in found}:
        chosen = [_opened(lines[line_id]) for its, line_id in found if its == window]
        for start in range(0, len(chosen), _LEGS):
            for row in await dues_store.behind(chosen[start : start + _LEGS], window.limit, window.after):
                found[window, row["line_id"]].append(_row(row))
    return found


def _opened(line: LineView) -> Opened:
    return Opened(line.id, line.settlement_id, line.pair.one_id, line.pair.other_id, line.covered)


def _row(row: dict[str, Any]) -> RowView:
    plain = ("entry_id", "operation_id", "package_id", "service_id")
    return RowView(
        id=row["row_id"],
        **{name: row[name] for name in plain},
        event=Event(row["event"]),
        posted_on=as_day(row["posted_on"]),
        effective_at=as_instant(row["effective_at"]),
        sessions=int(row["sessions"]),
        one_owes_minor=int(row["one_owes"]),
        other_owes_minor=int(row["other_owes"]),
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """The sum of what all branches have coming less what they owe, by their own books, and how many rows say so.

    `agrees` where every line says what its rows add up to.
    """

    sum_minor: int
    rows: int
    agrees: bool


async def proof(actor: Actor, run: RunView) -> Proof | None:
    """Everything the run covers added up anew from the journal; None for whoever may not read all books.

    One that was cancelled has let go of what it had taken up, and proves nothing.
    """
    if readable_books(actor) is not None or run.state is SettlementState.CANCELLED:
        return None
    read = await dues_store.read(run.covered)
    lines = [line.pair for line in (await reading.lines_of(actor, [run.id]))[run.id]]
    total = sum(dues.owed_minor - dues.owes_minor for dues in read.dues)
    agrees = total == 0 and await _told(run, read.dues) == _amounts(lines)
    return Proof(total, sum(pair.entries for pair in lines), agrees)


async def _told(run: RunView, dues: list[Dues]) -> dict[tuple[str, str], tuple[int, int]]:
    aside, taken_up = await _disputes(run)
    return _amounts(together([*pairs(dues), *taken_up, *(pair.negative() for pair in aside)]))


def _amounts(found: list[Pair]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(pair.one_id, pair.other_id): (pair.one_owes_minor, pair.other_owes_minor) for pair in found}


async def _disputes(run: RunView) -> tuple[list[Pair], list[Pair]]:
    """What is put aside from the run, and what it took up of earlier ones."""
    found = await rows(
        """SELECT one_id, other_id, one_owes_minor, other_owes_minor, settled_in_id FROM settlement_dispute
        WHERE settlement_id = $1 OR settled_in_id = $1""",
        run.id,
    )
    told: dict[bool, list[Pair]] = {False: [], True: []}
    for row in found:
        pair = Pair(row["one_id"], row["other_id"], row["one_owes_minor"], row["other_owes_minor"], 1)
        told[row["settled_in_id"] == run.id].append(pair)
    return told[False], told[True]
