"""Every statement by which acts change webhooks and their secrets."""

from collections.abc import Mapping
from datetime import datetime

from domain.kernel import vault
from domain.kernel.commands import Work
from domain.kernel.db import execute, insert, rows
from domain.webhooks.rules import DeliveryState
from domain.webhooks.view import DELIVERY, WEBHOOK, DeliveryView, WebhookView, delivery_of, webhook_of


async def lock(work: Work, webhook_id: str) -> WebhookView | None:
    """A webhook of the chain, which stays as it is until the act ends."""
    found = await rows(f"{WEBHOOK} WHERE chain_id = $1 AND id = $2 FOR UPDATE", work.chain_id, webhook_id)
    return webhook_of(found[0]) if found else None


async def insert_webhook(work: Work, webhook: WebhookView) -> None:
    """A webhook that is told of events from now on."""
    await insert(
        "webhook",
        [
            {
                "id": webhook.id,
                "chain_id": work.chain_id,
                "url": webhook.url,
                "description": webhook.description,
                "event_types": list(webhook.event_types),
                "state": webhook.state.value,
                "position": webhook.position,
                "created_by": work.actor.id,
                "created_at": webhook.created_at,
            }
        ],
    )


async def change(webhook_id: str, values: Mapping[str, object]) -> None:
    """Other values of the columns that are named."""
    changes = ", ".join(f"{column} = ${number}" for number, column in enumerate(values, 2))
    await execute(f"UPDATE webhook SET {changes} WHERE id = $1", webhook_id, *values.values())


async def insert_secret(work: Work, webhook_id: str, secret: str) -> None:
    """A secret that signs from now on."""
    await insert("webhook_secret", [{"webhook_id": webhook_id, "secret": vault.seal(secret), "created_at": work.now}])


async def end_secrets(webhook_id: str, now: datetime, present_until: datetime) -> None:
    """Let the present secret sign until then, and those that were to end anyway no longer."""
    await execute("UPDATE webhook_secret SET ends_at = $2 WHERE webhook_id = $1 AND ends_at > $2", webhook_id, now)
    await execute(
        "UPDATE webhook_secret SET ends_at = $2 WHERE webhook_id = $1 AND ends_at IS NULL", webhook_id, present_until
    )


async def hasten(webhook_id: str, now: datetime, package_id: str | None = None) -> None:
    """Let what waits be tried now: of one package, or all of it."""
    await execute(
        """UPDATE webhook_delivery SET due_at = $2 WHERE webhook_id = $1 AND state = 'WAITING' AND due_at > $2
        AND (CAST($3 AS VARCHAR(32)) IS NULL OR package_id = $3)""",
        webhook_id,
        now,
        package_id,
    )


async def hasten_one(delivery_id: str, now: datetime) -> None:
    """Let one delivery be tried now."""
    await execute("UPDATE webhook_delivery SET due_at = $2 WHERE id = $1 AND due_at > $2", delivery_id, now)


async def cancel_waiting(webhook_id: str) -> None:
    """What was not delivered will not be."""
    await execute(
        """UPDATE webhook_delivery SET state = 'CANCELLED', due_at = NULL
        WHERE webhook_id = $1 AND state = 'WAITING'""",
        webhook_id,
    )


async def delivery(webhook_id: str, delivery_id: str) -> DeliveryView | None:
    """A delivery of the webhook, or the one that waits to be made in its place."""
    found = await rows(
        f"""{DELIVERY} WHERE d.webhook_id = $1 AND (d.id = $2 OR d.state = 'WAITING' AND d.position =
            (SELECT position FROM webhook_delivery WHERE webhook_id = $1 AND id = $2))
        ORDER BY CASE d.state WHEN 'WAITING' THEN 0 ELSE 1 END LIMIT 1""",
        webhook_id,
        delivery_id,
    )
    return delivery_of(found[0]) if found else None


async def insert_replay(work: Work, replay_id: str, of: DeliveryView) -> None:
    """The same event again, under the id and with the bytes that it was first sent with."""
    await insert(
        "webhook_delivery",
        [
            {
                "id": replay_id,
                "webhook_id": of.webhook_id,
                "position": of.position,
                "operation_id": of.operation_id,
                "package_id": of.package_id,
                "event_type": of.event_type,
                "body": of.body,
                "state": DeliveryState.WAITING.value,
                "due_at": work.now,
                "created_at": work.now,
                "replays": of.replays or of.id,
            }
        ],
    )
