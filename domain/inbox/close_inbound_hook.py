"""Closes a door for another system."""

from dataclasses import dataclass

from domain.inbox import checking, store
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class CloseInboundHook:
    """The hook to close."""

    hook_id: str


@dataclass(frozen=True, slots=True)
class InboundHookShut:
    """Nothing is taken there any more."""

    hook_id: str


@act
async def close_inbound_hook(work: Work, command: CloseInboundHook) -> InboundHookShut:
    """Nothing is taken any more, for ever; what was taken is processed, and can be read and retried.

    Refuses NotFound, InboundHookClosed.
    """
    work.authorise(None)
    hook = await checking.locked(work, command.hook_id)
    await store.close(hook.id, work.now)
    outcome = InboundHookShut(hook.id)
    await record(work, Recorded(outcome))
    return outcome
