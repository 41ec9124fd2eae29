"""The mutation replayWebhook."""

from typing import Annotated

import strawberry

from domain.webhooks.replay_webhook import ReplayWebhook
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.webhooks.deliveries import WebhookDelivery, delivery_shown
from schema.webhooks.refusals import DeliveryForgotten, WebhookRemoved
from schema.webhooks.types import Webhook, webhook_shown


@strawberry.input(description="What is told again: either one delivery, or everything after a position.")
class ReplayWebhookInput:
    """The input of replayWebhook."""

    webhook_id: strawberry.ID = strawberry.field(description="The webhook.")
    delivery_id: strawberry.ID | None = strawberry.field(
        default=None, description="One of its deliveries; one that waits is tried at once."
    )
    after_position: int | None = strawberry.field(
        default=None,
        description="A place in the sealed order, from the `forgottenPosition` of the webhook up to where it has come; "
        "what happened before it was registered can be told, too.",
    )


@strawberry.type(description="It goes out again.")
class ReplayWebhookPayload:
    """The outcome of replayWebhook."""

    webhook: Webhook | None = strawberry.field(description="The webhook.")
    delivery: WebhookDelivery | None = strawberry.field(
        description="The delivery by which one is repeated; null where everything after a position is."
    )
    operation_id: strawberry.ID = operation_id()


ReplayWebhookResult = Annotated[
    ReplayWebhookPayload | InvalidInput | NotFound | WebhookRemoved | DeliveryForgotten,
    strawberry.union("ReplayWebhookResult", description="What is told again, or why not."),
]


async def resolve(info: Info, input: ReplayWebhookInput) -> ReplayWebhookResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ReplayWebhook(**vars(input)))
    delivery_id = done.outcome.delivery_id
    return ReplayWebhookPayload(
        webhook=await webhook_shown(info, done.outcome.webhook_id),
        delivery=await delivery_shown(info, delivery_id) if delivery_id else None,
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "replay_webhook",
        "Tells a webhook again what it was told, under the same ids: a receiver that keeps the ids of events knows "
        "them again. Sent again, what still waits is not told once more. What was taken is kept for 90 days unless the "
        "operator says otherwise, and cannot be told again after that.",
    ),
)
