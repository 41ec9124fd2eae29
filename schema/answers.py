"""HTTP answers of the graph: every one JSON, with a request id, and the status that its kind of error has."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from starlette.types import Send
from strawberry.types import ExecutionResult

from domain.kernel.errors import Unauthenticated
from schema.errors import (
    FAULTS,
    DocumentRefused,
    ErrorCode,
    code_of,
    code_of_graphql,
    rendered,
    rendered_graphql,
    report,
)
from schema.limits.rate import Throttled
from schema.links import LinkExpired, LinkUnknown
from schema.negotiation import Accepted
from schema.request import BodyTooLarge

Headers = tuple[tuple[bytes, bytes], ...]


class MethodNotAllowed(Exception):
    """The method cannot be used here, or not for this operation."""

    def __init__(self, message: str, allow: str) -> None:
        super().__init__(message)
        self.allow = allow


class UnsupportedMediaType(Exception):
    """The body is not JSON in UTF-8."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response."""

    status: int
    content_type: bytes
    body: bytes
    headers: Headers = ()

    async def send(self, send: Send, request_id: str) -> None:
        """Write it to the connection."""
        headers = [
            (b"content-type", self.content_type),
            (b"content-length", b"%d" % len(self.body)),
            (b"cache-control", b"no-store"),
            (b"x-request-id", request_id.encode()),
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (LinkUnknown, 404),
    (LinkExpired, 410),
    (MethodNotAllowed, 405),
    (BodyTooLarge, 413),
    (UnsupportedMediaType, 415),
)
_STATUS_OF_CODE = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.BAD_USER_INPUT: 400,
    ErrorCode.THROTTLED: 429,
    ErrorCode.UNAVAILABLE: 503,
    ErrorCode.INTERNAL: 500,
}


def refused(exc: Exception, accept: Accepted, request_id: str) -> Answer:
    """The answer to a request that never came to execution."""
    if isinstance(exc, DocumentRefused):
        errors = [rendered_graphql(error, request_id) for error in exc.errors]
        return Answer(accept.refused_document, accept.content_type, orjson.dumps({"errors": errors}))
    code = _code(exc)
    if code in FAULTS:
        report(exc, code, request_id)
    status = next((status for kind, status in _STATUS if isinstance(exc, kind)), _STATUS_OF_CODE[code])
    body = orjson.dumps({"errors": [rendered(str(exc), code, request_id)]})
    return Answer(status, accept.content_type, body, _headers(exc))


def _code(exc: Exception) -> ErrorCode:
    if isinstance(exc, Throttled):
        return ErrorCode.THROTTLED
    if any(isinstance(exc, kind) for kind, _ in _STATUS):
        return ErrorCode.BAD_USER_INPUT
    return code_of(exc)


def _headers(exc: Exception) -> Headers:
    if isinstance(exc, MethodNotAllowed):
        return ((b"allow", exc.allow.encode()),)
    if isinstance(exc, Throttled):
        return ((b"retry-after", b"%d" % exc.retry_after),)
    if isinstance(exc, Unauthenticated):
        return ((b"www-authenticate", b'Bearer realm="carnet"'),)
    return ()


def executed(result: ExecutionResult, cost: Mapping[str, object], accept: Accepted, request_id: str) -> Answer:
    """The answer to an operation that was carried out, wholly, in part, or not at all."""
    body: dict[str, object] = {}
    status = 200
    if result.errors:
        status = _status(result, accept)
        body["errors"] = [rendered_graphql(error, request_id) for error in result.errors]
    if status == 200 and not _is_request_error(result):
        body["data"] = result.data
    body["extensions"] = {**(result.extensions or {}), "cost": cost}
    return Answer(status, accept.content_type, orjson.dumps(body))


def _status(result: ExecutionResult, accept: Accepted) -> int:
    """What was answered in part is an answer; where a fault left nothing, proxies and clients must see it."""
    codes = {code_of_graphql(error) for error in result.errors or ()}
    if not any(value is not None for value in (result.data or {}).values()) and codes & FAULTS:
        return _STATUS_OF_CODE[max(codes & FAULTS, key=lambda code: _STATUS_OF_CODE[code])]
    return accept.refused_document if _is_request_error(result) else 200


def _is_request_error(result: ExecutionResult) -> bool:
    """Whether the variables were refused, so that no field was ever asked."""
    errors = result.errors or ()
    return result.data is None and bool(errors) and all(error.path is None for error in result.errors or ())
