"""Top-level errors: the closed list of codes, and the one place that turns an exception into one of them."""

from collections.abc import Iterable
from enum import StrEnum

import structlog
from graphql import GraphQLError

from domain.kernel.errors import Forbidden, IdempotencyMismatch, Refusal, Unauthenticated, Unavailable
from schema.unquoted import unquoted

log = structlog.get_logger(__name__)


class ErrorCode(StrEnum):
    """Every code a top-level error can carry; refusals of an act are union members instead."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    QUERY_TOO_DEEP = "QUERY_TOO_DEEP"
    QUERY_TOO_COSTLY = "QUERY_TOO_COSTLY"
    THROTTLED = "THROTTLED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class BadUserInput(Exception):
    """The client sent what no retry can make right; resolvers raise it for arguments out of range."""


class DocumentRefused(Exception):
    """The GraphQL document cannot be executed; `errors` carry their codes and locations."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(errors[0].message)
        self.errors = errors

    @classmethod
    def because(cls, code: ErrorCode, message: str) -> "DocumentRefused":
        """The refusal of a whole document with one reason."""
        return cls(coded(GraphQLError(message), code))


FAULTS = frozenset({ErrorCode.UNAVAILABLE, ErrorCode.INTERNAL})
"""What is never the client's doing: logged, and told without its cause."""

_CODES: tuple[tuple[type[Exception], ErrorCode], ...] = (
    (Unauthenticated, ErrorCode.UNAUTHENTICATED),
    (Forbidden, ErrorCode.FORBIDDEN),
    (IdempotencyMismatch, ErrorCode.IDEMPOTENCY_MISMATCH),
    (BadUserInput, ErrorCode.BAD_USER_INPUT),
    (Refusal, ErrorCode.BAD_USER_INPUT),
    (Unavailable, ErrorCode.UNAVAILABLE),
    (ConnectionError, ErrorCode.UNAVAILABLE),
)
_FIXED_MESSAGES = {
    ErrorCode.INTERNAL: "Internal error",
    # A connection can be lost while COMMIT is under way, and then nobody here knows.
    ErrorCode.UNAVAILABLE: (
        "Carnet cannot reach its database, so the outcome is unknown. "
        "Try again shortly; the same request with the same idempotency key is safe to repeat."
    ),
}


def code_of(exc: BaseException) -> ErrorCode:
    """The code of an exception; whatever is not known to be the client's doing is INTERNAL."""
    return next((code for kind, code in _CODES if isinstance(exc, kind)), ErrorCode.INTERNAL)


def coded(error: GraphQLError, code: ErrorCode) -> GraphQLError:
    """The same error with a code from the closed list."""
    error.extensions = {"code": code.value}
    return error


def code_of_graphql(error: GraphQLError) -> ErrorCode:
    """The code of an error as the executor reports it, wherever in the answer it arose."""
    declared = (error.extensions or {}).get("code")
    if declared in ErrorCode.__members__:
        return ErrorCode[str(declared)]
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return ErrorCode.BAD_USER_INPUT
    return code_of(cause)


def denials(errors: Iterable[GraphQLError]) -> list[Forbidden]:
    """What of these errors was denied to whoever asked."""
    return [error.original_error for error in errors if isinstance(error.original_error, Forbidden)]


def rendered(message: str, code: ErrorCode, request_id: str) -> dict[str, object]:
    """An error without a place in the document, as JSON."""
    text = _FIXED_MESSAGES.get(code, message)
    return {"message": text, "extensions": {"code": code.value, "requestId": request_id}}


def rendered_graphql(error: GraphQLError, request_id: str) -> dict[str, object]:
    """An error of parsing, validation or execution, as JSON; what is INTERNAL goes to the log only."""
    code = code_of_graphql(error)
    if code in FAULTS:
        report(error.original_error or error, code, request_id)
    body = rendered(unquoted(error.message), code, request_id)
    if error.locations:
        body["locations"] = [location.formatted for location in error.locations]
    if error.path:
        body["path"] = error.path
    return body


def report(exc: BaseException, code: ErrorCode, request_id: str) -> None:
    """Log what is no fault of the client's, under the id that the client was given."""
    if code is ErrorCode.UNAVAILABLE:
        log.warning("request_unavailable", request_id=request_id, reason=str(exc))
    else:
        log.error("request_failed", request_id=request_id, exc_info=exc)
