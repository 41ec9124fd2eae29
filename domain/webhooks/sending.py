"""Sends deliveries, but for the sending itself: whose turn it is, signed, and what becomes of each by its answer.

One who sends has a lease of the webhook; killed at any instant, the next one begins when it has run out. What was sent
and not yet written down is sent again then, under the same id: an event arrives at least once.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from domain.kernel import clock, vault
from domain.kernel.db import retrying, transaction
from domain.webhooks import outcomes_store as outcomes
from domain.webhooks import sending_store as store
from domain.webhooks.rules import Attempt
from domain.webhooks.schedule import Draw, next_attempt
from domain.webhooks.signing import signed_headers

_LEASE = timedelta(seconds=15)
"""So long the events of a webhook stand still after its worker was killed."""
RENEWED_EVERY = _LEASE / 3
"""While answers are awaited."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send what a webhook is due."""

    webhook_id: str
    token: str


@dataclass(frozen=True, slots=True)
class _Turn:
    """What may be sent at once, where to, and the secrets to sign it with, sealed."""

    now: datetime
    url: str = ""
    secrets: Sequence[str] = ()
    due: Sequence[store.Due] = ()


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


async def keep(lease: Lease) -> bool:
    """Renew the lease while answers are awaited; False when it was lost."""

    async def attempt() -> bool:
        async with transaction():
            return await _is_ours(lease, clock.now())

    return await retrying(attempt)


async def turn(
    lease: Lease, at_most: int, ended: Sequence[Attempt] = (), draw: Draw = secrets.randbelow
) -> list[Outgoing]:
    """Write down how a round ended, and begin the next one: what may be sent at once now.

    Nothing is sent any more, and nothing written, when the lease was lost. Nothing is sent where nobody is to be told.
    """
    found = await retrying(partial(_turn, lease, at_most, ended, draw))
    opened = [vault.unseal(secret) for secret in found.secrets]  # that may fail, and what has ended stays written
    return [_outgoing(found.url, opened, due, found.now) for due in found.due]


async def _turn(lease: Lease, at_most: int, ended: Sequence[Attempt], draw: Draw) -> _Turn:
    async with transaction():
        now = clock.now()
        if not await _is_ours(lease, now):
            return _Turn(now)
        if ended:
            await _note(lease.webhook_id, ended, now, draw)
        url = await store.url(lease.webhook_id)
        due = await store.due(lease.webhook_id, now, at_most) if url else []
        return _Turn(now, url or "", await store.secrets(lease.webhook_id, now) if due else (), due)


async def _is_ours(lease: Lease, now: datetime) -> bool:
    return await store.renew(lease.webhook_id, lease.token, now + _LEASE)


def _outgoing(url: str, good: Sequence[str], due: store.Due, now: datetime) -> Outgoing:
    body = due.body.encode()
    headers = {"content-type": "application/json", **signed_headers(good, due.message_id, now, body)}
    return Outgoing(due.id, url, headers, body)


async def _note(webhook_id: str, attempts: Sequence[Attempt], now: datetime, draw: Draw) -> None:
    ended = {attempt.delivery_id: attempt for attempt in attempts}
    await outcomes.insert_attempts(attempts)
    tried = await outcomes.waiting(list(ended))
    await outcomes.delivered([each.id for each in tried if ended[each.id].delivered], now)
    due = {
        each: next_attempt(each.attempts + 1, now, draw, ended[each.id].retry_after)
        for each in tried
        if not ended[each.id].delivered
    }
    await outcomes.failed([each.id for each, at in due.items() if at is None])
    await outcomes.put_off(webhook_id, [(each, at) for each, at in due.items() if at is not None])
    if any(attempt.gone for attempt in attempts):
        said = f"The receiver said on {now:%Y-%m-%d %H:%M} UTC that it wants no more events (410)."
        await outcomes.stop(webhook_id, said)
