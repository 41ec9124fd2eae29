"""The mutations about the inbox, gathered for the root."""

import strawberry

from schema.inbox import close_inbound_hook as closing
from schema.inbox import open_inbound_hook as opening
from schema.inbox import retry_inbound_event as retrying
from schema.inbox import rotate_inbound_secret as rotating


@strawberry.type
class InboxMutations:
    """Mixed into the root mutation."""

    open_inbound_hook: opening.OpenInboundHookResult = opening.MUTATION
    rotate_inbound_secret: rotating.RotateInboundSecretResult = rotating.MUTATION
    close_inbound_hook: closing.CloseInboundHookResult = closing.MUTATION
    retry_inbound_event: retrying.RetryInboundEventResult = retrying.MUTATION
