"""Every statement by which bodies of events are emptied."""

from collections.abc import Sequence
from datetime import datetime

from domain.kernel.db import execute, rows


async def ended(before: datetime, at_most: int) -> Sequence[str]:
    """Events that ended before then and were not refused, with a body still, locked."""
    found = await rows(
        """SELECT id FROM inbound_event
        WHERE state IN ('PROCESSED', 'IGNORED') AND length(body) > 0 AND processed_at < $1
        ORDER BY processed_at LIMIT $2 FOR UPDATE SKIP LOCKED""",
        before,
        at_most,
    )
    return [row["id"] for row in found]


async def empty(ids: Sequence[str]) -> None:
    """What they said is kept no longer."""
    await execute("UPDATE inbound_event SET body = $2 WHERE id = ANY($1)", list(ids), b"")
