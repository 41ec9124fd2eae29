"""What the operator sees of the API: a log line and two figures for each request."""

import time

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.links import PATH as DOWNLOADS

log = structlog.get_logger()

_PROBES = ("/livez", "/readyz", "/metrics")
_REQUESTS = Counter("carnet_http_requests", "Requests answered, by status.", ["status"])
_SECONDS = Histogram("carnet_http_request_seconds", "Time from a request's first byte to its answer's last.")


async def metrics(_request: Request) -> Response:
    """The figures of this process, as Prometheus reads them."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


class Observed:
    """Wraps the application; probes are too many to be logged."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _PROBES:
            return await self._app(scope, receive, send)
        started = time.perf_counter()
        status = 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            _tell(scope, status, time.perf_counter() - started)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    _REQUESTS.labels(status).inc()
    _SECONDS.observe(seconds)
    log.info(
        "request",
        method=scope["method"],
        path=_shown(scope["path"]),
        status=status,
        milliseconds=round(seconds * 1000, 2),
        request_id=scope.get("state", {}).get("request_id"),
    )


def _shown(path: str) -> str:
    """The path as it may be kept: who knows a link of a download can use it."""
    return f"{DOWNLOADS}/…" if path.startswith(f"{DOWNLOADS}/") else path
