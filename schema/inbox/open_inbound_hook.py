"""The mutation openInboundHook."""

from typing import Annotated

import strawberry

from domain.inbox.open_inbound_hook import LONGEST_NAME, OpenInboundHook
from domain.inbox.rules import ProviderKind
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.inbox.refusals import InboundNameTaken
from schema.inbox.types import InboundHook, hook_shown
from schema.refusals import InvalidInput


@strawberry.input(description="For which system.")
class OpenInboundHookInput:
    """The input of openInboundHook."""

    name: str = strawberry.field(
        description=f"What the system is called, at most {LONGEST_NAME} characters: the `source` of the bookings it "
        "tells of. One hook of a name is open at a time; one that is opened after it goes on with the same bookings."
    )
    provider: ProviderKind = strawberry.field(default=ProviderKind.SCHEDULER, description="What kind of system it is.")


@strawberry.type(description="Events are taken from now on.")
class OpenInboundHookPayload:
    """The outcome of openInboundHook."""

    hook: InboundHook | None = strawberry.field(description="The hook, with the path where events are sent.")
    secret: str = strawberry.field(
        description="What the system signs events with, as Standard Webhooks says. Told this once, never again."
    )
    operation_id: strawberry.ID = operation_id()


OpenInboundHookResult = Annotated[
    OpenInboundHookPayload | InvalidInput | InboundNameTaken,
    strawberry.union("OpenInboundHookResult", description="The hook with its secret, or why not."),
]


async def resolve(info: Info, input: OpenInboundHookInput) -> OpenInboundHookResult:
    """Build the command and carry it out."""
    done = await carry_out(info, OpenInboundHook(**vars(input)))
    return OpenInboundHookPayload(
        hook=await hook_shown(info, done.outcome.hook_id),
        secret=done.outcome.secret,
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "open_inbound_hook",
        "Opens a door for another system. What it sends there is verified, kept, answered at once, and has its effect "
        "once, however often it is sent; the audit log has it under the id of the hook. Sent again it is refused, as "
        "the name is taken.",
    ),
)
