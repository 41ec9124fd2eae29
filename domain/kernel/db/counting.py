"""Counts the statements that are sent to the database, so that tests can hold each request to its number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

_counters: list["Counter"] = []


@dataclass(slots=True, eq=False)
class Counter:
    """The statements sent while counting; BEGIN, COMMIT and savepoints are not among them."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counting() -> Iterator[Counter]:
    """Count every statement of this process until the block ends."""
    counter = Counter()
    _counters.append(counter)
    try:
        yield counter
    finally:
        _counters.remove(counter)


def note(sql: str) -> None:
    """Tell whoever counts that a statement is about to be sent."""
    for counter in _counters:
        counter.statements.append(sql)


class Counted(BaseDBAsyncClient):
    """Mixed into the engines: every way by which Tortoise sends a statement passes here first."""

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        note(query)
        return await super().execute_insert(query, values)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        note(query)
        await super().execute_many(query, values)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> Any:
        note(query)
        return await super().execute_query(query, values)

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> Any:
        note(query)
        return await super().execute_query_dict(query, values)
