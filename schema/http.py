"""The graph over HTTP: who asks, whether they may ask now, what they ask, and only then the executor."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from secrets import token_hex

import strawberry
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send
from strawberry.types.graphql import OperationType
from structlog.contextvars import bound_contextvars

from domain.kernel.access import Actor
from domain.kernel.denials import note
from domain.kernel.errors import Unauthenticated
from schema.answers import Answer, MethodNotAllowed, UnsupportedMediaType, executed, refused
from schema.documents import Operation, introspects_only, prepare
from schema.errors import BadUserInput, DocumentRefused, ErrorCode, denials
from schema.graphiql import IdeTab, assets, page
from schema.limits.rate import RateLimit, Throttle
from schema.negotiation import Accepted, accepted
from schema.request import GraphQLRequest, from_body, from_query_string, read_body, refuse_declared_length

Authenticate = Callable[[str], Awaitable[Actor]]
MakeContext = Callable[[Request, Actor | None], object]

PATH = "/graphql"
MAX_COST = 20_000
"""Enough for a full page of packages with their lots and services."""
ENTRY = 1
"""What every request pays before it is read."""


def graphql_routes(
    schema: strawberry.Schema,
    *,
    authenticate: Authenticate,
    make_context: MakeContext,
    rate_limit: RateLimit | None = None,
    max_cost: int = MAX_COST,
    persisted_documents: Mapping[str, str] | None = None,
    ide_tabs: Sequence[IdeTab] = (),
) -> list[BaseRoute]:
    """`/graphql` for programs, the same address for people with a browser, and the files of that page.

    `persisted_documents` is the manifest of the apps: SHA-256 in hex to document.
    """
    endpoint = GraphQLEndpoint(
        schema,
        authenticate=authenticate,
        make_context=make_context,
        throttle=Throttle(rate_limit or RateLimit()),
        max_cost=max_cost,
        persisted=persisted_documents or {},
        ide=page(ide_tabs),
    )
    gzip = Middleware(GZipMiddleware, minimum_size=1024, compresslevel=4)
    return [
        Route(PATH, endpoint, middleware=[gzip]),
        Mount(f"{PATH}/assets", assets(), middleware=[gzip]),
    ]


class GraphQLEndpoint:
    """The ASGI application that answers GraphQL requests."""

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        authenticate: Authenticate,
        make_context: MakeContext,
        throttle: Throttle,
        max_cost: int,
        persisted: Mapping[str, str],
        ide: Answer,
    ) -> None:
        self._schema, self._authenticate, self._make_context = schema, authenticate, make_context
        self._throttle, self._max_cost = throttle, max_cost
        self._persisted, self._ide = persisted, ide

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        headers = Headers(scope=scope)
        accept = accepted(headers.get("accept", ""))
        with bound_contextvars(request_id=request_id):
            try:
                answer = await self._answer(scope, receive, headers, accept)
            except ClientDisconnect:
                return
            except Exception as exc:
                answer = refused(exc, accept, request_id)
        await answer.send(send, request_id)

    async def _answer(self, scope: Scope, receive: Receive, headers: Headers, accept: Accepted) -> Answer:
        method: str = scope["method"]
        if method not in ("GET", "POST"):
            raise MethodNotAllowed(f"{method} cannot be used here.", "GET, POST")
        if method == "GET" and accept.page:
            return self._ide
        if method == "POST":
            refuse_declared_length(headers.get("content-length"))
            _refuse_other_than_json(headers)
        actor = await self._actor(headers.get("authorization"))
        principal = _principal(actor, scope)
        self._throttle.take(principal, ENTRY)
        sent = await self._sent(scope, receive)
        return await self._execute(sent, Request(scope, receive), actor, principal, accept)

    async def _sent(self, scope: Scope, receive: Receive) -> GraphQLRequest:
        if scope["method"] == "GET":
            return from_query_string(scope["query_string"], self._persisted)
        return from_body(await read_body(receive), self._persisted)

    async def _execute(
        self, sent: GraphQLRequest, request: Request, actor: Actor | None, principal: str, accept: Accepted
    ) -> Answer:
        if actor is None and not introspects_only(sent.query, sent.operation_name):
            raise Unauthenticated("Without a token only the schema can be read.")
        operation = prepare(self._schema, sent.query).operation(sent.operation_name)
        _refuse_unless_allowed(operation, request.method)
        cost = operation.cost.given(sent.variables)
        available = self._charge(principal, cost)
        result = await self._schema.execute(
            sent.query,
            variable_values=sent.variables,
            context_value=self._make_context(request, actor),
            operation_name=sent.operation_name,
        )
        if actor is not None and result.errors:
            await note(actor, denials(result.errors))
        return executed(result, self._account(cost, available), accept, request.state.request_id)

    async def _actor(self, authorization: str | None) -> Actor | None:
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("Send `Authorization: Bearer <token or API key>`.")
        return await self._authenticate(token.strip())

    def _charge(self, principal: str, cost: int) -> int:
        if cost > self._max_cost:
            reason = f"The query costs {cost}; at most {self._max_cost} is allowed. Ask for fewer at a time."
            raise DocumentRefused.because(ErrorCode.QUERY_TOO_COSTLY, reason)
        return self._throttle.take(principal, max(0, cost - ENTRY))

    def _account(self, cost: int, available: int) -> dict[str, object]:
        """The cost in the shape that Shopify made known."""
        limit = self._throttle.limit
        return {
            "requestedQueryCost": cost,
            "actualQueryCost": cost,
            "throttleStatus": {
                "maximumAvailable": limit.capacity,
                "currentlyAvailable": available,
                "restoreRate": limit.restored_per_second,
            },
        }


def _refuse_other_than_json(headers: Headers) -> None:
    media_type, *parameters = (part.strip().lower() for part in headers.get("content-type", "").split(";"))
    charset = next((text[8:].strip('"') for text in parameters if text.startswith("charset=")), "utf-8")
    if media_type != "application/json" or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("Send the request as application/json in UTF-8.")
    if headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType("Send the request uncompressed.")


def _principal(actor: Actor | None, scope: Scope) -> str:
    if actor is not None:
        return f"{actor.chain_id}/{actor.id}"
    return f"anonymous/{(scope.get('client') or ('',))[0]}"


def _refuse_unless_allowed(operation: Operation, method: str) -> None:
    if operation.kind is OperationType.MUTATION and method == "GET":
        raise MethodNotAllowed("A mutation is sent with POST.", "POST")
    if operation.kind is OperationType.SUBSCRIPTION:
        raise BadUserInput("A subscription cannot be carried out by a single HTTP request.")
