"""What one GraphQL operation knows: who asks, and loaders that fetch each kind of thing once for all of it."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from domain.kernel.access import Actor
from schema.links import Download, Link

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)

Batch = Callable[[Actor, list[K]], Awaitable[Mapping[K, V]]]
"""Fetches many things by key as the actor sees them; what the actor may not see is left out."""


@dataclass(frozen=True, slots=True)
class Loader(Generic[K, V_co]):
    """Names a batch function; `Context.load` gives each operation a DataLoader of its own for it."""

    batch: Batch[K, V_co]


@dataclass(slots=True)
class Context:
    """Made anew for every operation, so that nothing that one actor saw is ever shown to another."""

    actor: Actor
    link: Callable[[Download], Link]
    """Makes a link that hands a report over without other credentials."""
    _loaders: dict[Loader[Any, Any], DataLoader[Any, Any]] = field(default_factory=dict)

    def load(self, loader: Loader[K, V], key: K) -> Awaitable[V | None]:
        """The thing with this key, fetched together with all others asked for at the same time."""
        dataloader = self._loaders.get(loader)
        if dataloader is None:
            dataloader = self._loaders[loader] = DataLoader(load_fn=self._fetching(loader.batch))
        found: Awaitable[V | None] = dataloader.load(key)
        return found

    def forget(self) -> None:
        """Drop what was read: an act has changed it, and another field of the same request may ask for it."""
        self._loaders.clear()

    def _fetching(self, batch: Batch[K, V]) -> Callable[[list[K]], Awaitable[list[V | None]]]:
        async def fetch(keys: list[K]) -> list[V | None]:
            found = await batch(self.actor, keys)
            return [found.get(key) for key in keys]

        return fetch


Info = StrawberryInfo[Context, None]
