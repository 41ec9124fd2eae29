"""Gives a webhook another secret, while the one before is still good for a time."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.kernel.commands import Recorded, Work, act, record
from domain.webhooks import checking, store
from domain.webhooks.rotating import former_until, new_secret


@dataclass(frozen=True, slots=True)
class RotateWebhookSecret:
    """The webhook, and for how many hours the secret of now goes on signing beside the new one."""

    webhook_id: str
    former_hours: int = 24


@dataclass(frozen=True, slots=True)
class WebhookSecretRotated:
    """Deliveries bear the new signature from now on, and until then also the former one."""

    webhook_id: str
    secret: str | None
    former_until: datetime


@act
async def rotate_webhook_secret(work: Work, command: RotateWebhookSecret) -> WebhookSecretRotated:
    """A new secret signs at once; at most two are good at a time. Refuses InvalidInput, NotFound, WebhookRemoved."""
    work.authorise(None)
    until = former_until(work, command.former_hours)
    webhook = await checking.locked(work, command.webhook_id)
    secret = new_secret()
    await store.end_secrets(webhook.id, work.now, until)
    await store.insert_secret(work, webhook.id, secret)
    outcome = WebhookSecretRotated(webhook.id, secret, until)
    await record(work, Recorded(replace(outcome, secret=None)))
    return outcome
