"""Webhooks as the graph shows them."""

from datetime import datetime
from typing import Any

import strawberry

from domain.webhooks import reading
from domain.webhooks.rules import WebhookState
from domain.webhooks.view import SecretView, WebhookView
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.webhooks.enums import WebhookEventType

WEBHOOK = Loader(reading.by_ids)
SECRETS = Loader(reading.secrets_of)
WAITING = Loader(reading.waiting_of)


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
    forgotten_position: int = strawberry.field(
        description="Of what was told up to this place, deliveries that were taken long ago are gone: it can be told "
        "again what comes after. 0 as long as all are kept."
    )
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
        forgotten_position=view.forgotten_position,
        created_at=view.created_at,
        removed_at=view.removed_at,
    )


async def webhook_shown(info: Info, id: str) -> Webhook | None:
    """A webhook as the actor may see it."""
    found = await info.context.load(WEBHOOK, id)
    return webhook_of(found) if found else None
