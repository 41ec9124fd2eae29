"""Sends a webhook what it is due, in rounds, under a lease that is renewed while answers are awaited."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from prometheus_client import Counter

from domain.accounting.connectors.answers import retry_after
from domain.accounting.connectors.http import Http, Request, Response, Unanswered, Unreached
from domain.kernel import clock
from domain.webhooks import sending
from domain.webhooks.rules import LONGEST_DETAIL, Attempt, detail
from domain.webhooks.sending import Lease, Outgoing
from workers.addresses import Guard
from workers.calls import Calls, Patience

log = structlog.get_logger()

_DELIVERED = Counter("carnet_webhooks_delivered", "Events that a webhook has taken.")
_REFUSED = Counter("carnet_webhooks_refused", "Attempts to deliver an event that were not answered by 2xx.")

PATIENCE = Patience(connect=5, silence=10, whole=15, largest=1024 * 1024)
MOST = 25
"""Events of one webhook that are sent at once."""
_BUSY = (429, 503)
"""By these a receiver may say when it wants to be asked again."""


async def serve(webhook_id: str, at_once: Callable[[], int]) -> bool:
    """Send until nothing is due, so many events at once as may be then, or until none may; whether any was sent."""
    lease = await sending.take(webhook_id)
    if lease is None:
        return False
    calls = Calls(Guard(), PATIENCE, at_once=MOST)  # its own: who never answers takes no connection from others
    try:
        return await _Rounds(lease, calls, at_once).work()
    finally:
        await calls.close()
        await sending.give_back(lease)


@dataclass(frozen=True, slots=True)
class _Rounds:
    """Rounds one after the other, each written down as the next one begins."""

    lease: Lease
    http: Http
    at_once: Callable[[], int]

    async def work(self) -> bool:
        """Whether anything was sent."""
        outgoing = first = await sending.turn(self.lease, self.at_once())
        while outgoing:
            attempts = await self._attempts(outgoing)
            delivered = sum(attempt.delivered for attempt in attempts)
            _DELIVERED.inc(delivered)
            _REFUSED.inc(len(attempts) - delivered)
            outgoing = await sending.turn(self.lease, self.at_once(), attempts)
        return bool(first)

    async def _attempts(self, outgoing: Sequence[Outgoing]) -> list[Attempt]:
        """One of each; who has lost the lease stops, since another one sends them now."""
        attempts = asyncio.gather(*(_attempt(self.http, each) for each in outgoing))
        try:
            while not attempts.done():
                await asyncio.wait([attempts], timeout=sending.RENEWED_EVERY.total_seconds())
                if not attempts.done() and not await sending.keep(self.lease):
                    return []
            return attempts.result()
        finally:
            attempts.cancel()


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
    asked = retry_after(answer) if answer and answer.status in _BUSY else None
    return Attempt(outgoing.delivery_id, answer.status if answer else None, said, at, took, asked)
