"""Changes what a webhook is told and where, and lets it pause and go on."""

from dataclasses import dataclass
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.checks import Checks
from domain.kernel.commands import Done, Recorded, Work, act, record
from domain.webhooks import checking, store
from domain.webhooks.rules import WebhookState


@dataclass(frozen=True, slots=True)
class ChangeWebhook:
    """What gets another value; what is None stays. Not paused, it goes on, also where its receiver had stopped it."""

    webhook_id: str
    url: str | None = None
    event_types: tuple[str, ...] | None = None
    description: str | None = None
    paused: bool | None = None


@dataclass(frozen=True, slots=True)
class WebhookChanged:
    """So it is from now on."""

    webhook_id: str


@act
async def change_webhook(work: Work, command: ChangeWebhook) -> WebhookChanged:
    """Another address, other events, a pause or its end: what happens in a pause is told after it.

    Refuses InvalidInput, NotFound, WebhookRemoved.
    """
    work.authorise(None)
    values = _values(command)
    webhook = await checking.locked(work, command.webhook_id)
    await store.change(webhook.id, values)
    if command.paused is False or command.url is not None:
        await store.hasten(webhook.id, work.now)
    outcome = WebhookChanged(webhook.id)
    await record(work, Recorded(outcome))
    return outcome


def _values(command: ChangeWebhook) -> dict[str, Any]:
    """The columns that change."""
    checks, values = Checks(), dict[str, Any]()
    if command.url is not None:
        values["url"] = checking.url(checks, command.url)
    if command.event_types is not None:
        values["event_types"] = list(checking.types(checks, command.event_types))
    if command.description is not None:
        values["description"] = checks.text(command.description, 200, "description")
    if command.paused is not None:
        values["state"] = (WebhookState.PAUSED if command.paused else WebhookState.ACTIVE).value
        values["stopped_because"] = ""
    checks.that(bool(values), "Give at least one value.")
    checks.passed()
    return values


async def change(actor: Actor, command: ChangeWebhook) -> Done[WebhookChanged]:
    """Change it once a new URL was looked up; refuses those that lead into a network of our own."""
    return await checking.run_checked(actor, command, command.url)
