"""Tortoise's engines with their traps cured, and the calls by which plain statements reach them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Engine(Protocol):
    """What plain statements ask of an engine, inside a transaction or outside."""

    async def select(self, sql: str, args: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        """Send a statement that answers with rows."""
        ...

    async def run(self, sql: str, args: Sequence[Any]) -> int:
        """Send a statement and say how many rows it affected."""
        ...

    async def run_many(self, sql: str, args: Sequence[Sequence[Any]]) -> None:
        """Send a statement with one set of arguments after the other; all of them take effect, or none."""
        ...

    async def load(self, table: str, columns: Sequence[str], records: Sequence[Sequence[Any]]) -> None:
        """Insert many records in the fastest way the database has; all of them, or none."""
        ...
