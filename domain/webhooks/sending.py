"""Sends deliveries, but for the sending itself: whose turn it is, signed, and what becomes of each by its answer.

One who sends has a lease of the webhook; killed at any instant, the next one begins when it has run out. What was sent
and not yet written down is sent again then, under the same id: an event arrives at least once.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from domain.kernel import clock
from domain.kernel.db import retrying, transaction
from domain.webhooks import outcomes_store as outcomes
from domain.webhooks import sending_store as store
from domain.webhooks.rules import Attempt
from domain.webhooks.schedule import Draw, next_attempt
from domain.webhooks.signing import signed_headers

_LEASE = timedelta(seconds=60)
"""Longer than any attempt takes."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send what a webhook is due."""

    webhook_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery as it goes out."""

    delivery_id: str
    url: str
    headers: Mapping[str, str]
    body: bytes


async def ready() -> list[str]:
    """The webhooks for which something is due and nobody is at work."""
    return await store.ready(clock.now())


async def take(webhook_id: str) -> Lease | None:
    """The lease, unless another one has it."""
    lease, now = Lease(webhook_id, secrets.token_hex(16)), clock.now()

    async def attempt() -> bool:
        async with transaction():
            return await store.take(webhook_id, lease.token, now, now + _LEASE)

    return lease if await retrying(attempt) else None


async def give_back(lease: Lease) -> None:
    """Let others send."""

    async def attempt() -> None:
        async with transaction():
            await store.give_back(lease.webhook_id, lease.token)

    await retrying(attempt)


async def next_round(lease: Lease, at_most: int) -> list[Outgoing]:
    """What may be sent at once now; nothing when the lease was lost or the webhook is not to be told any more."""

    async def attempt() -> list[Outgoing]:
        async with transaction():
            now = clock.now()
            if not await store.renew(lease.webhook_id, lease.token, now + _LEASE):
                return []
            url = await store.url(lease.webhook_id)
            due = await store.due(lease.webhook_id, now, at_most) if url else []
            good = await store.secrets(lease.webhook_id, now) if due else []
            return [_outgoing(url or "", good, each, now) for each in due]

    return await retrying(attempt)


def _outgoing(url: str, good: Sequence[str], due: store.Due, now: datetime) -> Outgoing:
    body = due.body.encode()
    headers = {"content-type": "application/json", **signed_headers(good, due.message_id, now, body)}
    return Outgoing(due.id, url, headers, body)


async def note(lease: Lease, attempts: Sequence[Attempt], draw: Draw) -> bool:
    """Write down how a round ended; False, and nothing is written, when the lease was lost."""
    return await retrying(partial(_note, lease, attempts, draw))


async def _note(lease: Lease, attempts: Sequence[Attempt], draw: Draw) -> bool:
    async with transaction():
        now = clock.now()
        if not await store.renew(lease.webhook_id, lease.token, now + _LEASE):
            return False
        ended = {attempt.delivery_id: attempt for attempt in attempts}
        await outcomes.insert_attempts(attempts)
        tried = await outcomes.waiting(list(ended))
        await outcomes.delivered([each.id for each in tried if ended[each.id].delivered], now)
        await _again(lease.webhook_id, [each for each in tried if not ended[each.id].delivered], now, draw)
        if any(attempt.gone for attempt in attempts):
            await outcomes.stop(
                lease.webhook_id, f"The receiver said on {now:%Y-%m-%d %H:%M} UTC that it wants no more events (410)."
            )
        return True


async def _again(webhook_id: str, tried: Sequence[outcomes.Tried], now: datetime, draw: Draw) -> None:
    due = {each.id: next_attempt(each.attempts + 1, now, draw) for each in tried}
    await outcomes.failed([each.id for each in tried if due[each.id] is None])
    await outcomes.put_off(webhook_id, [(each, at) for each in tried if (at := due[each.id]) is not None])
