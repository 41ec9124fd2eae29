"""Tells webhooks of what was done since the last time, and again of what they have not taken."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

from domain.webhooks import sending
from domain.webhooks.making import make_deliveries
from workers.seal_operations import seal_operations
from workers.webhook_rounds import MOST, serve

_WEBHOOKS, _CONNECTIONS = 80, 400
"""At once, of all; a receiver that never answers holds its own for as long as a call may take."""
_FEWEST = 5
"""Events of one webhook that are sent at once where many are served."""
_LOOK = 0.3
"""Seconds between two looks at what is due."""
_SHIFT = 540.0
"""Seconds after which the next sweep takes over, before this one would be given up."""


async def deliver_webhooks() -> None:
    """Until nothing is due any more: a receiver that is slow keeps no other waiting."""
    shift = _Shift()
    try:
        await shift.work()
    finally:
        await shift.end()
    if failing := [*shift.unmade, *shift.unserved.values()]:
        raise ExceptionGroup("webhooks that cannot be served", failing)


class _Shift:
    """Webhooks that are served at the same time, each by one task."""

    def __init__(self) -> None:
        self.unmade: Sequence[Exception] = ()
        self.unserved: dict[str, Exception] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._rested: dict[str, float] = {}
        self._ends = time.monotonic() + _SHIFT

    async def work(self) -> None:
        """Look again and again for what is due, as long as anybody is at work."""
        while True:
            await self._make()
            for webhook_id in await self._ready():
                self._running[webhook_id] = asyncio.create_task(self._serve(webhook_id))
            if not self._running:
                return
            await asyncio.wait(self._running.values(), timeout=_LOOK, return_when=asyncio.FIRST_COMPLETED)
            self._running = {each: task for each, task in self._running.items() if not task.done()}

    async def end(self) -> None:
        """Leave nothing running."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _make(self) -> None:
        """Sealed by the way: what waited for the next tick of the sealer and then of this sweep would come late."""
        self.unmade = ()
        with suppress(ExceptionGroup):  # the sealer tells it
            await seal_operations()
        try:
            await make_deliveries()
        except ExceptionGroup as group:
            self.unmade = group.exceptions

    async def _ready(self) -> Sequence[str]:
        """Who is due and is not served; whoever could not be served, or was sent nothing, first rests a little."""
        if self._is_over():
            return []
        now = time.monotonic()
        resting = {each for each, until in self._rested.items() if until > now}
        due = [each for each in await sending.ready() if each not in self._running and each not in resting]
        return due[: _WEBHOOKS - len(self._running)]

    def _share(self) -> int:
        """How many events of one webhook may go at once now; none any more when the shift is over."""
        return 0 if self._is_over() else max(_FEWEST, min(MOST, _CONNECTIONS // len(self._running)))

    def _is_over(self) -> bool:
        return time.monotonic() > self._ends

    async def _serve(self, webhook_id: str) -> None:
        """What goes wrong with one webhook keeps no other waiting: it is told at the end."""
        sent = False
        try:
            sent = await serve(webhook_id, self._share)
            self.unserved.pop(webhook_id, None)
        except Exception as error:
            error.add_note(f"This is about the webhook {webhook_id}.")
            self.unserved[webhook_id] = error
        if not sent:
            self._rested[webhook_id] = time.monotonic() + _LOOK
