"""The mutation rotateInboundSecret."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.inbox.rotate_inbound_secret import RotateInboundSecret
from domain.webhooks.rotating import LONGEST_HOURS
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.inbox.refusals import InboundHookClosed
from schema.inbox.types import InboundHook, hook_shown
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="The hook that gets another secret.")
class RotateInboundSecretInput:
    """The input of rotateInboundSecret."""

    hook_id: strawberry.ID = strawberry.field(description="The hook.")
    former_hours: int = strawberry.field(
        default=24,
        description="For how many hours what is signed with the secret of now is still taken, "
        f"0 to {LONGEST_HOURS}; 0 where it has become known.",
    )


@strawberry.type(description="What is signed with the new secret is taken from now on.")
class RotateInboundSecretPayload:
    """The outcome of rotateInboundSecret."""

    hook: InboundHook | None = strawberry.field(description="The hook.")
    secret: str = strawberry.field(description="The new secret. Told this once, never again.")
    former_until: datetime = strawberry.field(description="Until when the former one is good, too.")
    operation_id: strawberry.ID = operation_id()


RotateInboundSecretResult = Annotated[
    RotateInboundSecretPayload | InvalidInput | NotFound | InboundHookClosed,
    strawberry.union("RotateInboundSecretResult", description="The new secret, or why not."),
]


async def resolve(info: Info, input: RotateInboundSecretInput) -> RotateInboundSecretResult:
    """Build the command and carry it out."""
    done = await carry_out(info, RotateInboundSecret(**vars(input)))
    return RotateInboundSecretPayload(
        hook=await hook_shown(info, done.outcome.hook_id),
        secret=done.outcome.secret,
        former_until=done.outcome.former_until,
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "rotate_inbound_secret",
        "Gives a hook another secret. Until the former one ends, either is good; one that was to end anyway ends at "
        "once. Sent again it gives one more.",
    ),
)
