"""Every statement about days of branches that wait to be summed; whoever changes them holds the connection."""

from collections.abc import Iterable
from datetime import date, datetime

from domain.kernel.db import execute, execute_many, rows

Day = tuple[str, date]
"""A day of a branch."""


async def wait(connection_id: str, days: Iterable[tuple[str, date, datetime]]) -> None:
    """These are to be summed, each of them from an instant on; those that are known already stay as they are."""
    await execute_many(
        """INSERT INTO sync_waiting_day (connection_id, branch_id, day, over_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (connection_id, day, branch_id) DO NOTHING""",
        [(connection_id, *each) for each in days],
    )


async def over(connection_id: str, now: datetime, limit: int) -> list[Day]:
    """The days that can be summed, those that are over the longest first."""
    found = await rows(
        """SELECT branch_id, day FROM sync_waiting_day WHERE connection_id = $1 AND over_at <= $2
        ORDER BY over_at, branch_id LIMIT $3""",
        connection_id,
        now,
        limit,
    )
    return [(row["branch_id"], row["day"]) for row in found]


async def earliest(connection_id: str, limit: int) -> list[Day]:
    """The first days, whether they are over or not."""
    found = await rows(
        "SELECT branch_id, day FROM sync_waiting_day WHERE connection_id = $1 ORDER BY day, branch_id LIMIT $2",
        connection_id,
        limit,
    )
    return [(row["branch_id"], row["day"]) for row in found]


async def summed(connection_id: str, branch_id: str, day: date) -> bool:
    """It waits no more; whether it did."""
    gone = await execute(
        "DELETE FROM sync_waiting_day WHERE connection_id = $1 AND branch_id = $2 AND day = $3",
        connection_id,
        branch_id,
        day,
    )
    return gone == 1
