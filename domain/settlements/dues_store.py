"""The statements that read what branches owe each other: as sums for a run, and row by row behind a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kernel.db import Where, rows
from domain.ledger.accounts import Event
from domain.settlements.rules import Dues, Pair


@dataclass(frozen=True, slots=True)
class Covered:
    """What a run covers: posted until its day and sealed up to its position, less what the run before it covers.

    Nothing from before `floor` can be among it. Without a run before it there is no earlier day and position.
    """

    chain_id: str
    until_day: date
    position: int
    floor: int
    after_day: date | None
    after_position: int | None


@dataclass(frozen=True, slots=True)
class Read:
    """What one pass has found; `first_day` is the first one behind the run before that something is due for.

    `floor` is the first position of which something is due for later days.
    """

    dues: list[Dues]
    first_day: date | None
    floor: int


_DUE = "l.account IN ('DUE_TO_BRANCH', 'DUE_FROM_BRANCH')"  # as the partial index says it
_OWES = "CASE l.account WHEN 'DUE_TO_BRANCH' THEN l.credit_minor - l.debit_minor ELSE 0 END"
_OWED = "CASE l.account WHEN 'DUE_FROM_BRANCH' THEN l.debit_minor - l.credit_minor ELSE 0 END"
_FROM = f"""sealed_operation s JOIN journal_entry e ON e.operation_id = s.operation_id
    JOIN journal_line l ON l.entry_id = e.id AND {_DUE}"""


def add_covered(where: Where, covered: Covered) -> None:
    """The conditions of sealed operations `s` and their entries `e` that no earlier run covers, of any day."""
    where.add("s.chain_id = {chain}", chain=covered.chain_id)
    where.add("s.position BETWEEN {floor} AND {last}", floor=covered.floor, last=covered.position)
    where.add(f"e.event <> '{Event.SETTLEMENT}'")
    if covered.after_day is not None:
        day, position = covered.after_day, covered.after_position
        where.add("e.posted_on > {day} OR s.position > {position}", day=day, position=position)


async def read(covered: Covered) -> Read:
    """What is due by the books of every branch, in one pass over the entries since the run before.

    Grouped by nothing but the two branches, so that the database adds up as it reads, and never sorts a month.
    """
    where = Where()
    add_covered(where, covered)
    until, after = where.value(covered.until_day), where.value(covered.after_day or date.min)
    found = await rows(
        f"""SELECT l.branch_id, l.counterparty_id,
            SUM(CASE WHEN e.posted_on <= {until} THEN {_OWES} ELSE 0 END) AS owes,
            SUM(CASE WHEN e.posted_on <= {until} THEN {_OWED} ELSE 0 END) AS owed,
            SUM(CASE WHEN e.posted_on <= {until} THEN 1 ELSE 0 END) AS entries,
            MIN(CASE WHEN e.posted_on > {until} THEN s.position END) AS later,
            MIN(CASE WHEN e.posted_on > {after} AND e.posted_on <= {until} THEN e.posted_on END) AS first_day
        FROM {_FROM} WHERE {where} GROUP BY l.branch_id, l.counterparty_id""",
        *where.args,
    )
    later = [row["later"] for row in found if row["later"] is not None]
    days = [as_day(row["first_day"]) for row in found if row["first_day"] is not None]
    dues = [_dues(row) for row in found if row["entries"]]
    return Read(dues, min(days, default=None), min(later, default=covered.position + 1))


def _dues(row: dict[str, Any]) -> Dues:
    return Dues(row["branch_id"], row["counterparty_id"], int(row["owes"]), int(row["owed"]), int(row["entries"]))


def as_day(value: date | str) -> date:
    """SQLite forgets the types of columns that come through an expression."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_instant(value: datetime | str) -> datetime:
    """The same for an instant."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def pairs_of(covered: Covered, settlement_id: str, entry_id: str) -> list[Pair]:
    """What one entry says in a run, pair by pair, also where it was taken up again from an earlier one."""
    where = Where()
    add_covered(where, covered)
    where.add("e.posted_on <= {day}", day=covered.until_day)
    where.add("e.id = {entry}", entry=entry_id)
    where.add("l.branch_id < l.counterparty_id")
    found = await rows(
        f"""SELECT l.branch_id AS one_id, l.counterparty_id AS other_id, SUM({_OWES}) AS one_owes,
            SUM({_OWED}) AS other_owes, COUNT(*) AS entries
        FROM {_FROM} WHERE {where} GROUP BY l.branch_id, l.counterparty_id
        UNION ALL SELECT one_id, other_id, one_owes_minor, other_owes_minor, 1 FROM settlement_dispute
        WHERE settled_in_id = {where.value(settlement_id)} AND entry_id = {where.value(entry_id)}
        ORDER BY one_id, other_id""",
        *where.args,
    )
    return [_pair(row) for row in found]


def _pair(row: dict[str, Any]) -> Pair:
    return Pair(row["one_id"], row["other_id"], int(row["one_owes"]), int(row["other_owes"]), int(row["entries"]))


@dataclass(frozen=True, slots=True)
class Opened:
    """A line of a run that is to be opened, with what the run covers."""

    line_id: str
    settlement_id: str
    one_id: str
    other_id: str
    covered: Covered


_COLUMNS = """e.id AS entry_id, e.operation_id, e.event, e.posted_on, e.effective_at, l.package_id, l.service_id"""
_SESSIONS = """CASE WHEN f.event IN ('SESSION', 'REVERSAL') THEN (SELECT COALESCE(SUM(CASE
    WHEN m.target = 'CONSUMED' THEN m.sessions WHEN m.source = 'CONSUMED' THEN -m.sessions ELSE 0 END), 0)
    FROM movement m WHERE m.operation_id = f.operation_id AND m.package_id = f.package_id) ELSE 0 END"""


async def behind(opened: Sequence[Opened], limit: int, after: int) -> list[dict[str, Any]]:
    """So many rows behind each line of runs, in the order they were posted, after a row; in one statement.

    The books of the first of the two branches say both what it owes and what it has coming.
    """
    args: list[Any] = []
    legs = [f"SELECT * FROM ({_leg(each, limit, after, args)}) AS leg{place}" for place, each in enumerate(opened)]
    return await rows(
        f"""SELECT f.*, {_SESSIONS} AS sessions FROM ({" UNION ALL ".join(legs)}) AS f ORDER BY f.line_id, f.row_id""",
        *args,
    )


def _leg(opened: Opened, limit: int, after: int, args: list[Any]) -> str:
    where = Where()
    where.args = args  # the legs of one statement count their arguments together
    line, run = where.value(opened.line_id), where.value(opened.settlement_id)
    one, other, behind = where.value(opened.one_id), where.value(opened.other_id), where.value(after)
    add_covered(where, opened.covered)
    where.add("e.posted_on <= {day}", day=opened.covered.until_day)
    aside = f"""NOT EXISTS (SELECT 1 FROM settlement_dispute x WHERE x.settlement_id = {run}
        AND x.entry_id = e.id AND x.one_id = {one} AND x.other_id = {other})"""
    its = f"{_DUE} AND l.branch_id = {one} AND l.counterparty_id = {other}"
    return f"""SELECT CAST({line} AS VARCHAR) AS line_id, found.* FROM (
        SELECT l.id AS row_id, {_COLUMNS}, {_OWES} AS one_owes, {_OWED} AS other_owes
        FROM {_FROM} WHERE {where} AND {its} AND l.id > {behind} AND {aside}
        UNION ALL SELECT l.id AS row_id, {_COLUMNS}, d.one_owes_minor, d.other_owes_minor
        FROM settlement_dispute d JOIN journal_entry e ON e.id = d.entry_id JOIN journal_line l ON l.id =
            (SELECT MIN(l.id) FROM journal_line l WHERE l.entry_id = e.id AND {its})
        WHERE d.settled_in_id = {run} AND d.one_id = {one} AND d.other_id = {other} AND l.id > {behind} AND {aside}
        ORDER BY row_id LIMIT {limit}) AS found"""
