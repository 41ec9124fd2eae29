"""Every statement that acts on settlement runs need; the dues behind them are read in `dues_store.py`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kernel.commands import Work
from domain.kernel.db import Where, execute, execute_many, insert, rows
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.settlements.dues_store import Covered
from domain.settlements.rules import Pair
from domain.settlements.states import SettlementState


@dataclass(frozen=True, slots=True)
class Run:
    """A run with what it covers."""

    id: str
    state: SettlementState
    from_day: date
    until_day: date
    position: int
    floor_position: int
    currency: str
    run_by: str
    run_at: datetime
    covered: Covered


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a run, and when it was paid."""

    id: str
    pair: Pair
    paid_on: date | None


PAIR = "one_id, other_id, one_owes_minor, other_owes_minor"
RUN = """SELECT r.id, r.state, r.from_day, r.until_day, r.position, r.floor_position, r.currency, r.run_by, r.run_at,
    r.chain_id, p.until_day AS after_day, p.position AS after_position, COALESCE(p.floor_position, 0) AS floor
    FROM settlement r LEFT JOIN settlement p ON p.id = r.previous_id"""


def covered_of(row: dict[str, Any]) -> Covered:
    """What the run in a row covers."""
    return Covered(
        row["chain_id"], row["until_day"], row["position"], row["floor"], row["after_day"], row["after_position"]
    )


def _run(row: dict[str, Any]) -> Run:
    names = [name for name in Run.__slots__ if name not in ("state", "covered")]
    plain = {name: row[name] for name in names}
    return Run(**plain, state=SettlementState(row["state"]), covered=covered_of(row))


async def newest(work: Work) -> Run | None:
    """The last run that was not cancelled."""
    found = await rows(
        f"{RUN} WHERE r.chain_id = $1 AND r.state <> 'CANCELLED' ORDER BY r.id DESC LIMIT 1", work.chain_id
    )
    return _run(found[0]) if found else None


async def lock(work: Work, settlement_id: str, branches: Collection[str] | None = None) -> Run:
    """Lock a run of the chain until the act ends; of lines with those branches only, where some are given."""
    where = Where()
    where.add("r.id = {id} AND r.chain_id = {chain}", id=settlement_id, chain=work.chain_id)
    where.add_given(
        """EXISTS (SELECT 1 FROM settlement_line l WHERE l.settlement_id = r.id
        AND (l.one_id = ANY({value}) OR l.other_id = ANY({value})))""",
        None if branches is None else sorted(branches),
    )
    own = "SELECT id FROM settlement WHERE id = $1 AND chain_id = $2 FOR NO KEY UPDATE"
    await rows(own, settlement_id, work.chain_id)
    found = await rows(f"{RUN} WHERE {where}", *where.args)
    if not found:
        raise NotFound("settlement", settlement_id, "settlementId")
    return _run(found[0])


async def clocks(work: Work) -> list[str]:
    """The time zones of the chain's branches."""
    found = await rows("SELECT DISTINCT time_zone FROM branch WHERE chain_id = $1 ORDER BY time_zone", work.chain_id)
    return [row["time_zone"] for row in found]


async def newest_position(work: Work) -> int:
    """Up to where the chain's operations are sealed."""
    found = await rows("SELECT MAX(position) AS position FROM sealed_operation WHERE chain_id = $1", work.chain_id)
    return found[0]["position"] or 0


async def insert_run(work: Work, run: Run, previous_id: str | None, pairs: Sequence[Pair]) -> None:
    """A run with its lines; the database keeps another one from following the same run."""
    record = {
        "id": run.id,
        "chain_id": work.chain_id,
        "operation_id": work.operation_id,
        "previous_id": previous_id,
        "from_day": run.from_day,
        "until_day": run.until_day,
        "position": run.position,
        "floor_position": run.floor_position,
        "currency": run.currency,
        "state": run.state.value,
        "run_by": run.run_by,
        "run_at": run.run_at,
    }
    await insert("settlement", [record])
    names = ("one_id", "other_id", "one_owes_minor", "other_owes_minor", "entries")
    its = [{name: getattr(pair, name) for name in names} for pair in pairs]
    await insert("settlement_line", [{"id": new_id("stl"), "settlement_id": run.id} | each for each in its])


async def decide(work: Work, run: Run, state: SettlementState, why: str) -> None:
    """A draft, which is locked, is one no more."""
    await execute(
        "UPDATE settlement SET state = $2, decided_by = $3, decided_at = $4, decision = $5 WHERE id = $1",
        run.id,
        state.value,
        work.actor.id,
        work.now,
        why,
    )


async def note_all_paid(work: Work, run: Run) -> None:
    """Every line of the run is paid."""
    await execute("UPDATE settlement SET state = 'PAID', paid_at = $2 WHERE id = $1", run.id, work.now)


async def lines(run: Run) -> list[Line]:
    """The lines of a run that is locked, in the order of their branches."""
    found = await rows(
        f"SELECT id, {PAIR}, entries, paid_on FROM settlement_line WHERE settlement_id = $1 ORDER BY one_id, other_id",
        run.id,
    )
    return [Line(row["id"], pair_of(row), row["paid_on"]) for row in found]


def pair_of(row: dict[str, Any]) -> Pair:
    """The pair in a row; what is put aside is one row behind a line."""
    owes = row["one_owes_minor"], row["other_owes_minor"]
    return Pair(row["one_id"], row["other_id"], *owes, row.get("entries", 1))


async def note_paid(work: Work, paid: Sequence[tuple[str, str]], paid_on: date) -> None:
    """Lines of a run that is locked are paid, each by an operation."""
    await execute_many(
        "UPDATE settlement_line SET paid_on = $3, paid_by = $4, operation_id = $2 WHERE id = $1",
        [(line_id, operation_id, paid_on, work.actor.id) for line_id, operation_id in paid],
    )
