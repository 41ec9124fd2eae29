"""SQLite made to read and write what PostgreSQL does: placeholders, lists, instants, dates and JSON."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

import orjson

_ANY = re.compile(r"=\s*ANY\s*\(\s*\$(\d+)\s*\)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$(\d+)")
_ROW_LOCK = re.compile(r"\sFOR\s+((NO\s+KEY\s+)?UPDATE|(KEY\s+)?SHARE)(\s+OF\s+\w+)?(\s+SKIP\s+LOCKED)?", re.IGNORECASE)


@lru_cache(maxsize=2048)
def for_sqlite(sql: str) -> str:
    """The same statement in SQLite's words; the transaction's write lock stands for the row locks."""
    sql = _ANY.sub(r"IN (SELECT value FROM json_each(?\1))", sql)
    return _PLACEHOLDER.sub(r"?\1", _ROW_LOCK.sub("", sql))


@lru_cache(maxsize=512)
def insert_sql(table: str, columns: tuple[str, ...], count: int) -> str:
    """The statement that inserts so many records."""
    width = len(columns)
    names = ", ".join(f'"{name}"' for name in columns)
    places = [f"${number}" for number in range(1, width * count + 1)]
    records = (", ".join(places[start : start + width]) for start in range(0, len(places), width))
    return f'INSERT INTO "{table}" ({names}) VALUES ({"), (".join(records)})'


def split_script(script: str) -> Iterator[str]:
    """The statements of a script; the semicolons inside a trigger's body or a string do not end one."""
    statement = ""
    for part in re.split(r"(?<=;)", script):
        statement += part
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def teach_types() -> None:
    """Store instants as UTC text that sorts by time, and read the declared types back as Python's."""
    sqlite3.register_adapter(datetime, _utc_text)
    sqlite3.register_adapter(date, date.isoformat)
    for kind in (dict, list, tuple):
        sqlite3.register_adapter(kind, _json_text)
    sqlite3.register_converter("TIMESTAMP", lambda text: datetime.fromisoformat(text.decode()))
    sqlite3.register_converter("DATE", lambda text: date.fromisoformat(text.decode()))
    sqlite3.register_converter("JSON", orjson.loads)


def _utc_text(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError(f"an instant without a time zone cannot be stored: {instant!r}")
    return instant.astimezone(UTC).isoformat(" ")


def _json_text(value: object) -> str:
    return orjson.dumps(value).decode()
