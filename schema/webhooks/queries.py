"""Reading webhooks and what became of their deliveries."""

from typing import Any

import strawberry

from domain.webhooks import reading
from domain.webhooks.reading import DeliveryFilter
from domain.webhooks.rules import DeliveryState
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.webhooks.deliveries import WebhookDelivery, delivery_of
from schema.webhooks.enums import WebhookEventType
from schema.webhooks.types import Webhook, webhook_of


@strawberry.input(description="Which deliveries; every part that is given must hold.")
class WebhookDeliveryFilterInput:
    """The filter of deliveries."""

    webhook_id: strawberry.ID | None = strawberry.field(default=None, description="Of this webhook.")
    state: DeliveryState | None = strawberry.field(default=None, description="That have come as far.")
    event_type: Any = strawberry.field(
        default=None, graphql_type=WebhookEventType | None, description="That tell of this."
    )
    operation_id: strawberry.ID | None = strawberry.field(default=None, description="About this operation.")
    package_id: strawberry.ID | None = strawberry.field(default=None, description="About this package.")


def _chosen(filter: WebhookDeliveryFilterInput | None) -> DeliveryFilter:
    given = dict(vars(filter)) if filter else {}
    if given.get("event_type") is not None:
        given["event_type"] = given["event_type"].value
    return DeliveryFilter(**given)


@strawberry.type
class WebhookQueries:
    """Mixed into the root query."""

    @strawberry.field(description="The webhooks of the chain but removed ones, in the order of their registration.")
    async def webhooks(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Webhook] | None:
        asked = page(first, after, "webhooks")
        found = await reading.page(info.context.actor, asked.after[0] if asked.after else None, asked.size + 1)
        return connection(found, asked, webhook_of, lambda view: [view.id])

    @strawberry.field(description="What webhooks were told, or are to be told, newest first, also removed ones.")
    async def webhook_deliveries(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: WebhookDeliveryFilterInput | None = None,
    ) -> Connection[WebhookDelivery] | None:
        chosen = _chosen(filter)
        asked = page(first, after, chosen)
        behind = asked.after[0] if asked.after else None
        found = await reading.deliveries(info.context.actor, chosen, asked.size + 1, behind)
        return connection(found, asked, delivery_of, lambda view: [view.id])
