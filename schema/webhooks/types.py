"""Webhooks and their deliveries as the graph shows them."""

from datetime import datetime
from typing import Any

import strawberry

from domain.webhooks import reading
from domain.webhooks.rules import Attempt, DeliveryState, WebhookState
from domain.webhooks.view import DeliveryView, SecretView, WebhookView
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown
from schema.webhooks.enums import WebhookEventType

WEBHOOK = Loader(reading.by_ids)
DELIVERY = Loader(reading.deliveries_by_ids)
SECRETS = Loader(reading.secrets_of)
WAITING = Loader(reading.waiting_of)
ATTEMPTS = Loader(reading.attempts_of)


@strawberry.type(description="A secret that deliveries are signed with; it was told once, when it was made.")
class WebhookSecret:
    """Since when it is good, and until when."""

    created_at: datetime = strawberry.field(description="Since when it signs.")
    ends_at: datetime | None = strawberry.field(description="Until when; null for the one of now.")


@strawberry.type(description="An address that is told of what happens in the chain.")
class Webhook(Node):
    """A webhook."""

    url: str = strawberry.field(description="Where events go.")
    description: str = strawberry.field(description="What it is for, in the words of who registered it.")
    event_types: list[Any] = strawberry.field(
        graphql_type=list[WebhookEventType], description="What it is told of; empty for everything, also what is new."
    )
    state: WebhookState = strawberry.field(description="Whether events go out.")
    stopped_because: str = strawberry.field(description="Why it was stopped; empty unless it was.")
    position: int = strawberry.field(description="The place in the sealed order up to which its deliveries were made.")
    created_at: datetime = strawberry.field(description="When it was registered.")
    removed_at: datetime | None = strawberry.field(description="When it was removed; null unless it was.")

    @strawberry.field(description="The secrets that it was ever given, the newest first.")
    async def secrets(self, info: Info) -> list[WebhookSecret] | None:
        found = await info.context.load(SECRETS, self.id)
        return None if found is None else [_secret_of(view) for view in found]

    @strawberry.field(description="How many deliveries wait to be taken.")
    async def waiting(self, info: Info) -> int | None:
        return await info.context.load(WAITING, self.id)


def _secret_of(view: SecretView) -> WebhookSecret:
    return WebhookSecret(created_at=view.created_at, ends_at=view.ends_at)


def webhook_of(view: WebhookView) -> Webhook:
    """A webhook as the graph shows it."""
    return Webhook(
        id=strawberry.ID(view.id),
        url=view.url,
        description=view.description,
        event_types=[WebhookEventType(name) for name in view.event_types],
        state=view.state,
        stopped_because=view.stopped_because,
        position=view.position,
        created_at=view.created_at,
        removed_at=view.removed_at,
    )


async def webhook_shown(info: Info, id: str) -> Webhook | None:
    """A webhook as the actor may see it."""
    found = await info.context.load(WEBHOOK, id)
    return webhook_of(found) if found else None


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
