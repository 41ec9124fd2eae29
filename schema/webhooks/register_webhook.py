"""The mutation registerWebhook."""

from typing import Annotated, Any

import strawberry

from domain.webhooks.register_webhook import RegisterWebhook, register
from schema.acts import describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput
from schema.webhooks.enums import WebhookEventType
from schema.webhooks.types import Webhook, webhook_shown


@strawberry.input(description="Where events go, and which.")
class RegisterWebhookInput:
    """The input of registerWebhook."""

    url: str = strawberry.field(
        description="An https address that everybody on the internet can reach, at most 1000 characters; what leads "
        "into a private network is refused, now and at every delivery."
    )
    event_types: list[Any] = strawberry.field(
        default_factory=list,
        graphql_type=list[WebhookEventType],
        description="What it is told of; everything, also what is new, when left out.",
    )
    description: str = strawberry.field(default="", description="What it is for, at most 200 characters.")


@strawberry.type(description="What happens from now on is told there.")
class RegisterWebhookPayload:
    """The outcome of registerWebhook."""

    webhook: Webhook | None = strawberry.field(description="The webhook.")
    secret: str = strawberry.field(
        description="What the receiver checks signatures with, as Standard Webhooks says. Told this once, never again."
    )
    operation_id: strawberry.ID = operation_id()


RegisterWebhookResult = Annotated[
    RegisterWebhookPayload | InvalidInput,
    strawberry.union("RegisterWebhookResult", description="The webhook with its secret, or why not."),
]


async def resolve(info: Info, input: RegisterWebhookInput) -> RegisterWebhookResult:
    """Build the command and carry it out."""
    types = tuple(each.value for each in input.event_types)
    done = await register(info.context.actor, RegisterWebhook(input.url, types, input.description))
    info.context.forget()
    return RegisterWebhookPayload(
        webhook=await webhook_shown(info, done.outcome.webhook_id),
        secret=done.outcome.secret or "",
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "register_webhook",
        "Registers an address that is told of what happens from now on: by ids, signed as Standard Webhooks says, in "
        "order for each package, and again until it is answered by 2xx, for three days. Sent again it registers "
        "another one.",
    ),
)
