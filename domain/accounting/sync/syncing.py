"""One round over a connection: make documents of what is new, send what is due, and compare every night."""

from datetime import timedelta
from functools import partial

import structlog

from domain.accounting.connectors.opening import kind
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import mapping_store, reconciling, todo_store
from domain.accounting.sync.lease import Held, LeaseLost, held
from domain.accounting.sync.making import make_documents
from domain.accounting.sync.opened import CannotOpen, opened, opened_to_read
from domain.accounting.sync.patient_http import Pause, never
from domain.accounting.sync.reconciling_store import Reconciled
from domain.accounting.sync.rules import Jitter
from domain.accounting.sync.sending import evenly, send_due
from domain.accounting.sync.stopping import stop
from domain.accounting.sync.view import Connection
from domain.kernel import clock
from domain.kernel.calendar import Days
from domain.kernel.db import retrying

log = structlog.get_logger()

_BATCHES, _A_ROUND = 100, timedelta(minutes=1)
"""After so many, or so long, a round ends, and another worker may have the next."""
_SMALL, _LARGEST, _SWIFT = 4, 100, timedelta(seconds=1)
"""Batches grow while the other system is swift: all of one have to be looked for when its worker is killed."""


async def waiting() -> list[Connection]:
    """The connections of all chains for which there is something to do now."""
    found = await todo_store.standings(clock.now())
    return [each.connection for each in found if each.to_do or _to_reconcile(each.connection, each.time_zone)]


def _to_reconcile(connection: Connection, time_zone: str) -> bool:
    return kind(connection.system).reads_back and reconciling.due(connection, time_zone, clock.now())


async def sync_connection(
    connection_id: str, jitter: Jitter = evenly, pause: Pause = never, *, hurrying: bool = False
) -> int | None:
    """Do what is to be done now; how many calls were about documents, None when somebody else holds it.

    In a hurry what was put off is tried, too. It pauses only while it compares, where that takes more calls than the
    other system answers at a time.
    """
    try:
        async with held(connection_id) as mine:
            if mine is None:
                return None
            if hurrying:
                await retrying(partial(_hurry, mine))
            return await _round(mine, jitter, pause)
    except LeaseLost:
        log.warning("a connection was lost to another worker", connection=connection_id)
        return None


async def _round(held: Held, jitter: Jitter, pause: Pause) -> int:
    for _ in range(_BATCHES):
        if not await make_documents(held):
            break
    await retrying(partial(_wake, held))
    connection = await connections.connection(held.connection_id)
    if not connection.at_work(clock.now()):
        return 0
    try:
        called = await _send(held, connection, jitter)
        await _compare(held, pause)
        return called
    except CannotOpen as error:
        await retrying(partial(_stop, held, str(error)))
        return 0


async def _send(held: Held, connection: Connection, jitter: Jitter) -> int:
    called = 0
    async with opened(connection, held=held) as connectors:
        size, ends = _SMALL * len(connectors), clock.now() + _A_ROUND
        for _ in range(_BATCHES):
            began = clock.now()
            calls = await send_due(held, connectors, jitter, size)
            called += calls
            if not calls or clock.now() > ends:
                break
            size = min(2 * size, _LARGEST) if clock.now() - began < _SWIFT else _SMALL * len(connectors)
    return called


async def _compare(held: Held, pause: Pause) -> None:
    connection = await connections.connection(held.connection_id)
    zones = await connections.time_zones(connection.chain_id)
    if connection.at_work(clock.now()) and _to_reconcile(connection, next(iter(zones.values()), "UTC")):
        async with opened_to_read(connection, held, pause) as connector:
            await reconciling.reconcile(held, connector)


async def _hurry(held: Held) -> None:
    async with held.writing() as connection:
        await documents.hurry(connection, clock.now())


async def _wake(held: Held) -> None:
    """A mapping sets due what waits for it; this finds what was left by a Carnet that did not."""
    async with held.writing() as connection:
        await documents.wake_unmapped(connection.id, clock.now(), await mapping_store.version(connection.id))


async def _stop(held: Held, because: str) -> None:
    async with held.writing():
        await stop(held, because)


async def reconcile_now(connection_id: str, days: Days, pause: Pause = never) -> Reconciled | str | None:
    """Compare these days now, or why they cannot be read; None when somebody else holds it. Raises CannotOpen."""
    try:
        async with held(connection_id) as mine:
            if mine is None:
                return None
            async with opened_to_read(await connections.connection(connection_id), mine, pause) as connector:
                return await reconciling.reconcile(mine, connector, days)
    except LeaseLost:
        log.warning("a connection was lost to another worker", connection=connection_id)
        return None
