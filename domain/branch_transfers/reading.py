"""What the graph reads of transfers of the home branch and of branches that close, always scoped by the actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.branch_transfers.closing_store import Failure
from domain.branch_transfers.rules import State, by_the_clock
from domain.branch_transfers.store import visible
from domain.kernel import clock
from domain.kernel.access import Actor
from domain.kernel.db import Where, rows
from domain.kernel.reads import HOMES


class Direction(StrEnum):
    """Which end of a transfer a branch is."""

    INCOMING = "to_branch_id"
    OUTGOING = "from_branch_id"


@dataclass(frozen=True, slots=True)
class BranchTransferView:
    """A transfer, as it is by the clock; what moved is known once it is accepted."""

    id: str
    package_id: str
    from_branch_id: str
    to_branch_id: str
    closing_id: str | None
    state: State
    reason: str
    requested_by: str
    requested_at: datetime
    lapses_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision: str
    operation_id: str | None
    sessions: int | None
    value_minor: int | None
    unpaid_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class BranchClosingView:
    """A closing, and how far it has come."""

    id: str
    operation_id: str
    branch_id: str
    to_branch_id: str
    exceptions: list[dict[str, str]]
    reason: str
    as_of: datetime
    packages: int
    moved: int
    failed: int
    bookings: int
    finished_at: datetime | None


_PLAIN = ", ".join(name for name in BranchTransferView.__slots__ if name != "currency")
_TRANSFER = f"""SELECT {_PLAIN}, (SELECT p.currency FROM package p WHERE p.id = package_id) AS currency
    FROM branch_transfer"""


def _view(row: dict[str, Any], now: datetime) -> BranchTransferView:
    written = State(row["state"])
    state = by_the_clock(written, row["lapses_at"], now)
    decided_at = row["decided_at"] if state is written else row["lapses_at"]
    return BranchTransferView(**row | {"state": state, "decided_at": decided_at})


async def _found(where: Where, rest: str) -> list[BranchTransferView]:
    now = clock.now()
    return [_view(row, now) for row in await rows(f"{_TRANSFER} WHERE {where} {rest}", *where.args)]


async def by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, BranchTransferView]:
    """Those of the transfers that the actor may see, by id."""
    where = visible(actor)
    where.add("id = ANY({ids})", ids=list(ids))
    return {view.id: view for view in await _found(where, "")}


async def of_packages(actor: Actor, package_ids: Sequence[str]) -> dict[str, list[BranchTransferView]]:
    """The transfers of packages that the actor may see, oldest first."""
    where = visible(actor)
    where.add("package_id = ANY({ids})", ids=list(package_ids))
    grouped: dict[str, list[BranchTransferView]] = {package_id: [] for package_id in package_ids}
    for view in await _found(where, "ORDER BY id"):
        grouped[view.package_id].append(view)
    return grouped


async def at_branch(
    actor: Actor,
    branch_id: str,
    direction: Direction,
    states: Sequence[State],
    limit: int,
    before_id: str | None = None,
) -> list[BranchTransferView]:
    """The transfers to or from a branch that the actor may see, newest first; of these states, or of any."""
    where = visible(actor)
    where.add(f"{direction.value} = {{branch}}", branch=branch_id)
    where.add_given("id < {value}", before_id)
    if states:
        _add_states(where, states)
    return await _found(where, f"ORDER BY id DESC LIMIT {where.value(limit)}")


def _add_states(where: Where, states: Sequence[State]) -> None:
    """What nobody decided in time counts as lapsed, whatever is written down."""
    so = {state: f"state = '{state.value}'" for state in State} | {
        State.REQUESTED: "state = 'REQUESTED' AND lapses_at > {now}",
        State.LAPSED: "state = 'LAPSED' OR (state = 'REQUESTED' AND lapses_at <= {now})",
    }
    wanted = " OR ".join(f"({so[state]})" for state in states)
    where.add(wanted, **({"now": clock.now()} if "{now}" in wanted else {}))


_CLOSING = f"SELECT {', '.join(BranchClosingView.__slots__)} FROM branch_closing"


def _visible_closings(actor: Actor) -> Where:
    """Those of branches that the actor may know of, and those whose packages come to them."""
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    branches = HOMES.branches(actor)
    if branches is not None:
        where.add("branch_id = ANY({ids}) OR to_branch_id = ANY({ids})", ids=sorted(branches))
    return where


async def closings_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, BranchClosingView]:
    """Those of the closings that the actor may see, by id."""
    where = _visible_closings(actor)
    where.add("id = ANY({ids})", ids=list(ids))
    return {row["id"]: BranchClosingView(**row) for row in await rows(f"{_CLOSING} WHERE {where}", *where.args)}


async def closings_of(actor: Actor, branch_ids: Sequence[str]) -> dict[str, list[BranchClosingView]]:
    """The closings of branches that the actor may see, oldest first."""
    where = _visible_closings(actor)
    where.add("branch_id = ANY({ids})", ids=list(branch_ids))
    grouped: dict[str, list[BranchClosingView]] = {branch_id: [] for branch_id in branch_ids}
    for row in await rows(f"{_CLOSING} WHERE {where} ORDER BY id", *where.args):
        grouped[row["branch_id"]].append(BranchClosingView(**row))
    return grouped


async def failures(closing_ids: Sequence[str], limit: int) -> dict[str, list[Failure]]:
    """The first packages that each closing could not move. The caller has made sure that the actor may see it."""
    found = await rows(
        """SELECT closing_id, package_id, code, message FROM (SELECT f.*, ROW_NUMBER() OVER
            (PARTITION BY closing_id ORDER BY id) AS place FROM closing_failure f WHERE closing_id = ANY($1)) ranked
        WHERE place <= $2 ORDER BY closing_id, place""",
        list(closing_ids),
        limit,
    )
    grouped: dict[str, list[Failure]] = {closing_id: [] for closing_id in closing_ids}
    for row in found:
        grouped[row.pop("closing_id")].append(Failure(**row))
    return grouped
