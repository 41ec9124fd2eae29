"""Every statement by which acts find, write and end transfers of the home branch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.branch_transfers.rules import State
from domain.kernel.access import Actor
from domain.kernel.commands import Work
from domain.kernel.db import Where, execute, insert, rows
from domain.kernel.errors import NotFound
from domain.kernel.reads import HOMES


@dataclass(frozen=True, slots=True)
class Asked:
    """A transfer as acts see it."""

    id: str
    package_id: str
    from_branch_id: str
    to_branch_id: str
    state: State
    requested_by: str
    lapses_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What went along with a package that moved."""

    sessions: int
    value_minor: int
    unpaid_minor: int


_ASKED = f"SELECT {', '.join(Asked.__slots__)} FROM branch_transfer"


def _asked(row: dict[str, Any]) -> Asked:
    return Asked(**row | {"state": State(row["state"])})


def visible(actor: Actor) -> Where:
    """Transfers of the chain that leave or reach a branch whose transfers the actor may know of."""
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    branches = HOMES.branches(actor)
    if branches is not None:
        where.add("from_branch_id = ANY({ids}) OR to_branch_id = ANY({ids})", ids=sorted(branches))
    return where


async def found(work: Work, transfer_id: str) -> Asked:
    """A transfer, not locked, or the refusal that there is none that the actor may see."""
    where = visible(work.actor)
    where.add("id = {id}", id=transfer_id)
    rows_ = await rows(f"{_ASKED} WHERE {where}", *where.args)
    if not rows_:
        raise NotFound("branch transfer", transfer_id, "branchTransferId")
    return _asked(rows_[0])


async def lock(transfer_id: str) -> Asked:
    """Lock a transfer until the act ends; its package must be locked before."""
    return _asked((await rows(f"{_ASKED} WHERE id = $1 FOR UPDATE", transfer_id))[0])


async def pending(package_id: str) -> Asked | None:
    """The transfer of a package, which is locked, that nobody has decided; it may have lapsed by the clock."""
    rows_ = await rows(f"{_ASKED} WHERE package_id = $1 AND state = 'REQUESTED' FOR UPDATE", package_id)
    return _asked(rows_[0]) if rows_ else None


async def insert_transfers(records: Sequence[dict[str, Any]]) -> None:
    """New transfers, asked for or carried out at once."""
    await insert("branch_transfer", records)


async def end(
    work: Work, transfer: Asked, state: State, at: datetime, decision: str = "", moved: Moved | None = None
) -> None:
    """Write down how a transfer, which is locked, ended, and what moved by it."""
    await execute(
        """UPDATE branch_transfer SET state = $2, decided_by = $3, decided_at = $4, decision = $5, operation_id = $6,
        sessions = $7, value_minor = $8, unpaid_minor = $9 WHERE id = $1""",
        transfer.id,
        state.value,
        work.actor.id,
        at,
        decision,
        work.operation_id,
        moved.sessions if moved else None,
        moved.value_minor if moved else None,
        moved.unpaid_minor if moved else None,
    )


async def rehome(package_ids: Collection[str], branch_id: str, at: datetime) -> None:
    """Packages, which are locked, are at home at this branch from now on."""
    await execute(
        "UPDATE package SET home_branch_id = $2, homed_at = $3 WHERE id = ANY($1)", list(package_ids), branch_id, at
    )


async def due(at: datetime, limit: int, without: Collection[str] = ()) -> list[tuple[str, str]]:
    """Transfers that nobody decided in time, of any chain, with that chain; those that lapsed first come first."""
    where = Where()
    where.add("state = 'REQUESTED' AND lapses_at <= {at}", at=at)
    if without:
        where.add("NOT (id = ANY({ids}))", ids=sorted(without))
    rows_ = await rows(
        f"SELECT id, chain_id FROM branch_transfer WHERE {where} ORDER BY lapses_at, id LIMIT {where.value(limit)}",
        *where.args,
    )
    return [(row["id"], row["chain_id"]) for row in rows_]
