"""Tortoise's engines with their traps cured, and the two calls by which plain statements reach them."""

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
