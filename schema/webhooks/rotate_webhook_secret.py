"""The mutation rotateWebhookSecret."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.webhooks.rotate_webhook_secret import RotateWebhookSecret
from domain.webhooks.rotating import LONGEST_HOURS
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.webhooks.refusals import WebhookRemoved
from schema.webhooks.types import Webhook, webhook_shown


@strawberry.input(description="The webhook that gets another secret.")
class RotateWebhookSecretInput:
    """The input of rotateWebhookSecret."""

    webhook_id: strawberry.ID = strawberry.field(description="The webhook.")
    former_hours: int = strawberry.field(
        default=24,
        description="For how many hours the secret of now goes on signing beside the new one, "
        f"0 to {LONGEST_HOURS}; 0 where it has become known.",
    )


@strawberry.type(description="Deliveries bear the new signature from now on.")
class RotateWebhookSecretPayload:
    """The outcome of rotateWebhookSecret."""

    webhook: Webhook | None = strawberry.field(description="The webhook.")
    secret: str = strawberry.field(description="The new secret. Told this once, never again.")
    former_until: datetime = strawberry.field(description="Until when they bear the former signature, too.")
    operation_id: strawberry.ID = operation_id()


RotateWebhookSecretResult = Annotated[
    RotateWebhookSecretPayload | InvalidInput | NotFound | WebhookRemoved,
    strawberry.union("RotateWebhookSecretResult", description="The new secret, or why not."),
]


async def resolve(info: Info, input: RotateWebhookSecretInput) -> RotateWebhookSecretResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RotateWebhookSecret(**vars(input)))
    return RotateWebhookSecretPayload(
        webhook=await webhook_shown(info, done.outcome.webhook_id),
        secret=done.outcome.secret,
        former_until=done.outcome.former_until,
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "rotate_webhook_secret",
        "Gives a webhook another secret. Until the former one ends, each delivery bears both signatures; a secret that "
        "was to end anyway ends at once. Sent again it gives one more.",
    ),
)
