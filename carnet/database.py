"""The database for as long as a command needs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from carnet.failures import CannotStart
from domain.kernel.db import connect, disconnect, rows
from domain.kernel.errors import Unavailable


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    """The database, open and with its tables, as long as the block runs."""
    await connect(url)
    try:
        await prove_usable()
        yield
    finally:
        await disconnect()


async def prove_usable() -> None:
    """Raise unless the open database answers and has its tables."""
    try:
        await rows("SELECT id FROM chain LIMIT 1")
    except Unavailable:
        raise
    except Exception as error:
        raise CannotStart("The database has no tables yet: run `carnet migrate`.") from error
