"""Every statement by which deliveries are sent: the lease of a webhook, and what is due under it."""

from dataclasses import dataclass
from datetime import datetime

from domain.kernel.db import execute, rows


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose turn it is; its message goes by the id that it was first sent with."""

    id: str
    message_id: str
    body: str


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
    """The secrets that are good now, sealed, the newest first."""
    found = await rows(
        """SELECT secret FROM webhook_secret WHERE webhook_id = $1 AND (ends_at IS NULL OR ends_at > $2)
        ORDER BY id DESC""",
        webhook_id,
        now,
    )
    return [row["secret"] for row in found]


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
