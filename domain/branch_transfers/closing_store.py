"""Every statement by which a branch is closed and its packages go on to others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.commands import Work
from domain.kernel.db import execute, insert, rows


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the packages of a branch go: to one branch, those of some definitions to others."""

    to_branch_id: str
    exceptions: Mapping[str, str]

    @property
    def branch_ids(self) -> list[str]:
        """Every branch that it names."""
        return sorted({self.to_branch_id, *self.exceptions.values()})

    def target(self, definition_id: str) -> str:
        """Where a package of this definition goes."""
        return self.exceptions.get(definition_id, self.to_branch_id)


@dataclass(frozen=True, slots=True)
class Open:
    """A closing that is not finished, and the package it has come to."""

    id: str
    chain_id: str
    operation_id: str
    branch_id: str
    plan: Plan
    reason: str
    ordered_by: str
    as_of: datetime
    done_until: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A package that could not move, and why."""

    package_id: str
    code: str
    message: str


# OFFSET 0 keeps PostgreSQL from hashing all lots there are for every few packages: it looks up those of each by index.
_THERE = """FROM package p WHERE p.home_branch_id = $1 AND p.id > $2 AND p.closed_as IS NULL
    AND (p.price_minor - p.credited_minor - p.brought_minor - p.paid_minor <> 0
        OR EXISTS (SELECT 1 FROM lot l WHERE l.package_id = p.id AND l.available + l.held > 0
            LIMIT 1 OFFSET 0))"""
"""The packages that are at home there and of which anything is left or unpaid."""


async def close(branch_id: str, at: datetime) -> datetime:
    """Lock the branch until the act ends, which waits for sales and visits under way, and close it unless it is."""
    await rows("SELECT id FROM branch WHERE id = $1 FOR UPDATE", branch_id)
    found = await rows(
        "UPDATE branch SET closed_at = COALESCE(closed_at, $2) WHERE id = $1 RETURNING closed_at", branch_id, at
    )
    closed_at: datetime = found[0]["closed_at"]
    return closed_at


async def count(branch_id: str) -> int:
    """How many packages are at home at the branch and have something that moves."""
    packages: int = (await rows(f"SELECT COUNT(*) AS packages {_THERE}", branch_id, ""))[0]["packages"]
    return packages


async def following(closing: Open, limit: int) -> list[str]:
    """The next packages that are at home at the branch and have something that moves."""
    found = await rows(f"SELECT p.id {_THERE} ORDER BY p.id LIMIT $3", closing.branch_id, closing.done_until, limit)
    return [row["id"] for row in found]


async def going_on(branch_id: str) -> str | None:
    """The closing of the branch that is not finished."""
    found = await rows("SELECT id FROM branch_closing WHERE branch_id = $1 AND finished_at IS NULL", branch_id)
    return found[0]["id"] if found else None


async def refuse_incoming(work: Work, branch_id: str, decision: str) -> None:
    """Nobody accepts for a branch that closes."""
    await _end(work.operation_id, work.actor.id, work.now, "REFUSED", decision, "to_branch_id = $6", branch_id)


async def withdraw_outgoing(closing: Open, package_ids: Sequence[str], at: datetime) -> None:
    """Packages that move because their branch closes go where the plan says, whatever was asked for before."""
    decision, which = "The branch closed, and its packages moved by plan.", "package_id = ANY($6)"
    await _end(closing.operation_id, closing.ordered_by, at, "WITHDRAWN", decision, which, list(package_ids))


async def _end(
    operation_id: str, decided_by: str, at: datetime, state: str, decision: str, which: str, value: Any
) -> None:
    await execute(
        f"""UPDATE branch_transfer SET state = $1, operation_id = $2, decided_by = $3, decided_at = $4, decision = $5
        WHERE state = 'REQUESTED' AND lapses_at > $4 AND {which}""",
        state,
        operation_id,
        decided_by,
        at,
        decision,
        value,
    )


async def insert_closing(work: Work, closing_id: str, branch_id: str, plan: Plan, reason: str, packages: int) -> None:
    """A closing that is to be carried out."""
    record = {
        "id": closing_id,
        "chain_id": work.chain_id,
        "operation_id": work.operation_id,
        "branch_id": branch_id,
        "to_branch_id": plan.to_branch_id,
        "exceptions": [{"definition_id": each, "branch_id": to} for each, to in plan.exceptions.items()],
        "reason": reason,
        "ordered_by": work.actor.id,
        "as_of": work.now,
        "packages": packages,
    }
    await insert("branch_closing", [record])


async def unfinished() -> list[str]:
    """The closings of any chain that are not finished, oldest first."""
    return [row["id"] for row in await rows("SELECT id FROM branch_closing WHERE finished_at IS NULL ORDER BY id")]


async def to_carry_on(closing_id: str) -> Open | None:
    """A closing as far as it has come; None when it is finished."""
    found = await rows(
        """SELECT id, chain_id, operation_id, branch_id, to_branch_id, exceptions, reason, ordered_by, as_of, done_until
        FROM branch_closing WHERE id = $1 AND finished_at IS NULL""",
        closing_id,
    )
    return _open(found[0]) if found else None


def _open(row: dict[str, Any]) -> Open:
    exceptions = {each["definition_id"]: each["branch_id"] for each in row.pop("exceptions")}
    plan = Plan(row.pop("to_branch_id"), exceptions)
    return Open(**row, plan=plan)


async def lock_at(closing: Open) -> bool:
    """Lock the closing if it stands where it stood; whoever has it now, or has had it since, keeps it."""
    found = await rows(
        """SELECT id FROM branch_closing WHERE id = $1 AND done_until = $2 AND finished_at IS NULL
        FOR NO KEY UPDATE SKIP LOCKED""",
        closing.id,
        closing.done_until,
    )
    return bool(found)


async def advance(closing: Open, done_until: str, moved: int, failures: Sequence[Failure]) -> None:
    """Note how far a closing, which is locked, has come, and what it could not do on the way."""
    await insert(
        "closing_failure",
        [
            {"closing_id": closing.id, "package_id": each.package_id, "code": each.code, "message": each.message[:500]}
            for each in failures
        ],
    )
    await execute(
        "UPDATE branch_closing SET done_until = $2, moved = moved + $3, failed = failed + $4 WHERE id = $1",
        closing.id,
        done_until,
        moved,
        len(failures),
    )


async def note_called_off(closing: Open, bookings: int) -> None:
    """So many more bookings at the branch were called off."""
    await execute("UPDATE branch_closing SET bookings = bookings + $2 WHERE id = $1", closing.id, bookings)


async def finish(closing: Open, at: datetime) -> None:
    """Nothing is left to do; from now on the number of packages is what was done, whatever it was taken to be."""
    await execute("UPDATE branch_closing SET finished_at = $2, packages = moved + failed WHERE id = $1", closing.id, at)
