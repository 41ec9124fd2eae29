"""PostgreSQL: a pooled connection is given back whatever happens, and JSON columns hold Python's values."""

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, cast

import asyncpg
import orjson
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext
from tortoise.backends.base_postgres.client import translate_exceptions
from tortoise.connection import ConnectionToken, get_connections

from domain.kernel.db.counting import Counted, note


class _Statements(Counted):
    """The plain statements, the same inside a transaction and outside."""

    @translate_exceptions
    async def select(self, sql: str, args: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        note(sql)
        async with self.acquire_connection() as connection:
            found: Sequence[Mapping[str, Any]] = await connection.fetch(sql, *args)
        return found

    @translate_exceptions
    async def run(self, sql: str, args: Sequence[Any]) -> int:
        note(sql)
        async with self.acquire_connection() as connection:
            status: str = await connection.execute(sql, *args)
        affected = status.rpartition(" ")[2]
        return int(affected) if affected.isdecimal() else 0

    @translate_exceptions
    async def run_many(self, sql: str, args: Sequence[Sequence[Any]]) -> None:
        note(sql)
        async with self.acquire_connection() as connection:
            await connection.executemany(sql, args)

    @translate_exceptions
    async def load(self, table: str, columns: Sequence[str], records: Sequence[Sequence[Any]]) -> None:
        note(f'COPY "{table}" FROM STDIN')
        async with self.acquire_connection() as connection:
            await connection.copy_records_to_table(table, records=records, columns=columns)

    async def execute_script(self, query: str) -> None:
        note(query)
        await super().execute_script(query)


class PostgresTransaction(_Statements, TransactionWrapper):
    """The pooled connection as seen inside a transaction."""


class Postgres(_Statements, AsyncpgDBClient):
    """A pool of connections, shared by the tasks of one process."""

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        return await asyncpg.create_pool(None, init=_teach_json, reset=_keep, **kwargs)

    async def ensure_pool(self) -> asyncpg.Pool:
        """The pool, made once even when many tasks ask at the same time."""
        if self._pool is None:
            async with self._pool_init_lock:
                if self._pool is None:
                    await self.create_connection(with_db=True)
        return cast("asyncpg.Pool", self._pool)

    def _in_transaction(self) -> TransactionContext:
        return _Pooled(self)


class _Pooled(TransactionContext):
    """Holds a connection of the pool from BEGIN to COMMIT or ROLLBACK."""

    def __init__(self, engine: Postgres) -> None:
        self._engine = engine
        self.client: PostgresTransaction = PostgresTransaction(engine)
        self._token: ConnectionToken | None = None

    async def __aenter__(self) -> PostgresTransaction:
        self._pool = await self._engine.ensure_pool()
        self._held = await self._pool.acquire()
        self.client._connection = cast("asyncpg.Connection", self._held)
        try:
            await self.client.begin()
        except BaseException:
            self._held.terminate()  # a cancelled BEGIN leaves it in a state nobody knows
            await self._release()
            raise
        self._token = get_connections().set(self.client.connection_name, self.client)
        return self.client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                await self.client.commit()
            elif not self._held.is_closed():
                await self.client.rollback()
        finally:
            await self._release()

    async def _release(self) -> None:
        self.client._finalized = True
        get_connections().reset(self._token)
        await asyncio.shield(self._pool.release(self._held))


async def _teach_json(connection: asyncpg.Connection) -> None:
    """In binary, the one form that COPY takes: the text itself, for jsonb after a byte that tells its version."""
    await connection.set_type_codec("json", schema="pg_catalog", format="binary", encoder=_json, decoder=orjson.loads)
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + _json(value),
        decoder=lambda data: orjson.loads(memoryview(data)[1:]),
    )


async def _keep(connection: asyncpg.Connection) -> None:
    """Save asyncpg's round trip to reset a connection: all settings, locks and cursors are of a transaction."""


def _json(value: object) -> bytes:
    if isinstance(value, str):  # Tortoise has dumped it already
        return value.encode()
    return orjson.dumps(value)


client_class = Postgres
