"""SQLite: a transaction takes the write lock first and gives it back whatever happens."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper, translate_exceptions
from tortoise.connection import ConnectionToken, get_connections
from tortoise.exceptions import OperationalError

from domain.kernel.db.counting import Counted, note
from domain.kernel.db.engines.dialect import for_sqlite, insert_sql, split_script, teach_types
from domain.kernel.db.transaction import retrying

teach_types()


class _Statements(Counted):
    """The plain statements, the same inside a transaction and outside."""

    @translate_exceptions
    async def select(self, sql: str, args: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        note(sql)
        async with self.acquire_connection() as connection:
            found: Sequence[Mapping[str, Any]] = await connection.execute_fetchall(for_sqlite(sql), args)
        return found

    @translate_exceptions
    async def run(self, sql: str, args: Sequence[Any]) -> int:
        note(sql)
        async with self.acquire_connection() as connection:
            affected: int = await connection._execute(_affected, connection._conn, for_sqlite(sql), args)
        return affected

    @translate_exceptions
    async def run_many(self, sql: str, args: Sequence[Sequence[Any]]) -> None:
        note(sql)
        async with self.acquire_connection() as connection:
            await connection._execute(_all_or_none, connection._conn, for_sqlite(sql), args)

    async def load(self, table: str, columns: Sequence[str], records: Sequence[Sequence[Any]]) -> None:
        await self.run_many(insert_sql(table, tuple(columns), 1), records)

    @translate_exceptions
    async def execute_script(self, query: str) -> None:
        """Run each statement by itself: sqlite3's own executescript would commit the running transaction."""
        async with self.acquire_connection() as connection:
            for statement in split_script(query):
                note(statement)
                await connection.execute_fetchall(statement)


def _affected(connection: sqlite3.Connection, sql: str, args: Sequence[Any]) -> int:
    cursor = connection.execute(sql, args)
    cursor.fetchall()
    return max(cursor.rowcount, 0)


def _all_or_none(connection: sqlite3.Connection, sql: str, args: Sequence[Sequence[Any]]) -> None:
    """As one statement would be, also inside a transaction that goes on after a failure."""
    connection.execute("SAVEPOINT many")
    try:
        connection.executemany(sql, args)
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK TO many")
            connection.execute("RELEASE many")
        raise
    connection.execute("RELEASE many")


class SqliteTransaction(_Statements, SqliteTransactionWrapper):
    """The connection as seen inside a transaction."""

    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


class Sqlite(_Statements, SqliteClient):
    """One connection per process, shared by its tasks one statement or one transaction at a time."""

    async def create_connection(self, with_db: bool) -> None:  # noqa: ARG002 - the signature is Tortoise's
        if self._connection:
            return
        connection = await _opened(self.filename)
        try:
            await retrying(lambda: self._configure(connection))
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        await self._post_connect()

    async def _configure(self, connection: aiosqlite.Connection) -> None:
        """Tried again when busy: no timeout applies while another process gives a new file its WAL."""
        for pragma, value in self.pragmas.items():
            await connection.execute_fetchall(f"PRAGMA {pragma}={value}")

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        return _Turn(self._lock, self)

    def _in_transaction(self) -> TransactionContext:
        return _WriteLock(SqliteTransaction(self), self._lock)


class _Turn(ConnectionWrapper[aiosqlite.Connection]):
    """The one connection for one statement; given back also when it cannot be opened."""

    async def __aenter__(self) -> aiosqlite.Connection:
        await self._lock.acquire()
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection


async def _opened(path: str) -> aiosqlite.Connection:
    connection = aiosqlite.connect(path, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES)
    connection._thread.daemon = True  # else a connection left open keeps Python from exiting
    try:
        await connection
    except BaseException:
        connection._thread.join()  # else it speaks to a loop that may have closed
        raise
    connection.row_factory = sqlite3.Row
    return connection


class _WriteLock(TransactionContext):
    """Holds the one connection from BEGIN IMMEDIATE to COMMIT or ROLLBACK.

    What is queued on the connection's thread runs in order, even when the waiting task is cancelled: a
    rollback queued before the lock is released always comes before the BEGIN of the next transaction.
    """

    def __init__(self, client: SqliteTransaction, lock: asyncio.Lock) -> None:
        self.client: SqliteTransaction = client
        self._lock = lock
        self._token: ConnectionToken | None = None

    async def __aenter__(self) -> SqliteTransaction:
        await self._lock.acquire()
        try:
            parent = self.client._parent
            await parent.create_connection(with_db=True)
            self.client._connection = parent._connection
            await self.client.begin()
        except BaseException:
            await self._release()
            raise
        self._token = get_connections().set(self.client.connection_name, self.client)
        return self.client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                await self._commit()
        finally:
            await self._release()

    async def _commit(self) -> None:
        try:
            await self.client._connection.commit()
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    async def _release(self) -> None:
        try:
            if self.client._connection is not None:
                await self.client._connection.rollback()  # does nothing after a commit
        finally:
            self.client._finalized = True
            get_connections().reset(self._token)
            self._lock.release()


client_class = Sqlite
