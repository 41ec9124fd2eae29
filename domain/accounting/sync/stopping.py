"""Stops a connection that the other system lets in no more, or that cannot be opened."""

import structlog

from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import secrets_store
from domain.accounting.sync.lease import Held
from domain.accounting.sync.rules import ConnectionState

log = structlog.get_logger()


async def stop(held: Held, because: str) -> None:
    """Within a transaction that writes; what a person has paused stays so, and is stopped when it is resumed.

    What former credentials came to says nothing of those that count by now.
    """
    if (await connections.connection(held.connection_id)).state is not ConnectionState.ACTIVE:
        return
    if await secrets_store.kept(held.connection_id) == held.credentials:
        await connections.set_state(held.connection_id, ConnectionState.STOPPED, because)
    else:
        log.info("former credentials were refused, and others count by now", connection=held.connection_id)
