"""asyncpg and aiosqlite behind the four words that the endpoints need, with a count of the statements sent."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aiosqlite
import asyncpg
import orjson

from domain.kernel.db.config import is_sqlite, sqlite_path
from domain.kernel.db.engines.dialect import for_sqlite, teach_types

Rows = Sequence[Mapping[str, Any]]
CONNECTIONS = 10
"""As many as Carnet's pool may hold."""


class Connection(Protocol):
    """Sends statements, inside a transaction or outside."""

    async def rows(self, sql: str, *args: Any) -> Rows: ...


class Database(Connection, Protocol):
    """A database that was opened; `statements` counts what was sent, without BEGIN and COMMIT."""

    statements: int

    def transaction(self) -> Any: ...

    async def close(self) -> None: ...


async def opened(url: str) -> Database:
    """The database at the URL."""
    return await (Sqlite.opened(url) if is_sqlite(url) else Postgres.opened(url))


class Postgres:
    """A pool of connections."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self._pool, self.statements = pool, 0

    @classmethod
    async def opened(cls, url: str) -> "Postgres":
        return cls(await asyncpg.create_pool(url, min_size=1, max_size=CONNECTIONS, init=_teach_json))

    async def rows(self, sql: str, *args: Any) -> Rows:
        self.statements += 1
        found: Rows = await self._pool.fetch(sql, *args)
        return found

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        async with self._pool.acquire() as connection, connection.transaction():
            yield _Held(self, connection)

    async def close(self) -> None:
        await self._pool.close()


class _Held:
    """One connection of the pool, for as long as its transaction lasts."""

    def __init__(self, database: Postgres, connection: Any) -> None:
        self._database, self._connection = database, connection

    async def rows(self, sql: str, *args: Any) -> Rows:
        self._database.statements += 1
        found: Rows = await self._connection.fetch(sql, *args)
        return found


async def _teach_json(connection: Any) -> None:
    encoder = lambda value: orjson.dumps(value).decode()  # noqa: E731 - asyncpg takes a function
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=encoder, decoder=orjson.loads)


class Sqlite:
    """One connection, and one transaction at a time; the file's format is Carnet's."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection, self._alone, self.statements = connection, asyncio.Lock(), 0

    @classmethod
    async def opened(cls, url: str) -> "Sqlite":
        teach_types()
        path = sqlite_path(url)
        connection = await aiosqlite.connect(path, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES)
        connection.row_factory = sqlite3.Row
        for pragma in ("synchronous = FULL", "busy_timeout = 5000", "foreign_keys = ON"):
            await connection.execute_fetchall(f"PRAGMA {pragma}")
        return cls(connection)

    async def rows(self, sql: str, *args: Any) -> Rows:
        self.statements += 1
        return list(await self._connection.execute_fetchall(for_sqlite(sql), args))  # type: ignore[arg-type]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        async with self._alone:
            await self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self
            except BaseException:
                await self._connection.rollback()
                raise
            await self._connection.commit()

    async def close(self) -> None:
        await self._connection.close()
