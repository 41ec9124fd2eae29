"""The mutation changeWebhook."""

from typing import Annotated, Any

import strawberry

from domain.webhooks.change_webhook import ChangeWebhook, change
from schema.acts import describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.webhooks.enums import WebhookEventType
from schema.webhooks.refusals import WebhookRemoved
from schema.webhooks.types import Webhook, webhook_shown


@strawberry.input(description="What gets another value; what is left out stays as it is.")
class ChangeWebhookInput:
    """The input of changeWebhook."""

    webhook_id: strawberry.ID = strawberry.field(description="The webhook.")
    url: str | None = strawberry.field(default=None, description="Where events go, as in registerWebhook.")
    event_types: list[Any] | None = strawberry.field(
        default=None,
        graphql_type=list[WebhookEventType] | None,
        description="What it is told of from now on; empty for everything.",
    )
    description: str | None = strawberry.field(default=None, description="What it is for, at most 200 characters.")
    paused: bool | None = strawberry.field(
        default=None,
        description="True to tell nothing for a while; false to go on, also where the receiver had stopped it.",
    )


@strawberry.type(description="So it is from now on.")
class ChangeWebhookPayload:
    """The outcome of changeWebhook."""

    webhook: Webhook | None = strawberry.field(description="The webhook.")
    operation_id: strawberry.ID = operation_id()


ChangeWebhookResult = Annotated[
    ChangeWebhookPayload | InvalidInput | NotFound | WebhookRemoved,
    strawberry.union("ChangeWebhookResult", description="The webhook changed, or why not."),
]


async def resolve(info: Info, input: ChangeWebhookInput) -> ChangeWebhookResult:
    """Build the command and carry it out."""
    types = None if input.event_types is None else tuple(each.value for each in input.event_types)
    done = await change(info.context.actor, ChangeWebhook(**vars(input) | {"event_types": types}))
    info.context.forget()
    return ChangeWebhookPayload(
        webhook=await webhook_shown(info, done.outcome.webhook_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "change_webhook",
        "Changes where events go, and which, or pauses them: what happens in a pause is told after it, and what waits "
        "is tried at once when it goes on or gets another address. Sent again it comes to the same.",
    ),
)
