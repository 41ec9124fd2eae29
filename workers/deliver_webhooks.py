"""Tells webhooks of what was sealed since the last time, and again of what they have not taken."""

import asyncio
import secrets
import time
from collections.abc import Sequence

import structlog
from prometheus_client import Counter

from domain.accounting.connectors.http import Http, Request, Response, Unanswered, Unreached
from domain.kernel import clock
from domain.webhooks import sending
from domain.webhooks.making import make_deliveries
from domain.webhooks.rules import LONGEST_DETAIL, Attempt, detail
from domain.webhooks.sending import Lease, Outgoing
from workers.addresses import Guard
from workers.calls import Calls, Patience

log = structlog.get_logger()

_DELIVERED = Counter("carnet_webhooks_delivered", "Events that a webhook has taken.")
_REFUSED = Counter("carnet_webhooks_refused", "Attempts to deliver an event that were not answered by 2xx.")

PATIENCE = Patience(connect=5, silence=10, whole=15, largest=1024 * 1024)
_AT_ONCE = 25
"""Of one webhook."""
_CONNECTIONS = 200
_WEBHOOKS = 50
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
        self._calls: Calls | None = None
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
            await asyncio.wait(self._running.values(), timeout=_LOOK)
            self._running = {each: task for each, task in self._running.items() if not task.done()}

    async def end(self) -> None:
        """Leave nothing running."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        if self._calls is not None:
            await self._calls.close()

    async def _make(self) -> None:
        self.unmade = ()
        try:
            await make_deliveries()
        except ExceptionGroup as group:
            self.unmade = group.exceptions

    async def _ready(self) -> Sequence[str]:
        """Who is due and is not served; whoever was served, or could not be, first rests a little."""
        if self._is_over():
            return []
        now = time.monotonic()
        resting = {each for each, until in self._rested.items() if until > now}
        due = [each for each in await sending.ready() if each not in self._running and each not in resting]
        return due[: _WEBHOOKS - len(self._running)]

    def _is_over(self) -> bool:
        return time.monotonic() > self._ends

    async def _serve(self, webhook_id: str) -> None:
        """What goes wrong with one webhook keeps no other waiting: it is told at the end."""
        try:
            if lease := await sending.take(webhook_id):
                await self._under(lease)
            self.unserved.pop(webhook_id, None)
        except Exception as error:
            error.add_note(f"This is about the webhook {webhook_id}.")
            self.unserved[webhook_id] = error
        finally:
            self._rested[webhook_id] = time.monotonic() + _LOOK

    async def _under(self, lease: Lease) -> None:
        try:
            while not self._is_over() and await self._round(lease):
                pass
        finally:
            await sending.give_back(lease)

    async def _round(self, lease: Lease) -> bool:
        """Send what may be sent at once; whether there may be more."""
        outgoing = await sending.next_round(lease, _AT_ONCE)
        if not outgoing:
            return False
        if self._calls is None:
            self._calls = Calls(Guard(), PATIENCE, at_once=_CONNECTIONS)
        attempts = await asyncio.gather(*(_attempt(self._calls, each) for each in outgoing))
        delivered = sum(attempt.delivered for attempt in attempts)
        _DELIVERED.inc(delivered)
        _REFUSED.inc(len(attempts) - delivered)
        return await sending.note(lease, attempts, secrets.randbelow)


async def _attempt(http: Http, outgoing: Outgoing) -> Attempt:
    at, began = clock.now(), time.perf_counter()
    answer: Response | None = None
    try:
        answer = await http.call(Request("POST", outgoing.url, outgoing.headers, outgoing.body))
        said = detail(answer.status, answer.headers.get("location", ""), answer.body.decode(errors="replace"))
    except (Unreached, Unanswered) as error:
        said = str(error)[:LONGEST_DETAIL]
    except Exception as error:
        log.exception("an event cannot be sent", delivery=outgoing.delivery_id)
        # What the error says is for the log alone: it may tell a secret.
        said = f"Carnet failed ({type(error).__name__}), and nobody knows whether it arrived."
    took = int((time.perf_counter() - began) * 1000)
    return Attempt(outgoing.delivery_id, answer.status if answer else None, said, at, took)
