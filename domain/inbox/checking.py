"""What acts about hooks check in common."""

from domain.inbox import store
from domain.inbox.errors import InboundHookClosed
from domain.inbox.view import HookView
from domain.kernel.commands import Work
from domain.kernel.errors import NotFound


async def locked(work: Work, hook_id: str) -> HookView:
    """The hook, locked; refuses NotFound, InboundHookClosed."""
    hook = await store.lock_hook(work, hook_id)
    if hook is None:
        raise NotFound("hook", hook_id, "hookId")
    if hook.closed_at is not None:
        raise InboundHookClosed(hook.id, hook.closed_at)
    return hook
