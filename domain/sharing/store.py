"""Every statement that acts on sharing need."""

from domain.catalog.terms import Sharing
from domain.kernel.commands import Work
from domain.kernel.db import execute, insert
from domain.kernel.ids import new_id


async def set_sharing(package_id: str, sharing: Sharing) -> None:
    """Say who besides the holder may use a locked package from now on."""
    await execute("UPDATE package SET sharing = $2 WHERE id = $1", package_id, sharing.value)


async def share(work: Work, package_id: str, customer_id: str, most_sessions: int | None) -> None:
    """Share a locked package with a person, up to so many sessions, in place of what was before."""
    await revoke(work, package_id, customer_id)
    await insert(
        "share",
        [
            {
                "id": new_id("shr"),
                "package_id": package_id,
                "customer_id": customer_id,
                "most_sessions": most_sessions,
                "shared_by": work.actor.id,
                "shared_at": work.now,
            }
        ],
    )


async def revoke(work: Work, package_id: str, customer_id: str | None = None) -> int:
    """End what a locked package is shared with a person for, or with everybody; how many that were."""
    only = "" if customer_id is None else " AND customer_id = $4"
    return await execute(
        f"UPDATE share SET revoked_by = $2, revoked_at = $3 WHERE package_id = $1 AND revoked_at IS NULL{only}",
        package_id,
        work.actor.id,
        work.now,
        *(() if customer_id is None else (customer_id,)),
    )
