"""Every statement about top-ups that the acts need; what the graph reads stands in `reading.py`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.db import execute, insert, rows
from domain.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Standing:
    """What a top-up depends on besides the package: its version of the terms, earlier top-ups, and the branches."""

    version_id: str
    version_number: int
    added_before: int
    branch_closed_at: datetime | None
    home_closed_at: datetime | None


async def standing(package_id: str, branch_id: str) -> Standing:
    """How it stands with a package of the chain, at a branch; lock the package first where sessions are added."""
    found = await rows(
        """SELECT v.id AS version_id, v.version AS version_number, b.closed_at AS branch_closed_at,
        h.closed_at AS home_closed_at,
        (SELECT COALESCE(SUM(t.sessions), 0) FROM top_up t WHERE t.package_id = p.id) AS added_before
        FROM package p JOIN definition_version v ON v.id = p.definition_version_id
        JOIN branch h ON h.id = p.home_branch_id JOIN branch b ON b.chain_id = p.chain_id
        WHERE p.id = $1 AND b.id = $2""",
        package_id,
        branch_id,
    )
    if not found:
        raise NotFound("branch", branch_id, "branchId")
    return Standing(**found[0] | {"added_before": int(found[0]["added_before"])})


async def grow(package_id: str, amount_minor: int, tax_minor: int) -> None:
    """The customer has agreed to pay so much more for the package, which is locked."""
    await execute(
        "UPDATE package SET price_minor = price_minor + $2, tax_minor = tax_minor + $3 WHERE id = $1",
        package_id,
        amount_minor,
        tax_minor,
    )


async def insert_top_up(row: dict[str, Any]) -> None:
    """Write down what was added, for how much."""
    await insert("top_up", [row])
