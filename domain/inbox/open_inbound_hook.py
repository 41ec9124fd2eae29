"""Opens a door for another system."""

from dataclasses import dataclass, replace

from domain.inbox import store
from domain.inbox.errors import InboundNameTaken
from domain.inbox.rules import ProviderKind
from domain.inbox.view import HookView
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.ids import new_id
from domain.webhooks.rotating import new_secret

LONGEST_NAME = 40
"""As long as the source of a booking may be."""


@dataclass(frozen=True, slots=True)
class OpenInboundHook:
    """What the system is called, also as the source of the bookings it tells of, and of which kind it is."""

    name: str
    provider: ProviderKind = ProviderKind.SCHEDULER


@dataclass(frozen=True, slots=True)
class InboundHookOpened:
    """Events are taken from now on; the secret is known to this one answer and to the vault."""

    hook_id: str
    secret: str | None


@act
async def open_inbound_hook(work: Work, command: OpenInboundHook) -> InboundHookOpened:
    """What is signed with the secret is taken from now on. Refuses InvalidInput, InboundNameTaken."""
    work.authorise(None)
    checks = Checks()
    name = checks.required(command.name, LONGEST_NAME, "name")
    checks.passed()
    taken_by = await store.open_hook(work.chain_id, name)
    if taken_by is not None:
        raise InboundNameTaken(name, taken_by)
    hook = HookView(new_id("ihk"), name, command.provider, former_until=None, created_at=work.now, closed_at=None)
    secret = new_secret()
    await store.insert_hook(work, hook, secret)
    outcome = InboundHookOpened(hook.id, secret)
    await record(work, Recorded(replace(outcome, secret=None)))
    return outcome
