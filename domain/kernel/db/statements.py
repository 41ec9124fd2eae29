"""Plain statements: written once with `$1, $2`, the same answers from SQLite and PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar, cast

from tortoise.connection import get_connection
from tortoise.models import Model

from domain.kernel.db.config import CONNECTION
from domain.kernel.db.engines import Engine
from domain.kernel.db.engines.dialect import insert_sql
from domain.kernel.db.failures import raise_if_unavailable

M = TypeVar("M", bound=Model)

MANY: Final = 50
"""From so many records on, what loads them in bulk is faster than one statement with all their values."""


async def rows(sql: str, *args: Any) -> list[dict[str, Any]]:
    """The rows of a statement: columns come as datetime, date and parsed JSON, expressions maybe not."""
    return [dict(row) for row in await _select(sql, args)]


async def fetch(model: type[M], sql: str, *args: Any) -> list[M]:
    """The rows of a statement as instances of a model; columns that were not selected stay unset."""
    return [model._init_from_db(**row) for row in await _select(sql, args)]


async def execute(sql: str, *args: Any) -> int:
    """Send a statement and say how many rows it affected."""
    with _telling():
        return await _engine().run(sql, args)


async def execute_many(sql: str, args: Sequence[Sequence[Any]]) -> None:
    """Send a statement with one set of arguments after the other, as one; all of them take effect, or none."""
    if args:
        with _telling():
            await _engine().run_many(sql, args)


async def insert(table: str, records: Sequence[Mapping[str, Any]]) -> None:
    """Insert records, all with the columns of the first one, as one statement."""
    if not records:
        return
    columns = tuple(records[0])
    if len(records) < MANY:
        values = [record[name] for record in records for name in columns]
        await execute(insert_sql(table, columns, len(records)), *values)
    else:
        values = [[record[name] for name in columns] for record in records]
        with _telling():
            await _engine().load(table, columns, values)


@contextmanager
def _telling() -> Iterator[None]:
    """Whatever the driver says when the database cannot be used is told in one sentence."""
    try:
        yield
    except Exception as error:
        raise_if_unavailable(error)
        raise


def _engine() -> Engine:
    return cast(Engine, get_connection(CONNECTION))


async def _select(sql: str, args: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
    with _telling():
        return await _engine().select(sql, args)
