"""Says in one sentence why the database cannot be used and what to do about it."""

import sqlite3
from typing import Final

import asyncpg
from tortoise.exceptions import DBConnectionError

from domain.kernel.errors import Unavailable


class DatabaseUnavailable(Unavailable):
    """The database does not answer, is not there, or cannot be written; the message says what to do."""


_SQLITE: Final = {
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened: create its directory, writable by Carnet.",
    sqlite3.SQLITE_PERM: "The database file may not be read: give Carnet permission to read and write it.",
    sqlite3.SQLITE_READONLY: "The database file is read-only: give Carnet permission to write it.",
    sqlite3.SQLITE_FULL: "The disk is full: free some space, then try again.",
    sqlite3.SQLITE_IOERR: "The disk under the database fails: check its free space and its health.",
    sqlite3.SQLITE_NOTADB: "The database file is not an SQLite database: check the database URL.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged: restore it from the last backup.",
}
_POSTGRES: Final[dict[type[Exception], str]] = {
    asyncpg.InvalidAuthorizationSpecificationError: "PostgreSQL refuses the user: check the database URL.",
    asyncpg.InvalidPasswordError: "PostgreSQL refuses the password: check the database URL.",
    asyncpg.InvalidCatalogNameError: "PostgreSQL has no such database: create it or check the database URL.",
    asyncpg.TooManyConnectionsError: "PostgreSQL has no connection left: raise its max_connections.",
    asyncpg.ReadOnlySQLTransactionError: "PostgreSQL is read-only: connect to the primary server.",
    asyncpg.DiskFullError: "The disk of PostgreSQL is full: free some space, then try again.",
    asyncpg.OutOfMemoryError: "PostgreSQL is out of memory: give it more, then try again.",
}
_POSTGRES_GONE: Final = (
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.PostgresConnectionError,
    OSError,
)


def sqlite_error(error: BaseException) -> sqlite3.Error | None:
    """The error of SQLite that Tortoise may have wrapped."""
    inner = error.args[0] if error.args and isinstance(error.args[0], sqlite3.Error) else error
    return inner if isinstance(inner, sqlite3.Error) else None


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's result code without its extension, 0 where there is none."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def raise_if_unavailable(error: Exception) -> None:
    """Raise `DatabaseUnavailable` in place of a driver's error, where that is what it means."""
    if sentence := _sentence(error):
        raise DatabaseUnavailable(sentence) from error


def _sentence(error: Exception) -> str | None:
    if inner := sqlite_error(error):
        return _SQLITE.get(primary_code(inner))
    cause = error.__cause__ if isinstance(error, DBConnectionError) else error
    if isinstance(cause, _POSTGRES_GONE) or _is_of_a_closed_connection(cause):
        return "PostgreSQL does not answer: check that it runs and that the database URL is right."
    return next((sentence for kind, sentence in _POSTGRES.items() if isinstance(cause, kind)), None)


def _is_of_a_closed_connection(error: BaseException | None) -> bool:
    """The driver uses one class for a connection that was lost and for a statement that is wrong."""
    return isinstance(error, asyncpg.InterfaceError) and "closed" in str(error)
