"""Removes a webhook."""

from dataclasses import dataclass

from domain.kernel.commands import Recorded, Work, act, record
from domain.webhooks import checking, store


@dataclass(frozen=True, slots=True)
class RemoveWebhook:
    """The webhook to remove."""

    webhook_id: str


@dataclass(frozen=True, slots=True)
class WebhookGone:
    """Nothing is told there any more."""

    webhook_id: str


@act
async def remove_webhook(work: Work, command: RemoveWebhook) -> WebhookGone:
    """Nothing more goes there, for ever; what was delivered can still be read. Refuses NotFound, WebhookRemoved."""
    work.authorise(None)
    webhook = await checking.locked(work, command.webhook_id)
    await store.change(webhook.id, {"removed_at": work.now})
    await store.cancel_waiting(webhook.id)
    outcome = WebhookGone(webhook.id)
    await record(work, Recorded(outcome))
    return outcome
