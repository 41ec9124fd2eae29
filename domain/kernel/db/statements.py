"""Plain statements: written once with `$1, $2`, the same answers from SQLite and PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

from tortoise.connection import get_connection
from tortoise.models import Model

from domain.kernel.db.config import CONNECTION
from domain.kernel.db.engines import Engine
from domain.kernel.db.failures import raise_if_unavailable

M = TypeVar("M", bound=Model)

_MOST_PARAMETERS: Final = 32_000  # SQLite binds 32 766 at most, PostgreSQL 32 767


async def rows(sql: str, *args: Any) -> list[dict[str, Any]]:
    """The rows of a statement: columns come as datetime, date and parsed JSON, expressions maybe not."""
    return [dict(row) for row in await _select(sql, args)]


async def fetch(model: type[M], sql: str, *args: Any) -> list[M]:
    """The rows of a statement as instances of a model; columns that were not selected stay unset."""
    return [model._init_from_db(**row) for row in await _select(sql, args)]


async def execute(sql: str, *args: Any) -> int:
    """Send a statement and say how many rows it affected."""
    try:
        return await _engine().run(sql, args)
    except Exception as error:
        raise_if_unavailable(error)
        raise


async def insert(table: str, records: Sequence[Mapping[str, Any]]) -> None:
    """Insert records, all with the columns of the first one, in one statement unless they are thousands."""
    if not records:
        return
    columns = tuple(records[0])
    for batch in _batches(records, _MOST_PARAMETERS // len(columns)):
        values = [record[name] for record in batch for name in columns]
        await execute(_insert_sql(table, columns, len(batch)), *values)


def _engine() -> Engine:
    return cast(Engine, get_connection(CONNECTION))


async def _select(sql: str, args: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
    try:
        return await _engine().select(sql, args)
    except Exception as error:
        raise_if_unavailable(error)
        raise


def _batches(records: Sequence[Mapping[str, Any]], size: int) -> Iterator[Sequence[Mapping[str, Any]]]:
    return (records[start : start + size] for start in range(0, len(records), size))


@lru_cache(maxsize=512)
def _insert_sql(table: str, columns: tuple[str, ...], count: int) -> str:
    width = len(columns)
    names = ", ".join(f'"{name}"' for name in columns)
    places = [f"${number}" for number in range(1, width * count + 1)]
    records = (", ".join(places[start : start + width]) for start in range(0, len(places), width))
    return f'INSERT INTO "{table}" ({names}) VALUES ({"), (".join(records)})'
