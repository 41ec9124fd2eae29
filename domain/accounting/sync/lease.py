"""Holds a connection for one worker: whoever does is the only one that makes and sends its documents.

A lease is renewed while its holder is at work. One that died is waited for until its lease is over, and one that
lost its lease changes nothing any more: each of its transactions renews the lease first, or ends.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from domain.accounting.sync import lease_store as store
from domain.accounting.sync.connections_store import connection
from domain.accounting.sync.rules import LEASE, LONGEST_CALL, RENEWED_EVERY
from domain.accounting.sync.secrets_store import kept
from domain.accounting.sync.view import Connection
from domain.kernel import clock
from domain.kernel.db import retrying, transaction
from domain.kernel.errors import Unavailable
from domain.kernel.ids import new_id

log = structlog.get_logger()


_LOST = datetime.min.replace(tzinfo=UTC)


class LeaseLost(Exception):
    """Somebody else holds the connection: whatever was to be written is theirs to find out."""

    def __init__(self) -> None:
        super().__init__("the lease of the connection was lost")


@dataclass(slots=True)
class Held:
    """A connection, held by this token until then, or longer when it is renewed."""

    connection_id: str
    token: str
    until: datetime
    credentials: str | None
    """Those that it was opened with, as they are kept."""

    @property
    def ends_soon(self) -> bool:
        """Whether a call that is begun now may end under the lease of another: this one was lost, or is not renewed."""
        return clock.now() + LONGEST_CALL > self.until

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """A transaction in which the connection is held, as it is now; raises LeaseLost."""
        until = clock.now() + LEASE
        async with transaction():
            if not await store.keep(self.connection_id, self.token, until):
                self.until = _LOST
                raise LeaseLost
            yield await connection(self.connection_id)
        self.until = until

    async def renew(self) -> None:
        """Hold it longer; raises LeaseLost."""

        async def attempt() -> None:
            async with self.writing():
                pass

        await retrying(attempt)


@asynccontextmanager
async def held(connection_id: str) -> AsyncIterator[Held | None]:
    """Hold a connection while the block runs, or None when somebody else does.

    After a failure the lease runs out by itself: calls that were cut off may be at work there for a while.
    """
    token, began = new_id("lse"), clock.now()
    if not await retrying(lambda: store.take(connection_id, token, clock.now(), LEASE)):
        yield None
        return
    mine = Held(connection_id, token, began + LEASE, await kept(connection_id))
    renewing = asyncio.create_task(_renew(mine))
    try:
        yield mine
    finally:
        renewing.cancel()
    await retrying(lambda: store.let_go(connection_id, token))


async def _renew(mine: Held) -> None:
    while mine.until != _LOST:
        await asyncio.sleep(RENEWED_EVERY.total_seconds())
        try:
            await mine.renew()
        except LeaseLost:
            return
        except Unavailable:
            log.warning("a lease cannot be renewed, trying again", connection=mine.connection_id)
