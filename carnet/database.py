"""The database for as long as a command needs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from carnet.failures import CannotStart
from domain.kernel.db import connect, disconnect, rows
from domain.kernel.db.pending import pending


class Usable:
    """Whether the open database may be used; that it has all migrations is asked until the answer is yes."""

    def __init__(self) -> None:
        self._complete = False

    async def prove(self) -> None:
        """Raise unless the database answers and has the tables of this version."""
        if self._complete:
            await rows("SELECT 1 AS answer")
        elif missing := await pending():
            raise _lacking(missing)
        self._complete = True


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    """The database, open and with its tables, as long as the block runs."""
    await connect(url)
    try:
        await Usable().prove()
        yield
    finally:
        await disconnect()


def _lacking(missing: list[str]) -> CannotStart:
    if missing[0].startswith("0001"):
        return CannotStart("The database has no tables yet: run `carnet migrate`.")
    count = "a migration" if len(missing) == 1 else f"{len(missing)} migrations"
    return CannotStart(f"The database lacks {count} of this version, from {missing[0]} on: run `carnet migrate`.")
