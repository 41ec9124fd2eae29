"""Hands the journal on to the accounting systems that are connected, and compares every night."""

import asyncio
import time
from datetime import timedelta

from prometheus_client import Counter

from domain.accounting.sync import syncing
from domain.accounting.sync.patient_http import Pause
from domain.kernel.errors import Unavailable

_CALLED = Counter("carnet_documents_synced", "Documents that were sent to accounting systems or looked for there.")


_LOOK = 2.0
"""Seconds between two looks at what is to be done."""
_SHIFT = 300.0
"""Seconds after which no round is begun and none pauses: what is under way ends before this sweep is given up."""


async def sync_accounting() -> None:
    """Rounds over connections, all at once, until none is under way: a slow system keeps no other waiting.

    A connection with which Carnet fails is told at the end, and tried again the next time.
    """
    failing: dict[str, Exception] = {}
    running: dict[str, asyncio.Task[None]] = {}
    ends, more = time.monotonic() + _SHIFT, True
    pause = _until(ends)
    async with asyncio.TaskGroup() as tasks:
        while more:
            for each in await syncing.waiting():
                if each.id not in running and each.id not in failing:
                    running[each.id] = tasks.create_task(_sync(each.id, failing, pause))
            if running:
                await asyncio.wait(running.values(), timeout=_LOOK)
            running = {each: task for each, task in running.items() if not task.done()}
            more = bool(running) and time.monotonic() < ends
    if failing:
        raise ExceptionGroup("connections that cannot be served", list(failing.values()))


async def _sync(connection_id: str, failing: dict[str, Exception], pause: Pause) -> None:
    try:
        _CALLED.inc(await syncing.sync_connection(connection_id, pause=pause) or 0)
    except Unavailable:
        raise
    except Exception as error:
        error.add_note(f"This is about the connection {connection_id}.")
        failing[connection_id] = error


def _until(ends: float) -> Pause:
    async def pause(rest: timedelta) -> bool:
        if time.monotonic() + rest.total_seconds() > ends:
            return False
        await asyncio.sleep(rest.total_seconds())
        return True

    return pause
