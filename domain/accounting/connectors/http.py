"""How connectors call other systems: one request, one response, and whether the request may have arrived at all.

What carries the calls is given by whoever opens a connector; this side of the house knows no network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

SMALL, LARGE = 1024 * 1024, 32 * 1024 * 1024
"""The largest answers that are read, in bytes: to what writes one document, and to what asks for a page of many."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it goes out."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    largest: int = SMALL


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; the names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Unreached(Exception):
    """Nobody was reached: the request surely did not arrive."""


class Unanswered(Exception):
    """The request may have arrived, and no answer came."""


class Http(Protocol):
    """Carries calls; follows no redirect."""

    async def call(self, request: Request) -> Response:
        """The response; raises Unreached or Unanswered."""
        ...
