"""Every statement by which an extension of many packages is written down and carried on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.db import Where, execute, insert, rows


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which packages: of a chain, at home at one branch or any, of one definition or any, as they were then."""

    chain_id: str
    branch_id: str | None
    definition_id: str | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Open:
    """An extension that is not finished, and the package it has come to."""

    id: str
    chosen: Chosen
    days: int
    reason: str
    done_until: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A package that could not be extended, and why."""

    package_id: str
    code: str
    message: str


_ALIVE_THEN = """EXISTS (SELECT 1 FROM lot l WHERE l.package_id = p.id AND l.package_id > {after}
    AND l.issued_at <= {as_of}
    AND (l.lapses_at > {as_of} OR (p.disputed_at IS NOT NULL AND p.disputed_at < l.lapses_at)))"""
_LEFT = """EXISTS (SELECT 1 FROM lot l WHERE l.package_id = p.id AND l.issued_at <= {as_of}
    AND (l.lapses_at > {as_of} OR (p.disputed_at IS NOT NULL AND p.disputed_at < l.lapses_at))
    AND l.available + l.held + l.expired > 0)"""


def _where(chosen: Chosen) -> Where:
    where = Where()
    where.add("p.chain_id = {chain}", chain=chosen.chain_id)
    where.add_given("p.home_branch_id = {value}", chosen.branch_id)
    where.add_given("p.definition_id = {value}", chosen.definition_id)
    where.add("p.sold_at <= {as_of}", as_of=chosen.as_of)
    return where


async def count(chosen: Chosen) -> int:
    """How many packages were there then and have something left that had not lapsed."""
    where = _where(chosen)
    where.add(_LEFT, as_of=chosen.as_of)
    found = await rows(f"SELECT COUNT(*) AS packages FROM package p WHERE {where}", *where.args)
    packages: int = found[0]["packages"]
    return packages


async def following(chosen: Chosen, after: str, limit: int) -> dict[str, bool]:
    """The next of the packages of which something had not lapsed then, and whether anything of it is left."""
    where = _where(chosen)
    # Said of the lots too: joined, all lots of packages that were extended before would be read through again.
    where.add(f"p.id > {{after}} AND {_ALIVE_THEN}", after=after, as_of=chosen.as_of)
    left = _LEFT.format(as_of=where.value(chosen.as_of))
    found = await rows(
        f"SELECT p.id, {left} AS something FROM package p WHERE {where} ORDER BY p.id LIMIT {where.value(limit)}",
        *where.args,
    )
    return {row["id"]: bool(row["something"]) for row in found}


async def changed_since(package_ids: Sequence[str], instant: datetime) -> set[str]:
    """Those of the packages that some act has changed since."""
    found = await rows(
        "SELECT DISTINCT package_id FROM operation WHERE package_id = ANY($1) AND recorded_at >= $2",
        list(package_ids),
        instant,
    )
    return {row["package_id"] for row in found}


async def insert_extension(
    extension_id: str, operation_id: str, chosen: Chosen, days: int, reason: str, packages: int
) -> None:
    """An extension that is to be carried out."""
    record: dict[str, Any] = {
        "id": extension_id,
        "chain_id": chosen.chain_id,
        "operation_id": operation_id,
        "branch_id": chosen.branch_id,
        "definition_id": chosen.definition_id,
        "days": days,
        "reason": reason,
        "as_of": chosen.as_of,
        "packages": packages,
    }
    await insert("bulk_extension", [record])


async def unfinished() -> list[str]:
    """The extensions of any chain that are not finished, oldest first."""
    return [row["id"] for row in await rows("SELECT id FROM bulk_extension WHERE finished_at IS NULL ORDER BY id")]


async def to_carry_on(extension_id: str) -> Open | None:
    """An extension as far as it has come; None when it is finished."""
    found = await rows(
        """SELECT id, chain_id, branch_id, definition_id, as_of, days, reason, done_until FROM bulk_extension
        WHERE id = $1 AND finished_at IS NULL""",
        extension_id,
    )
    if not found:
        return None
    row = found[0]
    chosen = Chosen(row["chain_id"], row["branch_id"], row["definition_id"], row["as_of"])
    return Open(row["id"], chosen, row["days"], row["reason"], row["done_until"])


async def lock_at(extension: Open) -> bool:
    """Lock the extension if it stands where it stood; whoever has it now, or has had it since, keeps it."""
    found = await rows(
        """SELECT id FROM bulk_extension WHERE id = $1 AND done_until = $2 AND finished_at IS NULL
        FOR NO KEY UPDATE SKIP LOCKED""",
        extension.id,
        extension.done_until,
    )
    return bool(found)


async def advance(extension: Open, done_until: str, extended: int, failures: Sequence[Failure]) -> None:
    """Note how far an extension, which is locked, has come, and what it could not do on the way."""
    await insert(
        "extension_failure",
        [
            {
                "bulk_extension_id": extension.id,
                "package_id": failure.package_id,
                "code": failure.code,
                "message": failure.message[:500],
            }
            for failure in failures
        ],
    )
    await execute(
        """UPDATE bulk_extension SET done_until = $2, extended = extended + $3, failed = failed + $4 WHERE id = $1""",
        extension.id,
        done_until,
        extended,
        len(failures),
    )


async def finish(extension: Open, at: datetime) -> None:
    """Nothing is left to do; from now on the number of packages is what was done, whatever it was taken to be."""
    await execute(
        "UPDATE bulk_extension SET finished_at = $2, packages = extended + failed WHERE id = $1", extension.id, at
    )
