"""`/downloads/<token>`: the report that a signed link stands for, as CSV, to whoever holds the link."""

import re
import unicodedata
from collections.abc import AsyncIterator
from contextlib import aclosing
from secrets import token_hex

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from carnet.authentication import as_known_now
from domain.branches import store as branches
from domain.kernel.access import Actor
from domain.kernel.denials import note
from domain.kernel.errors import Forbidden
from domain.reports.tables.registry import csv_report, refuse_unless_possible
from schema.answers import MethodNotAllowed, refused
from schema.http import MAX_COST
from schema.limits.rate import RateLimit, Throttle
from schema.links import PATH, Download, Links
from schema.negotiation import accepted


def download_route(links: Links, rate_limit: RateLimit | None = None) -> Route:
    """The address of downloads; each costs its principal as much as the dearest query."""
    gzip = Middleware(GZipMiddleware, minimum_size=1024, compresslevel=4)
    return Route(f"{PATH}/{{token}}", Downloads(links, Throttle(rate_limit or RateLimit())), middleware=[gzip])


class Downloads:
    """The ASGI application that answers links; it keeps nothing, so any process answers those of any other."""

    def __init__(self, links: Links, throttle: Throttle) -> None:
        self._links, self._throttle = links, throttle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        with bound_contextvars(request_id=request_id):
            try:
                response = await self._response(scope["method"], scope["path_params"]["token"], request_id)
            except Exception as exc:
                await refused(exc, accepted(""), request_id).send(send, request_id)
            else:
                await response(scope, receive, send)

    async def _response(self, method: str, token: str, request_id: str) -> Response:
        if method not in ("GET", "HEAD"):
            raise MethodNotAllowed(f"{method} cannot be used here.", "GET, HEAD")
        wanted = self._links.opened(token)
        self._throttle.take(f"{wanted.chain_id}/{wanted.principal_id}", MAX_COST)
        actor = await as_known_now(wanted.principal, wanted.chain_id, wanted.principal_id)
        try:
            await refuse_unless_possible(actor, wanted.report, wanted.asked)
        except Forbidden as denied:
            await note(actor, [denied])
            raise
        pieces = _nothing() if method == "HEAD" else await _begun(csv_report(actor, wanted.report, wanted.asked))
        return StreamingResponse(pieces, headers=await _headers(actor, wanted, request_id))


async def _begun(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """The same pieces, of which the first is there: what fails before it can still be answered as a failure."""
    first = await anext(pieces)

    async def all_of_them() -> AsyncIterator[str]:
        async with aclosing(pieces):  # type: ignore[type-var]
            yield first
            async for piece in pieces:
                yield piece

    return all_of_them()


async def _nothing() -> AsyncIterator[str]:
    return
    yield


async def _headers(actor: Actor, wanted: Download, request_id: str) -> dict[str, str]:
    chain = await branches.chain(actor.chain_id)
    return {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": f'attachment; filename="{file_name(chain.name, wanted)}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-request-id": request_id,
    }


def file_name(chain: str, wanted: Download) -> str:
    """Whose report it is, which one, and of which days, in letters that every system takes for a name."""
    plain = unicodedata.normalize("NFKD", chain).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "carnet"
    days = (str(day) for day in (wanted.asked.first_day, wanted.asked.last_day) if day)
    return "_".join((words, wanted.report.hyphenated, *days)) + ".csv"
