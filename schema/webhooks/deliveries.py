"""Deliveries of webhooks as the graph shows them."""

from datetime import datetime
from typing import Any

import strawberry

from domain.webhooks import reading
from domain.webhooks.rules import Attempt, DeliveryState
from domain.webhooks.view import DeliveryView
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown
from schema.webhooks.enums import WebhookEventType
from schema.webhooks.types import Webhook, webhook_shown

DELIVERY = Loader(reading.deliveries_by_ids)
ATTEMPTS = Loader(reading.attempts_of)


@strawberry.type(description="One attempt to deliver an event, and how it ended.")
class WebhookAttempt:
    """An attempt."""

    status: int | None = strawberry.field(description="What the receiver answered; null where it did not.")
    detail: str = strawberry.field(description="What it said, or why it was not reached; empty when it took the event.")
    attempted_at: datetime = strawberry.field(description="When.")
    milliseconds: int = strawberry.field(description="How long it took.")


@strawberry.type(description="One event for one webhook.")
class WebhookDelivery(Node):
    """A delivery."""

    event_type: Any = strawberry.field(graphql_type=WebhookEventType, description="What it tells of.")
    state: DeliveryState = strawberry.field(description="How far it has come.")
    position: int = strawberry.field(description="The place of the operation in the chain's sealed order.")
    body: str = strawberry.field(description="The bytes that are sent, the same at every attempt.")
    attempt_count: int = strawberry.field(description="How often it was attempted.")
    due_at: datetime | None = strawberry.field(
        description="When it is attempted next, if what comes before it for the package was taken; null once it ended."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    delivered_at: datetime | None = strawberry.field(description="When it was taken; null unless it was.")
    package_id: strawberry.ID | None = strawberry.field(description="The package it is about, if any.")
    replays_id: strawberry.ID | None = strawberry.field(
        description="The delivery that it repeats, whose id is its `webhook-id`; null for the first one."
    )
    webhook_id: strawberry.Private[str]
    operation_id: strawberry.Private[str]

    @strawberry.field(description="Where it goes.")
    async def webhook(self, info: Info) -> Webhook | None:
        return await webhook_shown(info, self.webhook_id)

    @strawberry.field(description="What it tells of.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.operation_id)

    @strawberry.field(description="Every attempt, in their order.")
    async def attempts(self, info: Info) -> list[WebhookAttempt] | None:
        found = await info.context.load(ATTEMPTS, self.id)
        return None if found is None else [_attempt_of(attempt) for attempt in found]


def _attempt_of(attempt: Attempt) -> WebhookAttempt:
    return WebhookAttempt(
        status=attempt.status,
        detail=attempt.detail,
        attempted_at=attempt.attempted_at,
        milliseconds=attempt.milliseconds,
    )


def delivery_of(view: DeliveryView) -> WebhookDelivery:
    """A delivery as the graph shows it."""
    return WebhookDelivery(
        id=strawberry.ID(view.id),
        event_type=WebhookEventType(view.event_type),
        state=view.state,
        position=view.position,
        body=view.body,
        attempt_count=view.attempts,
        due_at=view.due_at,
        created_at=view.created_at,
        delivered_at=view.delivered_at,
        package_id=strawberry.ID(view.package_id) if view.package_id else None,
        replays_id=strawberry.ID(view.replays) if view.replays else None,
        webhook_id=view.webhook_id,
        operation_id=view.operation_id,
    )


async def delivery_shown(info: Info, id: str) -> WebhookDelivery | None:
    """A delivery as the actor may see it."""
    found = await info.context.load(DELIVERY, id)
    return delivery_of(found) if found else None
