"""Every statement by which the outcome of attempts is written, under the lease of their webhook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.db import execute, execute_many, insert, rows
from domain.webhooks.rules import Attempt


@dataclass(frozen=True, slots=True)
class Tried:
    """A delivery that was attempted, as it was before."""

    id: str
    package_id: str | None
    attempts: int


async def insert_attempts(attempts: Sequence[Attempt]) -> None:
    """Write down how attempts ended."""
    await insert(
        "webhook_attempt",
        [
            {
                "delivery_id": attempt.delivery_id,
                "status": attempt.status,
                "detail": attempt.detail,
                "attempted_at": attempt.attempted_at,
                "milliseconds": attempt.milliseconds,
            }
            for attempt in attempts
        ],
    )


async def waiting(delivery_ids: Sequence[str]) -> list[Tried]:
    """Those of the deliveries that still wait."""
    found = await rows(
        "SELECT id, package_id, attempts FROM webhook_delivery WHERE id = ANY($1) AND state = 'WAITING'",
        list(delivery_ids),
    )
    return [Tried(**row) for row in found]


async def delivered(delivery_ids: Sequence[str], now: datetime) -> None:
    """They were taken."""
    if not delivery_ids:
        return
    await execute(
        """UPDATE webhook_delivery SET state = 'DELIVERED', due_at = NULL, delivered_at = $2, attempts = attempts + 1
        WHERE id = ANY($1)""",
        list(delivery_ids),
        now,
    )


async def failed(delivery_ids: Sequence[str]) -> None:
    """They were attempted as often as they are."""
    if not delivery_ids:
        return
    await execute(
        "UPDATE webhook_delivery SET state = 'FAILED', due_at = NULL, attempts = attempts + 1 WHERE id = ANY($1)",
        list(delivery_ids),
    )


async def put_off(webhook_id: str, tried: Sequence[tuple[Tried, datetime]]) -> None:
    """They are tried again then, and what comes after them for the same package not before."""
    await execute_many(
        "UPDATE webhook_delivery SET due_at = $2, attempts = attempts + 1 WHERE id = $1",
        [(delivery.id, due_at) for delivery, due_at in tried],
    )
    await execute_many(
        """UPDATE webhook_delivery SET due_at = $3
        WHERE webhook_id = $1 AND package_id = $2 AND state = 'WAITING' AND due_at < $3""",
        [(webhook_id, delivery.package_id, due_at) for delivery, due_at in tried if delivery.package_id],
    )


async def stop(webhook_id: str, because: str) -> None:
    """Nothing more is sent until a person lets it go on."""
    await execute("UPDATE webhook SET state = 'STOPPED', stopped_because = $2 WHERE id = $1", webhook_id, because)
