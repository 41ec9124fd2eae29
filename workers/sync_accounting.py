"""Hands the journal on to the accounting systems that are connected, and compares every night."""

import asyncio

from prometheus_client import Counter

from domain.accounting.sync import syncing
from domain.kernel.errors import Unavailable

_CALLED = Counter("carnet_documents_synced", "Documents that were sent to accounting systems or looked for there.")


async def sync_accounting() -> None:
    """A round over each connection, all at once, so that a slow system keeps no other waiting.

    A connection with which Carnet fails is told at the end, and tried again the next time.
    """
    failing: list[Exception] = []
    async with asyncio.TaskGroup() as tasks:
        for connection in await syncing.waiting():
            tasks.create_task(_sync(connection.id, failing))
    if failing:
        raise ExceptionGroup("connections that cannot be served", failing)


async def _sync(connection_id: str, failing: list[Exception]) -> None:
    try:
        _CALLED.inc(await syncing.sync_connection(connection_id) or 0)
    except Unavailable:
        raise
    except Exception as error:
        error.add_note(f"This is about the connection {connection_id}.")
        failing.append(error)
