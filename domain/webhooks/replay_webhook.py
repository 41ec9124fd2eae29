"""Tells a webhook again what it was told: one delivery, or everything after a position."""

from dataclasses import dataclass

from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.webhooks import checking, store
from domain.webhooks.errors import DeliveryForgotten
from domain.webhooks.rules import DeliveryState
from domain.webhooks.view import DeliveryView, WebhookView


@dataclass(frozen=True, slots=True)
class ReplayWebhook:
    """One delivery, or the position after which everything is told again, from 0 on."""

    webhook_id: str
    delivery_id: str | None = None
    after_position: int | None = None


@dataclass(frozen=True, slots=True)
class WebhookReplayed:
    """It goes out again; of one delivery, by this delivery."""

    webhook_id: str
    delivery_id: str | None


@act
async def replay_webhook(work: Work, command: ReplayWebhook) -> WebhookReplayed:
    """The same events under the same ids: who keeps ids of events knows them again. What waits is tried now.

    Refuses InvalidInput, NotFound, WebhookRemoved, DeliveryForgotten.
    """
    work.authorise(None)
    checks = Checks()
    one = (command.delivery_id is None) != (command.after_position is None)
    checks.that(one, "Give either a delivery or a position.")
    checks.passed()
    webhook = await checking.locked(work, command.webhook_id)
    if command.after_position is not None:
        await _after(webhook, command.after_position)
        outcome = WebhookReplayed(webhook.id, None)
    else:
        outcome = WebhookReplayed(webhook.id, await _one(work, webhook, command.delivery_id or ""))
    await record(work, Recorded(outcome))
    return outcome


async def _after(webhook: WebhookView, position: int) -> None:
    checks = Checks()
    checks.between(position, 0, webhook.position, "afterPosition")
    checks.passed()
    if position < webhook.forgotten_position:
        raise DeliveryForgotten(webhook.id, webhook.forgotten_position, "afterPosition")
    await store.change(webhook.id, {"position": position})


async def _one(work: Work, webhook: WebhookView, delivery_id: str) -> str:
    found = await store.delivery(webhook.id, delivery_id)
    if found is None and webhook.forgotten_position:
        raise DeliveryForgotten(webhook.id, webhook.forgotten_position, "deliveryId")
    if found is None:
        raise NotFound("delivery", delivery_id, "deliveryId")
    if found.state is DeliveryState.WAITING:
        await _try_now(work, found)
        return found.id
    replay_id = new_id("whd")
    await store.insert_replay(work, replay_id, found)
    return replay_id


async def _try_now(work: Work, waiting: DeliveryView) -> None:
    """What of its package goes before it has to be tried, too."""
    if waiting.package_id is not None:
        await store.hasten(waiting.webhook_id, work.now, waiting.package_id)
    await store.hasten_one(waiting.id, work.now)
