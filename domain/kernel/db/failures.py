"""Says in one sentence why the database cannot be used and what to do about it."""

import sqlite3
from typing import Final

import asyncpg
from tortoise.exceptions import DBConnectionError

from domain.kernel.errors import Unavailable


class DatabaseUnavailable(Unavailable):
    """The database does not answer, is not there, or cannot be written; the message says what to do."""


_SQLITE: Final = {
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened: create its directory and allow Carnet to write there.",
    sqlite3.SQLITE_PERM: "The database file may not be read: give Carnet permission to read and write it.",
    sqlite3.SQLITE_READONLY: "The database file is read-only: give Carnet permission to write it and its directory.",
    sqlite3.SQLITE_FULL: "The disk is full: free some space, then try again.",
    sqlite3.SQLITE_IOERR: "The disk under the database file fails to read or write: check its free space and its health.",
    sqlite3.SQLITE_NOTADB: "The database file is not an SQLite database: check the database URL.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged: restore it from the last backup.",
}
_POSTGRES: Final[tuple[tuple[tuple[type[Exception], ...], str], ...]] = (
    (
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
        "PostgreSQL refuses the user or password: check the database URL.",
    ),
    ((asyncpg.InvalidCatalogNameError,), "PostgreSQL has no such database: create it or check the database URL."),
    ((asyncpg.TooManyConnectionsError,), "PostgreSQL has no connection left: raise max_connections or run fewer processes."),
    ((asyncpg.ReadOnlySQLTransactionError,), "PostgreSQL is read-only: connect to the primary server."),
    ((asyncpg.DiskFullError,), "The disk of PostgreSQL is full: free some space, then try again."),
    (
        (asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError, TimeoutError),
        "PostgreSQL does not answer: check that it runs and that the database URL is right.",
    ),
)


def sqlite_error(error: BaseException) -> sqlite3.Error | None:
    """The error of SQLite that Tortoise may have wrapped."""
    inner = error.args[0] if error.args and isinstance(error.args[0], sqlite3.Error) else error
    return inner if isinstance(inner, sqlite3.Error) else None


def raise_if_unavailable(error: Exception) -> None:
    """Raise `DatabaseUnavailable` in place of a driver's error, where that is what it means."""
    if sentence := _sentence(error):
        raise DatabaseUnavailable(sentence) from error


def _sentence(error: Exception) -> str | None:
    if inner := sqlite_error(error):
        return _SQLITE.get((getattr(inner, "sqlite_errorcode", None) or 0) & 0xFF)
    cause = error.__cause__ if isinstance(error, DBConnectionError) else error
    return next((sentence for kinds, sentence in _POSTGRES if isinstance(cause, kinds)), None)
