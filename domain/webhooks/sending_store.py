"""Every statement by which deliveries are sent: under a lease of their webhook, which nothing is changed without."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel import vault
from domain.kernel.db import execute, execute_many, insert, rows
from domain.webhooks.rules import Attempt


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose turn it is; its message goes by the id that it was first sent with."""

    id: str
    message_id: str
    body: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A delivery that was attempted, as it was before."""

    id: str
    package_id: str | None
    attempts: int


_OPEN = "state = 'ACTIVE' AND removed_at IS NULL"
_DUE = "d.webhook_id = $1 AND d.state = 'WAITING' AND d.due_at <= $2"
_FIRST_OF_ITS_PACKAGE = """(d.package_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM webhook_delivery e WHERE e.webhook_id = d.webhook_id AND e.package_id = d.package_id
    AND e.state = 'WAITING' AND (e.position < d.position OR e.position = d.position AND e.id < d.id)))"""


async def ready(now: datetime) -> list[str]:
    """The webhooks for which something is due and nobody is at work."""
    found = await rows(
        f"""SELECT id FROM webhook w WHERE {_OPEN} AND (leased_until IS NULL OR leased_until < $1) AND EXISTS (
            SELECT 1 FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'WAITING' AND d.due_at <= $1)
        ORDER BY id""",
        now,
    )
    return [row["id"] for row in found]


async def take(webhook_id: str, token: str, now: datetime, until: datetime) -> bool:
    """Whether the lease is ours from now on."""
    taken = await execute(
        f"""UPDATE webhook SET leased_by = $2, leased_until = $3
        WHERE id = $1 AND {_OPEN} AND (leased_until IS NULL OR leased_until < $4)""",
        webhook_id,
        token,
        until,
        now,
    )
    return taken == 1


async def renew(webhook_id: str, token: str, until: datetime) -> bool:
    """Whether the lease is still ours; the webhook is locked until the transaction ends."""
    renewed = await execute(
        "UPDATE webhook SET leased_until = $3 WHERE id = $1 AND leased_by = $2", webhook_id, token, until
    )
    return renewed == 1


async def give_back(webhook_id: str, token: str) -> None:
    """The lease is nobody's."""
    await execute(
        "UPDATE webhook SET leased_by = NULL, leased_until = NULL WHERE id = $1 AND leased_by = $2", webhook_id, token
    )


async def url(webhook_id: str) -> str | None:
    """Where deliveries go; None while none may go."""
    found = await rows(f"SELECT url FROM webhook WHERE id = $1 AND {_OPEN}", webhook_id)
    return found[0]["url"] if found else None


async def secrets(webhook_id: str, now: datetime) -> list[str]:
    """The secrets that are good now, the newest first."""
    found = await rows(
        """SELECT secret FROM webhook_secret WHERE webhook_id = $1 AND (ends_at IS NULL OR ends_at > $2)
        ORDER BY id DESC""",
        webhook_id,
        now,
    )
    return [vault.unseal(row["secret"]) for row in found]


async def due(webhook_id: str, now: datetime, at_most: int) -> list[Due]:
    """What may be sent now: of each package only what comes first."""
    found = await rows(
        f"""SELECT d.id, COALESCE(d.replays, d.id) AS message_id, d.body FROM webhook_delivery d
        WHERE {_DUE} AND {_FIRST_OF_ITS_PACKAGE} ORDER BY d.due_at, d.position, d.id LIMIT $3""",
        webhook_id,
        now,
        at_most,
    )
    return [Due(**row) for row in found]


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
    await execute(
        """UPDATE webhook_delivery SET state = 'DELIVERED', due_at = NULL, delivered_at = $2, attempts = attempts + 1
        WHERE id = ANY($1)""",
        list(delivery_ids),
        now,
    )


async def failed(delivery_ids: Sequence[str]) -> None:
    """They were attempted as often as they are."""
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
