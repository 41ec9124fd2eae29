"""The mutation removeWebhook."""

from typing import Annotated

import strawberry

from domain.webhooks.remove_webhook import RemoveWebhook
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import NotFound
from schema.webhooks.refusals import WebhookRemoved
from schema.webhooks.types import Webhook, webhook_shown


@strawberry.input(description="The webhook to remove.")
class RemoveWebhookInput:
    """The input of removeWebhook."""

    webhook_id: strawberry.ID = strawberry.field(description="The webhook.")


@strawberry.type(description="Nothing is told there any more.")
class RemoveWebhookPayload:
    """The outcome of removeWebhook."""

    webhook: Webhook | None = strawberry.field(description="The webhook.")
    operation_id: strawberry.ID = operation_id()


RemoveWebhookResult = Annotated[
    RemoveWebhookPayload | NotFound | WebhookRemoved,
    strawberry.union("RemoveWebhookResult", description="The webhook removed, or why not."),
]


async def resolve(info: Info, input: RemoveWebhookInput) -> RemoveWebhookResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RemoveWebhook(input.webhook_id))
    return RemoveWebhookPayload(
        webhook=await webhook_shown(info, done.outcome.webhook_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "remove_webhook",
        "Removes a webhook for ever: what waits is not delivered any more, and what was delivered can still be read. "
        "Sent again it is refused as removed.",
    ),
)
