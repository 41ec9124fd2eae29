"""What the graph reads of settlement runs: of those who read the books of single branches, their lines only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.db import Where, rows
from domain.ledger.journal import accounts_branches, readable_books
from domain.settlements.disputes_store import DISPUTE_STATE
from domain.settlements.dues_store import Covered
from domain.settlements.rules import Pair
from domain.settlements.states import DisputeState, LineState, SettlementState
from domain.settlements.store import covered_of, pair_of


@dataclass(frozen=True, slots=True)
class RunView:
    """A run, and what it covers."""

    id: str
    operation_id: str
    previous_id: str | None
    from_day: date
    until_day: date
    position: int
    currency: str
    state: SettlementState
    run_by: str
    run_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision: str
    paid_at: datetime | None
    covered: Covered


@dataclass(frozen=True, slots=True)
class LineView:
    """What two branches owe each other in a run; `intercompany` where they belong to different companies."""

    id: str
    pair: Pair
    currency: str
    intercompany: bool
    paid_on: date | None
    paid_by: str | None
    operation_id: str | None
    settlement_id: str
    covered: Covered

    @property
    def state(self) -> LineState:
        """Whether it is paid."""
        return LineState.OPEN if self.paid_on is None else LineState.PAID


@dataclass(frozen=True, slots=True)
class DisputeView:
    """What is put aside from a run, and what became of that."""

    id: str
    settlement_id: str
    entry_id: str
    pair: Pair
    currency: str
    state: DisputeState
    reason: str
    disputed_by: str
    disputed_at: datetime
    resolved_by: str | None
    resolved_at: datetime | None
    resolution: str
    settled_in_id: str | None


_COVERED = "r.chain_id, p.until_day AS after_day, p.position AS after_position, COALESCE(p.floor_position, 0) AS floor"
_RUN = f"""SELECT {", ".join(f"r.{name}" for name in RunView.__slots__ if name != "covered")}, {_COVERED}
    FROM settlement r LEFT JOIN settlement p ON p.id = r.previous_id"""
_LINE = f"""SELECT l.id, l.settlement_id, l.one_id, l.other_id, l.one_owes_minor, l.other_owes_minor, l.entries,
    l.paid_on, l.paid_by, l.operation_id, r.currency, r.until_day, r.position, {_COVERED},
    CASE WHEN a.legal_entity <> b.legal_entity THEN 1 ELSE 0 END AS intercompany
    FROM settlement_line l JOIN settlement r ON r.id = l.settlement_id LEFT JOIN settlement p ON p.id = r.previous_id
    JOIN branch a ON a.id = l.one_id JOIN branch b ON b.id = l.other_id"""
_PLAIN = [name for name in DisputeView.__slots__ if name not in ("pair", "currency", "state")]
_DISPUTE = f"""SELECT {", ".join(f"d.{name}" for name in _PLAIN)}, d.one_id, d.other_id, d.one_owes_minor,
    d.other_owes_minor, r.currency, {DISPUTE_STATE} AS state
    FROM settlement_dispute d JOIN settlement r ON r.id = d.settlement_id"""
_OWN = "{of}.one_id = ANY({{value}}) OR {of}.other_id = ANY({{value}})"


def _runs(actor: Actor, branches: list[str] | None) -> Where:
    where = Where()
    where.add("r.chain_id = {chain}", chain=actor.chain_id)
    its = f"EXISTS (SELECT 1 FROM settlement_line o WHERE o.settlement_id = r.id AND ({_OWN.format(of='o')}))"
    where.add_given(its, branches)
    return where


def _run(row: dict[str, Any]) -> RunView:
    plain = {name: row[name] for name in RunView.__slots__ if name not in ("state", "covered")}
    return RunView(**plain, state=SettlementState(row["state"]), covered=covered_of(row))


async def runs_page(
    actor: Actor, limit: int, before_id: str | None = None, state: SettlementState | None = None
) -> list[RunView]:
    """The runs that the actor may see, newest first, before an id."""
    where = _runs(actor, accounts_branches(actor, "settlements"))
    where.add_given("r.id < {value}", before_id)
    where.add_given("r.state = {value}", state)
    found = await rows(f"{_RUN} WHERE {where} ORDER BY r.id DESC LIMIT {where.value(limit)}", *where.args)
    return [_run(row) for row in found]


async def runs_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, RunView]:
    """Those of the runs that the actor may see, by id."""
    where = _runs(actor, readable_books(actor))
    where.add("r.id = ANY({ids})", ids=list(ids))
    return {row["id"]: _run(row) for row in await rows(f"{_RUN} WHERE {where}", *where.args)}


def _lines(actor: Actor) -> Where:
    where = Where()
    where.add("r.chain_id = {chain}", chain=actor.chain_id)
    where.add_given(_OWN.format(of="l"), readable_books(actor))
    return where


async def lines_of(actor: Actor, settlement_ids: Sequence[str]) -> dict[str, list[LineView]]:
    """The lines of each run with a branch whose books the actor may read, in the order of their branches."""
    where = _lines(actor)
    where.add("l.settlement_id = ANY({ids})", ids=list(settlement_ids))
    found: dict[str, list[LineView]] = {settlement_id: [] for settlement_id in settlement_ids}
    for row in await rows(f"{_LINE} WHERE {where} ORDER BY a.code, b.code", *where.args):
        found[row["settlement_id"]].append(_line(row))
    return found


async def lines_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, LineView]:
    """Those of the lines that the actor may see, by id."""
    where = _lines(actor)
    where.add("l.id = ANY({ids})", ids=list(ids))
    return {row["id"]: _line(row) for row in await rows(f"{_LINE} WHERE {where}", *where.args)}


def _line(row: dict[str, Any]) -> LineView:
    plain = ("id", "currency", "paid_on", "paid_by", "operation_id", "settlement_id")
    known = {name: row[name] for name in plain}
    return LineView(**known, pair=pair_of(row), intercompany=bool(row["intercompany"]), covered=covered_of(row))


async def disputes_of(actor: Actor, settlement_ids: Sequence[str]) -> dict[str, list[DisputeView]]:
    """What was put aside from each run of what is due to or from a branch whose books the actor may read."""
    where = Where()
    where.add("r.chain_id = {chain}", chain=actor.chain_id)
    where.add("d.settlement_id = ANY({ids})", ids=list(settlement_ids))
    where.add_given(_OWN.format(of="d"), readable_books(actor))
    found: dict[str, list[DisputeView]] = {settlement_id: [] for settlement_id in settlement_ids}
    for row in await rows(f"{_DISPUTE} WHERE {where} ORDER BY d.id", *where.args):
        plain = {name: row[name] for name in (*_PLAIN, "currency")}
        view = DisputeView(**plain, pair=pair_of(row), state=DisputeState(row["state"]))
        found[view.settlement_id].append(view)
    return found
