"""Every statement by which deliveries that ended long ago are deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.db import execute, rows


@dataclass(frozen=True, slots=True)
class Ended:
    """A delivery that is kept no longer."""

    id: str
    position: int


# By the position SQLite would look through all there are; the sum lets it look through those that ended.
_DELIVERED = "d.webhook_id = w.id AND d.position + 0 <= w.position AND d.state = 'DELIVERED' AND d.delivered_at < $1"
_CANCELLED = "d.webhook_id = w.id AND d.state = 'CANCELLED' AND w.removed_at < $1"


async def with_ended(before: datetime) -> list[str]:
    """The webhooks of which some deliveries ended before then."""
    found = await rows(
        f"""SELECT w.id FROM webhook w WHERE EXISTS (SELECT 1 FROM webhook_delivery d WHERE {_DELIVERED})
        OR EXISTS (SELECT 1 FROM webhook_delivery d WHERE {_CANCELLED}) ORDER BY w.id""",
        before,
    )
    return [row["id"] for row in found]


async def lock(webhook_id: str) -> None:
    """Nobody moves its place until the transaction ends."""
    await rows("SELECT id FROM webhook WHERE id = $1 FOR UPDATE", webhook_id)


async def ended(webhook_id: str, before: datetime, at_most: int) -> list[Ended]:
    """Deliveries of the webhook that ended before then."""
    found = await rows(
        f"""SELECT d.id, d.position FROM webhook w JOIN webhook_delivery d ON {_DELIVERED} WHERE w.id = $2
        UNION ALL SELECT d.id, d.position FROM webhook w JOIN webhook_delivery d ON {_CANCELLED} WHERE w.id = $2
        LIMIT $3""",
        before,
        webhook_id,
        at_most,
    )
    return [Ended(**row) for row in found]


async def remember(webhook_id: str, position: int) -> None:
    """Of what was told up to there, some is gone."""
    await execute(
        "UPDATE webhook SET forgotten_position = $2 WHERE id = $1 AND forgotten_position < $2", webhook_id, position
    )


async def delete(delivery_ids: Sequence[str]) -> None:
    """Deliveries go with the attempts at them."""
    await execute("DELETE FROM webhook_attempt WHERE delivery_id = ANY($1)", list(delivery_ids))
    await execute("DELETE FROM webhook_delivery WHERE id = ANY($1)", list(delivery_ids))
