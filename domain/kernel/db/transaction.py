"""The only way to open a transaction, and the only way to try one again."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection

from domain.kernel.db.config import CONNECTION
from domain.kernel.db.failures import DatabaseUnavailable, primary_code, raise_if_unavailable, sqlite_error

T = TypeVar("T")

_TRANSIENT_STATES: Final = {"40001", "40P01", "55P03"}  # serialisation failure, deadlock, lock not available
_TRANSIENT_CODES: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Outdated(Exception):
    """What was read before a lock is not so any more under it: the act is tried again from the start."""

    sqlstate = "40001"


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Commit everything in the block, or nothing. Await nothing but the database inside."""
    connection = get_connection(CONNECTION)
    if isinstance(connection, TransactionalDBClient):
        raise RuntimeError("A transaction is already open: an act runs in exactly one.")
    try:
        async with connection._in_transaction():
            yield
    except Exception as error:
        raise_if_unavailable(error)
        raise


async def retrying(attempt: Callable[[], Awaitable[T]], attempts: int = 8) -> T:
    """Run `attempt`, which opens its own transaction, again while another transaction stands in its way."""
    for tried in range(attempts):
        try:
            return await attempt()
        except Exception as error:
            if not _is_transient(error):
                raise
            last = error
        await asyncio.sleep(random.uniform(0.5, 1.5) * 0.01 * 2**tried)
    raise DatabaseUnavailable("The database is too busy to answer: try again in a moment.") from last


def _is_transient(error: Exception) -> bool:
    if inner := sqlite_error(error):
        return primary_code(inner) in _TRANSIENT_CODES
    return getattr(error, "sqlstate", None) in _TRANSIENT_STATES
