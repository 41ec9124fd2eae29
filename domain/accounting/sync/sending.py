"""Sends the documents that are due, and looks for those of which nobody knows whether they are booked.

What is about to be sent is written down first and what became of it afterwards, each in a short transaction for many
documents; the calls are in between. Killed at any instant, a document is found as SENDING, and is looked for.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from domain.accounting.connectors.opening import kind
from domain.accounting.connectors.protocol import Answer, Connector, Outcome, Problem
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import mapping_store
from domain.accounting.sync import sending_store as store
from domain.accounting.sync.lease import Held
from domain.accounting.sync.mapping import Chart
from domain.accounting.sync.rendering import Unwritten, rendered
from domain.accounting.sync.rules import LEASE, Call, DocumentState, Jitter
from domain.accounting.sync.sending_store import Blocked, Claimed, Ended
from domain.accounting.sync.settling import Asked, Settled, settled
from domain.accounting.sync.stopping import stop
from domain.accounting.sync.view import SyncDocument
from domain.kernel import clock
from domain.kernel.db import retrying

log = structlog.get_logger()

_MILLISECOND = timedelta(milliseconds=1)
_LONGEST = LEASE
"""Who was asleep for longer calls nobody any more: somebody else may hold the connection by then."""
_MOST_UNANSWERED = 8
"""After so many calls without an answer, or so long, a batch ends; what is left of it waits for the next round."""
_ENOUGH = frozenset({Problem.TOO_MANY_CALLS, Problem.UNREACHABLE, Problem.UNAUTHORISED})
"""After this the calls that were to follow would fare no better."""


def evenly(most: timedelta) -> timedelta:
    """Any time up to that."""
    return timedelta(microseconds=random.randint(0, most // timedelta(microseconds=1)))


@dataclass(frozen=True, slots=True)
class Ready:
    """A document with its bytes, and whether to send it or to look for it."""

    document: SyncDocument
    call: Call
    body: str
    version: int
    ended: int
    """How often it was surely booked or refused before."""


async def send_due(held: Held, connectors: Sequence[Connector], jitter: Jitter, at_most: int) -> int:
    """Send or look for the next documents that are due; how many it was, none when the connection is to rest."""
    chart = await mapping_store.chart(held.connection_id)
    due = await documents.due(held.connection_id, clock.now(), at_most)
    before = await store.times_ended([each.id for each in due if each.attempts])
    ready, blocked = _prepared(due, chart, connectors[0], before)
    if not due or not await retrying(partial(_claim, held, ready, blocked, chart.version)):
        return 0
    ended = await _call(held, ready, connectors)
    resting = await retrying(partial(_write, held, ready, ended, jitter))
    return 0 if resting or len(ended) < len(ready) else len(due)


def _prepared(
    due: Sequence[SyncDocument], chart: Chart, connector: Connector, ended: Mapping[str, int]
) -> tuple[list[Ready], list[Blocked]]:
    ready: list[Ready] = []
    blocked: list[Blocked] = []
    for document in due:
        call = Call.SEND if document.state is DocumentState.PENDING else Call.PROBE
        times = ended.get(document.id, 0)
        if document.body is not None:
            ready.append(Ready(document, call, document.body, document.mapping_version or chart.version, times))
            continue
        body = rendered(document.sheet, chart, connector)
        if isinstance(body, Unwritten):
            blocked.append(Blocked(document.id, body, chart.version))
        else:
            ready.append(Ready(document, call, body, chart.version, times))
    return ready, blocked


async def _claim(held: Held, ready: Sequence[Ready], blocked: Sequence[Blocked], version: int) -> bool:
    """What was mapped meanwhile waits for nothing: it stays due, and is rendered by the newest mapping next time."""
    async with held.writing() as connection:
        if not connection.at_work(clock.now()):
            return False
        if blocked and await mapping_store.version(connection.id) == version:
            await store.block(blocked)
        sent = [each for each in ready if each.call is Call.SEND]
        look_at = clock.now() + _LONGEST + kind(connection.system).settles
        await store.claim([Claimed(each.document.id, each.body, each.version) for each in sent], look_at)
        await store.look_for([each.document.id for each in ready if each.call is Call.PROBE])
        return True


async def _call(held: Held, ready: Sequence[Ready], connectors: Sequence[Connector]) -> list[Ended]:
    """Each connector takes the next document when it is done with one, until none is left or it makes no sense."""
    waiting = list(reversed(ready))
    ended: list[Ended] = []
    began = clock.now()

    async def work(connector: Connector) -> None:
        while waiting and not held.ends_soon:
            ended.append(await _ended(waiting.pop(), connector))
            if _enough(ended, began):
                waiting.clear()

    async with asyncio.TaskGroup() as tasks:
        for connector in connectors:
            tasks.create_task(work(connector))
    return ended


def _enough(ended: Sequence[Ended], began: datetime) -> bool:
    unanswered = sum(each.answer.outcome is Outcome.UNCERTAIN for each in ended)
    futile = ended[-1].answer.problem in _ENOUGH
    return futile or unanswered >= _MOST_UNANSWERED or clock.now() - began > _LONGEST


async def _ended(ready: Ready, connector: Connector) -> Ended:
    at = clock.now()
    document_id, body = ready.document.id, ready.body.encode()
    try:
        if ready.call is Call.SEND:
            answer = await connector.send(document_id, body, ready.ended)
        else:
            answer = await connector.probe(document_id, body)
    except Exception as error:
        log.exception("a connector fails", document=document_id)
        # What the error says is for the log alone: it may tell a secret.
        message = f"The connector failed ({type(error).__name__}), and nobody knows whether the document is booked."
        answer = Answer(Outcome.UNCERTAIN, problem=Problem.NO_ANSWER, message=message)
    return Ended(document_id, ready.call, answer, at, (clock.now() - at) // _MILLISECOND)


async def _write(held: Held, ready: Sequence[Ready], ended: Sequence[Ended], jitter: Jitter) -> bool:
    """What became of all; whether the connection is to be left alone now."""
    now, documents_by_id = clock.now(), {each.document.id: each.document for each in ready}
    async with held.writing() as connection:
        settles = kind(connection.system).settles
        asked = [_asked(documents_by_id[each.document_id], each, settles) for each in ended]
        told = [
            settled(its, each.answer, now, connection.locked_days, jitter)
            for its, each in zip(asked, ended, strict=True)
        ]
        await store.settle(told, now)
        await store.insert_attempts(ended)
        left = set(documents_by_id) - {each.document_id for each in ended}
        await store.unsent(sorted(left), now)
        return await _for_the_connection(held, told)


def _asked(document: SyncDocument, ended: Ended, settles: timedelta) -> Asked:
    return Asked(document.id, ended.call, document.attempts + 1, document.booked_on or document.day, settles)


async def _for_the_connection(held: Held, told: Sequence[Settled]) -> bool:
    stopped = next((each.stopped_because for each in told if each.stopped_because), "")
    rests = max((each.rests_until for each in told if each.rests_until), default=None)
    if stopped:
        await stop(held, stopped)
    elif rests:
        await connections.rest(held.connection_id, rests)
    return bool(stopped or rests)
