"""Refusals about hooks and inbound events as the graph shows them."""

from datetime import datetime

import strawberry

from domain.inbox import errors
from schema.refusals import UserError, refusal


@refusal(errors.InboundNameTaken)
class InboundNameTaken(UserError):
    """Open already."""

    hook_id: strawberry.ID = strawberry.field(description="The hook that has the name.")


@refusal(errors.InboundHookClosed)
class InboundHookClosed(UserError):
    """Closed before."""

    hook_id: strawberry.ID = strawberry.field(description="The hook.")
    closed_at: datetime = strawberry.field(description="Since when nothing is taken there any more.")


@refusal(errors.InboundEventProcessed)
class InboundEventProcessed(UserError):
    """Done before."""

    event_id: strawberry.ID = strawberry.field(description="The event.")
    processed_at: datetime = strawberry.field(description="When it had its effect.")


@refusal(errors.InboundEventForgotten)
class InboundEventForgotten(UserError):
    """Emptied: it ended long ago, somebody it was about was erased, or it never said anything."""

    event_id: strawberry.ID = strawberry.field(description="The event.")
