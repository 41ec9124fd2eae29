"""Every statement by which roles end."""

from domain.kernel.access import Role
from domain.kernel.commands import Work
from domain.kernel.db import execute, rows


async def lock_owners(work: Work) -> set[str]:
    """Who owns the whole chain; nobody else can end that until the act ends."""
    found = await rows(
        """SELECT staff_id FROM role_grant WHERE chain_id = $1 AND role = $2 AND branch_id IS NULL
        AND revoked_at IS NULL ORDER BY id FOR UPDATE""",
        work.chain_id,
        Role.OWNER.value,
    )
    return {row["staff_id"] for row in found}


async def revoke(work: Work, grant_id: str) -> None:
    """A role that is held no more."""
    await execute("UPDATE role_grant SET revoked_at = $2 WHERE id = $1", grant_id, work.now)
