"""The mutation closeInboundHook."""

from typing import Annotated

import strawberry

from domain.inbox.close_inbound_hook import CloseInboundHook
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.inbox.refusals import InboundHookClosed
from schema.inbox.types import InboundHook, hook_shown
from schema.refusals import NotFound


@strawberry.input(description="The hook to close.")
class CloseInboundHookInput:
    """The input of closeInboundHook."""

    hook_id: strawberry.ID = strawberry.field(description="The hook.")


@strawberry.type(description="Nothing is taken there any more.")
class CloseInboundHookPayload:
    """The outcome of closeInboundHook."""

    hook: InboundHook | None = strawberry.field(description="The hook.")
    operation_id: strawberry.ID = operation_id()


CloseInboundHookResult = Annotated[
    CloseInboundHookPayload | NotFound | InboundHookClosed,
    strawberry.union("CloseInboundHookResult", description="The hook closed, or why not."),
]


async def resolve(info: Info, input: CloseInboundHookInput) -> CloseInboundHookResult:
    """Build the command and carry it out."""
    done = await carry_out(info, CloseInboundHook(input.hook_id))
    return CloseInboundHookPayload(
        hook=await hook_shown(info, done.outcome.hook_id), operation_id=strawberry.ID(done.operation_id)
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "close_inbound_hook",
        "Closes a hook for ever: what is sent there is answered by 410 and not kept. What was taken before is still "
        "processed, and can be read and retried. Sent again it is refused as closed.",
    ),
)
