"""Every statement about how much of refunds who may agree to, and what was agreed to on a day."""

from collections.abc import Sequence
from datetime import datetime

from domain.kernel.commands import Work
from domain.kernel.db import insert, rows
from domain.kernel.ids import new_id
from domain.kernel.principals import Role
from domain.refunds.rules.limits import Limit, Today

NEWEST = """NOT EXISTS (SELECT 1 FROM refund_limit n WHERE n.chain_id = r.chain_id AND n.role = r.role
    AND COALESCE(n.branch_id, '') = COALESCE(r.branch_id, '') AND n.id > r.id)"""
"""Whether a limit `r` counts still."""

_LINE = """WITH RECURSIVE line AS (SELECT CAST($1 AS VARCHAR(32)) AS id
    UNION SELECT CASE WHEN u.package_id = line.id THEN u.into_package_id ELSE u.package_id END
        FROM line JOIN upgrade u ON u.package_id = line.id OR u.into_package_id = line.id)"""
"""A package, those that upgrades closed for it, and those that it was closed for."""


async def insert_limit(work: Work, limit: Limit, currency: str) -> str:
    """A limit that counts from now on; its id."""
    record = {
        "id": new_id("rfl"),
        "chain_id": work.chain_id,
        "role": limit.role.value,
        "branch_id": limit.branch_id,
        "currency": currency,
        "at_once_minor": limit.at_once_minor,
        "per_day_minor": limit.per_day_minor,
        "set_by": work.actor.id,
        "set_at": work.now,
    }
    await insert("refund_limit", [record])
    return str(record["id"])


async def lock_person(staff_id: str) -> None:
    """Let one refund at a time be counted for who decides about it; whoever is not on the staff agrees to nothing."""
    await rows("SELECT id FROM staff WHERE id = $1 FOR NO KEY UPDATE", staff_id)


async def counted(
    chain_id: str, home_id: str, package_id: str, person_id: str, since: datetime, roles: Sequence[Role], but: str = ""
) -> tuple[Today, list[Limit]]:
    """What was agreed to since then, without one refund, and the limits of these roles that count at the home branch.

    What was agreed for a package counts for those that upgrades made of it, and for those it was made of; what a person
    asked for counts at every branch, and what they agreed to at this one, as limits do. Both come in one statement; the
    limits are the branch's own and those of the chain.
    """
    found = await rows(
        f"""{_LINE} SELECT NULL AS role, NULL AS branch_id, NULL AS at_once_minor, NULL AS per_day_minor,
            COALESCE(SUM(CASE WHEN own = 1 AND agreed_at >= $4 THEN amount END), 0) AS of_package_minor,
            COALESCE(SUM(CASE WHEN home_branch_id = $2 AND agreed_at >= $4 AND decider = $3 THEN amount END), 0)
                AS agreed_minor,
            COALESCE(SUM(CASE WHEN requested_at >= $4 AND requested_by = $3 THEN amount END), 0) AS asked_minor
        FROM (SELECT CASE WHEN package_id IN (SELECT id FROM line) THEN 1 ELSE 0 END AS own, home_branch_id,
                requested_by, requested_at, agreed_at, COALESCE(decided_by, requested_by) AS decider,
                refund_minor + goodwill_minor AS amount
            FROM refund WHERE state IN ('REQUESTED', 'APPROVED', 'COMPLETED') AND id <> $5
                AND (package_id IN (SELECT id FROM line) OR (requested_by = $3 AND requested_at >= $4)
                OR (decided_by = $3 AND decided_at >= $4))) AS told
        UNION ALL SELECT r.role, r.branch_id, r.at_once_minor, r.per_day_minor, 0, 0, 0 FROM refund_limit r
            WHERE r.chain_id = $6 AND r.role = ANY($7) AND (r.branch_id = $2 OR r.branch_id IS NULL) AND {NEWEST}""",
        package_id,
        home_id,
        person_id,
        since,
        but,
        chain_id,
        [role.value for role in roles],
    )
    [sums] = [row for row in found if row["role"] is None]
    limits = [
        Limit(Role(row["role"]), row["branch_id"], row["at_once_minor"], row["per_day_minor"])
        for row in found
        if row["role"] is not None
    ]
    return Today(*(int(sums[name]) for name in Today.__slots__)), limits
