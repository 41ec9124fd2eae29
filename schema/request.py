"""What a client sends: the body read within its limit, the JSON made sure of, the GraphQL request in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from schema.errors import BadUserInput, DocumentRefused, ErrorCode

MAX_BODY = 256 * 1024
_DIGITS = 10
"""Of a length that is worth reading."""


class BodyTooLarge(Exception):
    """The request is longer than Carnet reads."""

    def __init__(self) -> None:
        super().__init__(f"The request is too large; at most {MAX_BODY} bytes are read.")


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """One GraphQL request as the protocol defines it."""

    query: str
    variables: dict[str, object] = field(default_factory=dict)
    operation_name: str | None = None


async def read_body(receive: Receive) -> bytes:
    """The whole body; refuses as soon as it is too long, without reading on."""
    chunks: list[bytes] = []
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        chunks.append(chunk)
        length += len(chunk)
        more = message.get("more_body", False)
        if length > MAX_BODY:
            raise BodyTooLarge
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def refuse_declared_length(content_length: str | None) -> None:
    """Refuse a body by the length it announces, before any of it is read."""
    digits = (content_length or "").lstrip("0")
    if digits.isdecimal() and (len(digits) > _DIGITS or int(digits) > MAX_BODY):
        raise BodyTooLarge


def from_body(body: bytes, persisted: Mapping[str, str]) -> GraphQLRequest:
    """The request in a POST body; `persisted` has the documents that may be sent as their SHA-256."""
    sent = _json(body, "The body")
    if isinstance(sent, list):
        raise BadUserInput("One operation a request: batches are not taken.")
    if not isinstance(sent, dict):
        raise BadUserInput("The body is a JSON object with a `query`.")
    return _request(sent, persisted)


def from_query_string(query_string: bytes, persisted: Mapping[str, str]) -> GraphQLRequest:
    """The request in the address of a GET."""
    if len(query_string) > MAX_BODY:
        raise BodyTooLarge
    sent: dict[str, object] = dict(_parameters(query_string))
    for name in ("variables", "extensions"):
        if sent.get(name):
            sent[name] = _json(str(sent[name]).encode(), f"`{name}`")
    return _request(sent, persisted)


def _parameters(query_string: bytes) -> Iterable[tuple[str, str]]:
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=20)
    except ValueError as error:
        raise BadUserInput("The query string is not URL-encoded UTF-8 of a few parameters.") from error
    if any("\0" in value for _, value in pairs):
        raise BadUserInput("Text may not contain the NUL character.")
    return pairs


def _request(sent: dict[str, object], persisted: Mapping[str, str]) -> GraphQLRequest:
    query, variables = sent.get("query"), sent.get("variables")
    operation_name, extensions = sent.get("operationName"), sent.get("extensions")
    if not isinstance(variables, dict | None):
        raise BadUserInput("`variables` is not an object.")
    if not isinstance(operation_name, str | None):
        raise BadUserInput("`operationName` is not a text.")
    if not isinstance(extensions, dict | None):
        raise BadUserInput("`extensions` is not an object.")
    if query is None and (digest := _digest(sent.get("documentId"), extensions or {})):
        query = _persisted(digest, persisted)
    if not isinstance(query, str) or not query:
        raise BadUserInput("`query` is missing or not a text.")
    return GraphQLRequest(query, variables or {}, operation_name or None)


def _digest(document_id: object, extensions: dict[str, object]) -> str | None:
    """The SHA-256 by which a document is asked for: as the specification has it, or as Apollo does."""
    apollo = extensions.get("persistedQuery")
    asked = apollo.get("sha256Hash") if isinstance(apollo, dict) else document_id
    return asked.removeprefix("sha256:") if isinstance(asked, str) else None


def _persisted(digest: str, persisted: Mapping[str, str]) -> str:
    if digest not in persisted:
        raise DocumentRefused.because(ErrorCode.PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound")
    return persisted[digest]


def _json(text: bytes, what: str) -> object:
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadUserInput(f"{what} is not JSON: {error}.") from error
    # Only this escape can put a NUL into a text, so that nearly every request is done with one search.
    if b"\\u0000" in text and _contains_nul(value):
        raise BadUserInput("Text may not contain the NUL character.")
    return value


def _contains_nul(value: object) -> bool:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str) and "\0" in item:
            return True
        if isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, list):
            waiting += item
    return False
