"""Registers an address that is told of events."""

from dataclasses import dataclass, replace

from domain.kernel.access import Actor
from domain.kernel.checks import Checks
from domain.kernel.commands import Done, Recorded, Work, act, record
from domain.kernel.ids import new_id
from domain.ledger.seal import newest_position
from domain.webhooks import checking, store
from domain.webhooks.rotating import new_secret
from domain.webhooks.rules import WebhookState
from domain.webhooks.view import WebhookView


@dataclass(frozen=True, slots=True)
class RegisterWebhook:
    """Where events go, of which types (none: all of them), and what it is for."""

    url: str
    event_types: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class WebhookRegistered:
    """What is sealed from now on is told there; the secret is known to this one answer and to the vault."""

    webhook_id: str
    secret: str | None


@act
async def register_webhook(work: Work, command: RegisterWebhook) -> WebhookRegistered:
    """An address is told of what happens from now on. Refuses InvalidInput."""
    work.authorise(None)
    checks = Checks()
    webhook = WebhookView(
        id=new_id("whk"),
        url=checking.url(checks, command.url),
        description=checks.text(command.description, 200, "description"),
        event_types=checking.types(checks, command.event_types),
        state=WebhookState.ACTIVE,
        stopped_because="",
        position=await newest_position(work.chain_id),
        forgotten_position=0,
        created_at=work.now,
        removed_at=None,
    )
    checks.passed()
    secret = new_secret()
    await store.insert_webhook(work, webhook)
    await store.insert_secret(work, webhook.id, secret)
    outcome = WebhookRegistered(webhook.id, secret)
    await record(work, Recorded(replace(outcome, secret=None)))
    return outcome


async def register(actor: Actor, command: RegisterWebhook) -> Done[WebhookRegistered]:
    """Register it once its URL was looked up; refuses those that lead into a network of our own."""
    return await checking.run_checked(actor, command, command.url)
