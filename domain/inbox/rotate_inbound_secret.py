"""Gives a hook another secret, while the one before is still good for a time."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.inbox import checking, store
from domain.kernel.commands import Recorded, Work, act, record
from domain.webhooks.rotating import former_until, new_secret


@dataclass(frozen=True, slots=True)
class RotateInboundSecret:
    """The hook, and for how many hours what is signed with the secret of now is still taken."""

    hook_id: str
    former_hours: int = 24


@dataclass(frozen=True, slots=True)
class InboundSecretRotated:
    """What is signed with the new secret is taken from now on, and until then also with the former one."""

    hook_id: str
    secret: str | None
    former_until: datetime


@act
async def rotate_inbound_secret(work: Work, command: RotateInboundSecret) -> InboundSecretRotated:
    """A new secret is good at once; at most two are at a time. Refuses InvalidInput, NotFound, InboundHookClosed."""
    work.authorise(None)
    until = former_until(work, command.former_hours)
    hook = await checking.locked(work, command.hook_id)
    secret = new_secret()
    await store.change_secret(hook.id, secret, until)
    outcome = InboundSecretRotated(hook.id, secret, until)
    await record(work, Recorded(replace(outcome, secret=None)))
    return outcome
