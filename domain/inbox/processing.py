"""Processes events: each is what its provider means by it, carried out once under the id that it has here.

Who processes one has taken it for a minute. Killed after the act and before that is written down, the next one finds
the act done under the same key, and does nothing.
"""

from typing import Any

from domain.customers.told_of import ERASED, ERASED_MESSAGE, named
from domain.inbox import forgetting_store
from domain.inbox import processing_store as store
from domain.inbox.processing_store import Taken, Verdict
from domain.inbox.providers import PROVIDERS, Provider
from domain.inbox.rules import LEASE, Early, EventState, next_attempt
from domain.kernel import clock
from domain.kernel.access import Actor, Principal
from domain.kernel.commands import Done, done_under, run_command
from domain.kernel.db import retrying, transaction
from domain.kernel.errors import Refusal, Unavailable

INTERNAL = "INTERNAL"
"""The problem of an event with which Carnet itself fails."""

_LONGEST_MESSAGE = 1000
_ERASED = Verdict(EventState.REJECTED, ERASED, ERASED_MESSAGE)


async def process_events(at_most: int, failing: dict[str, Exception]) -> dict[EventState, int]:
    """Process some of those that are due, and say how many came to what; nothing is due when it is empty.

    One with which Carnet fails is put down in `failing`, and tried again later.
    """
    came: dict[EventState, int] = {}
    for event_id in await store.due(clock.now(), at_most):
        state = await _process(event_id, failing)
        if state is not None:
            came[state] = came.get(state, 0) + 1
    return came


async def _process(event_id: str, failing: dict[str, Exception]) -> EventState | None:
    taken = await _take(event_id)
    if taken is None:
        return None
    try:
        verdict = await _verdict(taken)
    except Unavailable:
        raise
    except Exception as error:
        error.add_note(f"This is about the inbound event {event_id}.")
        failing[event_id] = error
        verdict = _refused(taken, INTERNAL, "Carnet fails with this event; its log says why.", heals=True)
    return (await _note(taken, verdict)).state


async def _take(event_id: str) -> Taken | None:
    async def attempt() -> Taken | None:
        async with transaction():
            now = clock.now()
            return await store.take(event_id, now, now + LEASE)

    return await retrying(attempt)


async def _verdict(taken: Taken) -> Verdict:
    provider = PROVIDERS[taken.provider]
    try:
        command = provider.meant(taken.name, taken.body, clock.now())
        if command is None:
            return Verdict(EventState.IGNORED, message="Events of this type mean nothing here.")
        if await store.is_erased(taken.chain_id, provider.person(command)):
            return _ERASED
        done = await _carried_out(taken, provider, command)
    except Early as early:
        return _refused(taken, Early.code, str(early), heals=True)
    except Refusal as refusal:
        return _refused(taken, refusal.code, refusal.message, refusal.code in provider.heals)
    return Verdict(EventState.PROCESSED, message=provider.done(done.outcome), operation_id=done.operation_id)


async def _carried_out(taken: Taken, provider: Provider, command: Any) -> Done[Any]:
    """By the hook itself, as the audit log has it; what it was understood to mean at first stays so."""
    actor = Actor(Principal.INTEGRATION, taken.hook_id, taken.chain_id, taken.name, scopes=provider.scopes)
    return await done_under(actor, type(command), taken.id) or await run_command(actor, command, taken.id)


def _refused(taken: Taken, problem: str, message: str, heals: bool) -> Verdict:
    due_at = next_attempt(taken.attempts, clock.now()) if heals else None
    state = EventState.RECEIVED if due_at else EventState.REJECTED
    return Verdict(state, problem, message[:_LONGEST_MESSAGE], due_at=due_at)


async def _note(taken: Taken, verdict: Verdict) -> Verdict:
    async def attempt() -> Verdict:
        async with transaction():
            what = _ERASED if await _tells_of_erased(taken, verdict) else verdict
            await store.note(taken, what, clock.now())
            if what is _ERASED:
                await forgetting_store.empty([taken.id])
            return what

    return await retrying(attempt)


async def _tells_of_erased(taken: Taken, verdict: Verdict) -> bool:
    """What has no effect is looked through for them as at the erasing, whatever is wrong with it."""
    if verdict is _ERASED or verdict.state is EventState.PROCESSED:
        return verdict is _ERASED
    persons = named(taken.body)
    return bool(persons) and await store.any_erased(taken.chain_id, persons)
