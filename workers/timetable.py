"""The rows of the timetable: which sweep runs how often, and what keeps one that fails or is slow from the next."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

log = structlog.get_logger()

Sweep = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Row:
    """Run the sweep this often, and give it up when it takes longer than that."""

    sweep: Sweep
    every: timedelta
    at_most: timedelta

    @property
    def name(self) -> str:
        """What the job is called in the queue and in the log."""
        return self.sweep.__name__


class Sweeping:
    """One row at work in this process: never twice at once, and a failure is told once and not with every tick."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._running = asyncio.Lock()
        self._failure = ""

    async def wake(self) -> None:
        """Sweep, unless the sweep before has not ended: it sees what is due itself."""
        if not self._running.locked():
            async with self._running:
                await self._sweep()

    async def _sweep(self) -> None:
        """A failure is the operator's to know; the next tick finds the same rows due."""
        try:
            await self._row.sweep()
        except Exception as error:
            if repr(error) != self._failure:
                log.exception("a sweep fails, and is tried again at every tick", sweep=self._row.name)
            self._failure = repr(error)
        else:
            if self._failure:
                log.info("a sweep works again", sweep=self._row.name)
            self._failure = ""
