"""Every statement about packages that are closed for good, and about what stands in the way of that."""

from datetime import datetime

from domain.kernel.db import execute, rows
from domain.packages.sold import Closing


async def sale_of(package_id: str) -> str | None:
    """The operation that sold the package, which is locked; None where it came to be in another way."""
    found = await rows(
        "SELECT id FROM operation WHERE package_id = $1 AND package_version = 1 AND act = 'sell_package'", package_id
    )
    return found[0]["id"] if found else None


async def upgraded_from(package_id: str) -> str | None:
    """The package that an upgrade closed for this one; None where no upgrade opened it."""
    found = await rows("SELECT package_id FROM upgrade WHERE into_package_id = $1", package_id)
    return found[0]["package_id"] if found else None


async def received(package_id: str) -> int:
    """How many sessions other customers have handed on into the package, and have not taken back."""
    found = await rows(
        "SELECT COALESCE(SUM(moved), 0) AS sessions FROM transfer WHERE into_package_id = $1 AND state = 'DONE'",
        package_id,
    )
    return int(found[0]["sessions"])


async def handed_on_minor(package_id: str) -> int:
    """The value that was handed on from the package, or was received in it and given back: it is there no more."""
    found = await rows(
        """SELECT COALESCE(SUM(value_minor), 0) AS value FROM (
            SELECT value_minor FROM transfer WHERE package_id = $1 AND state = 'DONE'
            UNION ALL SELECT g.value_minor FROM transfer t JOIN transfer_lot g ON g.transfer_id = t.id
            JOIN lot l ON l.id = g.into_lot_id
            WHERE t.into_package_id = $1 AND t.state = 'UNDONE' AND l.origin = 'TRANSFER') AS gone""",
        package_id,
    )
    return int(found[0]["value"])


async def conceded_minor(package_id: str) -> int:
    """What was refunded of the package as goodwill."""
    found = await rows(
        "SELECT COALESCE(SUM(goodwill_minor), 0) AS given FROM refund WHERE package_id = $1 AND agreed_at IS NOT NULL",
        package_id,
    )
    return int(found[0]["given"])


async def confirmed_bookings(package_id: str) -> dict[str, datetime]:
    """The confirmed bookings of the package, earliest first, with when they start."""
    found = await rows(
        "SELECT id, starts_at FROM booking WHERE package_id = $1 AND state = 'CONFIRMED' ORDER BY starts_at, id",
        package_id,
    )
    return {row["id"]: row["starts_at"] for row in found}


async def close(package_id: str, closed_as: Closing, closed_at: datetime) -> None:
    """Close the package, which is locked, for good."""
    await execute(
        "UPDATE package SET closed_at = $2, closed_as = $3 WHERE id = $1", package_id, closed_at, closed_as.value
    )


async def value_taken_away(package_id: str) -> int:
    """The value of the sessions that earlier refunds and lost disputes have taken away."""
    found = await rows(
        "SELECT COALESCE(SUM(value_minor), 0) AS value FROM movement WHERE package_id = $1 AND target = 'REFUNDED'",
        package_id,
    )
    return int(found[0]["value"])
