"""The temporary database on disk that rows wait in, so that memory does not grow with the files.

SQLite makes it without a name and drops it when it is closed, or when the process is killed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date

from domain.imports.errors import NoRoomToImport
from domain.imports.files import Sheet
from domain.imports.rules.customers import CustomerRow
from domain.imports.rules.faults import Fault
from domain.imports.rules.packs import PackRow, VisitRow

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA cache_size = -4096;
PRAGMA temp_store = FILE;
BEGIN;
CREATE TABLE customer (
    line INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, first_name TEXT, last_name TEXT, phone TEXT,
    folded_name TEXT, email TEXT, country TEXT, birthday TEXT, tags TEXT, whatsapp_consent INTEGER,
    home_branch TEXT, household_ref TEXT, created_on TEXT, person INTEGER);
CREATE TABLE pack (
    line INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, customer_ref TEXT, definition TEXT, sold_on TEXT,
    branch TEXT, price_minor INTEGER, paid_minor INTEGER, sessions_total INTEGER, sessions_used INTEGER,
    expires_on TEXT, notes TEXT);
CREATE TABLE visit (
    line INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, pack_ref TEXT, starts_at TEXT, branch TEXT,
    service TEXT, practitioner TEXT, status TEXT);
CREATE TABLE refused (
    sheet TEXT, line INTEGER, ref TEXT, fault TEXT, PRIMARY KEY (sheet, line)) WITHOUT ROWID;
CREATE INDEX refused_ref ON refused (ref, sheet);
"""

_INDEXES = """
CREATE INDEX customer_twins ON customer (phone, folded_name, line);
UPDATE customer SET person = CASE phone WHEN '' THEN line ELSE (
    SELECT min(twin.line) FROM customer AS twin
    WHERE twin.phone = customer.phone AND twin.folded_name = customer.folded_name) END;
CREATE INDEX customer_person ON customer (person, line);
CREATE INDEX customer_name ON customer (folded_name, phone);
CREATE INDEX visit_pack ON visit (pack_ref, starts_at, line);
"""

_TABLE_OF = {CustomerRow: "customer", PackRow: "pack", VisitRow: "visit"}
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


class Scratch:
    """The rows of one import under their line numbers, while they are being read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.executescript(_TABLES)

    def add(self, row: CustomerRow | PackRow | VisitRow) -> bool:
        """Keep a good row; False when its reference is taken."""
        cells = {each.name: _cell(getattr(row, each.name)) for each in fields(row)}
        columns = ", ".join(cells)
        marks = ", ".join("?" * len(cells))
        sql = f"INSERT OR IGNORE INTO {_TABLE_OF[type(row)]} ({columns}) VALUES ({marks})"
        return self._connection.execute(sql, list(cells.values())).rowcount == 1

    def refuse(self, sheet: Sheet, line: int, ref: str, fault: Fault) -> None:
        """Remember that the row is not imported, and why."""
        self._connection.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (sheet, line, ref, fault))

    def has_customer(self, ref: str) -> bool:
        """Whether a good customer row has the reference."""
        return self._exists("SELECT 1 FROM customer WHERE ref = ?", ref)

    def has_pack(self, ref: str) -> bool:
        """Whether a pack row, good or refused, has the reference."""
        return self._exists("SELECT 1 FROM pack WHERE ref = ?", ref) or self.has_refused(Sheet.PACKS, ref)

    def has_refused(self, sheet: Sheet, ref: str) -> bool:
        """Whether a refused row of the sheet has the reference."""
        return self._exists("SELECT 1 FROM refused WHERE ref = ? AND sheet = ?", ref, sheet)

    def finish(self) -> None:
        """Find who is the same person and order the visits by pack; from now on the scratch is only read."""
        self._connection.executescript(_INDEXES)

    def _exists(self, sql: str, *values: str) -> bool:
        return self._connection.execute(sql, values).fetchone() is not None


def _cell(value: object) -> object:
    """The value in a form that SQLite keeps and `workbook.py` can read back."""
    if isinstance(value, date):
        return value.isoformat()
    return ";".join(value) if isinstance(value, tuple) else value


@contextmanager
def scratch_database() -> Iterator[sqlite3.Connection]:
    """A new, empty one; gone when the block is left."""
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        yield connection
    except sqlite3.OperationalError as error:
        # The low byte is the reason; what stands above it tells only how it was found.
        if error.sqlite_errorcode & 0xFF in _NO_ROOM:
            raise NoRoomToImport from error
        raise
    finally:
        connection.close()
