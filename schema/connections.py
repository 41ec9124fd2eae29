"""Relay connections with keyset cursors: opaque, and good only for the filter and order they were made for."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson
import strawberry

from schema.errors import BadUserInput

T = TypeVar("T")
V = TypeVar("V")

DEFAULT_FIRST = 20
MAX_FIRST = 100


@strawberry.type(description="Where a page lies in its connection.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = strawberry.field(description="Whether more follows behind the last edge.")
    has_previous_page: bool = strawberry.field(description="Whether something lies before the first edge.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last edge; null on an empty page.")


@strawberry.type(description="One node of a connection with its cursor.")
class Edge(Generic[T]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="Where this node lies; give it as `after` to go on behind it.")
    node: T = strawberry.field(description="The node.")


Count = Callable[[], Awaitable[int]]


@strawberry.type(description="A page of nodes.")
class Connection(Generic[T]):
    """Relay's connection; cursors are made when somebody asks for them."""

    nodes: list[T] = strawberry.field(description="The nodes of this page.")
    cursor: strawberry.Private[Callable[[int], str]]
    more_behind: strawberry.Private[bool]
    more_before: strawberry.Private[bool]
    count: strawberry.Private[Count | None] = None

    @strawberry.field(description="The nodes of this page with their cursors.")
    def edges(self) -> list[Edge[T]]:
        return [Edge(cursor=self.cursor(place), node=node) for place, node in enumerate(self.nodes)]

    @strawberry.field(description="Where this page lies.")
    def page_info(self) -> PageInfo:
        return PageInfo(
            has_next_page=self.more_behind,
            has_previous_page=self.more_before,
            start_cursor=self.cursor(0) if self.nodes else None,
            end_cursor=self.cursor(len(self.nodes) - 1) if self.nodes else None,
        )

    @strawberry.field(description="How many nodes the filter finds in all; null where counting would cost too much.")
    async def total_count(self) -> int | None:
        return await self.count() if self.count else None


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a connection is asked for: so many, behind a position given as a list of sort keys."""

    size: int
    after: list[str] | None
    stamp: str

    def cursor(self, *keys: str) -> str:
        """The cursor of a node with these sort keys."""
        return urlsafe_b64encode(orjson.dumps([self.stamp, *keys])).rstrip(b"=").decode()


def page(first: int | None, after: str | None, *filter_and_order: object, most: int = MAX_FIRST) -> Page:
    """The page asked for; refuses a size out of range and a cursor of another filter or order."""
    size = DEFAULT_FIRST if first is None else first
    if not 1 <= size <= most:
        raise BadUserInput(f"A page holds from 1 to {most} nodes; {size} were asked for.")
    stamp = hashlib.sha256(repr(filter_and_order).encode()).hexdigest()[:8]
    return Page(size, None if after is None else _keys(after, stamp), stamp)


def _keys(cursor: str, stamp: str) -> list[str]:
    try:
        found = orjson.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, UnicodeEncodeError) as error:
        raise BadUserInput("The cursor is malformed. Take it from an edge of the same connection.") from error
    if not isinstance(found, list) or not all(isinstance(key, str) and "\0" not in key for key in found):
        raise BadUserInput("The cursor is malformed. Take it from an edge of the same connection.")
    if found[:1] != [stamp]:
        raise BadUserInput("The cursor belongs to another filter or order. Start again without it.")
    return found[1:]


def connection(
    found: Sequence[V],
    asked: Page,
    node: Callable[[V], T],
    keys: Callable[[V], Sequence[str]],
    count: Count | None = None,
) -> Connection[T]:
    """The connection of what was found when one more than the page's size was asked for."""
    shown = found[: asked.size]
    return Connection(
        nodes=[node(item) for item in shown],
        cursor=lambda place: asked.cursor(*keys(shown[place])),
        more_behind=len(found) > asked.size,
        more_before=asked.after is not None,
        count=count,
    )


def number(keys: list[str] | None, digits: int = 18) -> int | None:
    """The one whole number of at most so many digits that a cursor carries; None without a cursor."""
    if keys is None:
        return None
    if len(keys) != 1 or not keys[0].isdecimal() or len(keys[0]) > digits:
        raise BadUserInput("The cursor is malformed. Take it from an edge of the same connection.")
    return int(keys[0])
