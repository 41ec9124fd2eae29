"""Both endpoints' JSON, and who is asking: what the token says and what the database says of its subject now."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from schema.tokens import Claims


class Refused(Exception):
    """The request cannot be granted."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def refused(_request: Request, error: Exception) -> Response:
    """The answer to a request that was refused."""
    assert isinstance(error, Refused)
    return json({"error": str(error)}, error.status)


async def claims_of(request: Request) -> Claims:
    """Whom the bearer token stands for."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused(401, "Send a bearer token.")
    claims: Claims = await request.app.state.tokens.verify(token)
    return claims


def json(body: object, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(orjson.dumps(body), status, media_type="application/json")


def instant(value: datetime) -> str:
    """RFC 3339 in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def status_of(activated_at: datetime | None, lots: Sequence[Any], now: datetime) -> str:
    """What a package is by the clock."""
    left = [lot for lot in lots if lot["available"] + lot["held"] > 0]
    if activated_at is None:
        return "PENDING"
    if not left:
        return "EXPIRED" if any(lot["expired"] for lot in lots) else "USED_UP"
    if not any(now < lot["lapses_at"] for lot in left):
        return "EXPIRED"
    return "ACTIVE" if any(now < lot["expires_at"] for lot in left) else "IN_GRACE"


def balance_of(lots: Sequence[Any], now: datetime) -> dict[str, int]:
    """The sums over the lots of a package."""
    return {
        "available": sum(lot["available"] for lot in lots),
        "held": sum(lot["held"] for lot in lots),
        "remaining": sum(lot["available"] for lot in lots if now < lot["lapses_at"]),
        "consumed": sum(lot["consumed"] for lot in lots),
        "issued": sum(lot["issued"] for lot in lots),
    }
