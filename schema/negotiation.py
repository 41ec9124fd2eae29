"""Which media type the client wants back, and what that means for the status of a refused document."""

from dataclasses import dataclass
from functools import lru_cache

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
LONGEST_READ = 500


@dataclass(frozen=True, slots=True)
class Accepted:
    """How to answer one client."""

    content_type: bytes
    refused_document: int
    """The status when the document cannot be executed."""
    page: bool
    """Whether a person with a browser asks."""


def accepted(header: str) -> Accepted:
    """What an Accept header asks for; the old `application/json` where the new type is not named."""
    return _accepted(header[:LONGEST_READ])


@lru_cache(maxsize=256)
def _accepted(header: str) -> Accepted:
    weights = _weights(header)
    new, old, wildcard = (weights.get(name, 0.0) for name in (RESPONSE_JSON, JSON, "*/*"))
    media_type = RESPONSE_JSON if new > 0 and new >= old else JSON
    # Clients of before the new media type take any other status for a broken connection.
    only_old = old > 0 and new == 0 and wildcard == 0
    page = weights.get("text/html", 0.0) > max(new, old)
    return Accepted(f"{media_type}; charset=utf-8".encode(), 200 if only_old else 400, page)


def _weights(header: str) -> dict[str, float]:
    return dict(_weighted(part) for part in header.lower().split(",") if part.strip())


def _weighted(part: str) -> tuple[str, float]:
    media_type, *parameters = (piece.strip() for piece in part.split(";"))
    quality = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    try:
        return media_type, float(quality)
    except ValueError:
        return media_type, 0.0
