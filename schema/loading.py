"""Loading several things of one kind at once."""

from asyncio import gather
from collections.abc import Hashable, Iterable
from typing import TypeVar

from schema.context import Info, Loader

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


async def load_all(info: Info, loader: Loader[K, V], keys: Iterable[K]) -> list[V]:
    """Those of the things that the actor may see, in the order of their keys, with one statement for all of them."""
    found = await gather(*(info.context.load(loader, key) for key in keys))
    return [thing for thing in found if thing is not None]
