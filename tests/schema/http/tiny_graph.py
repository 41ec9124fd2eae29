"""A graph of a few fields, served as the real one is, for the tests of the edge."""

import hashlib
from collections.abc import AsyncGenerator
from uuid import UUID

import httpx2
import strawberry
from starlette.applications import Starlette

from domain.kernel.access import Actor, Principal
from domain.kernel.errors import Forbidden, IdempotencyMismatch, Unauthenticated, Unavailable
from schema.documents import GraphSchema
from schema.errors import BadUserInput
from schema.graphiql import IdeTab
from schema.http import MAX_COST, graphql_routes
from schema.limits.cost import OWN_COST
from schema.limits.rate import RateLimit

OPENED: list[str] = []
"""The codes of the branches that `openBranch` opened: what a refused request must not change."""


@strawberry.type
class Branch:
    code: str = "LIS"

    @strawberry.field
    def parent(self) -> "Branch":
        return Branch()

    def _plan(self) -> "Branch":
        return Branch()

    plan: "Branch" = strawberry.field(resolver=_plan, metadata={OWN_COST: 10})

    @strawberry.field
    def rooms(self) -> list["Branch"]:
        return []

    @strawberry.field
    def visits(self, first: int = 20, last: int | None = None) -> "Visits":
        return Visits(nodes=[Branch()] * min(last or first, 3))


@strawberry.type
class Visits:
    nodes: list[Branch]


@strawberry.type
class Query:
    @strawberry.field
    def branch(self) -> Branch | None:
        return Branch()

    @strawberry.field
    def branches(self, first: int = 20) -> list[Branch]:
        return [Branch()] * min(first, 3)

    @strawberry.field
    def nodes(self, ids: list[str]) -> list[Branch]:
        return [Branch(code=code) for code in ids]

    @strawberry.field
    def thing(self, id: strawberry.ID | None) -> str | None:
        return id

    @strawberry.field
    def things(self, ids: list[strawberry.ID]) -> list[Branch]:
        return [Branch(code=each) for each in ids]

    @strawberry.field
    def echo(self, text: str) -> str | None:
        return text

    @strawberry.field
    def known(self, id: UUID) -> str | None:
        return str(id)

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("the password is hunter2")

    @strawberry.field
    def unavailable(self) -> str | None:
        raise Unavailable("PostgreSQL at 10.0.0.7 does not answer.")

    @strawberry.field
    def forbidden(self) -> str | None:
        raise Forbidden("open_branch", "the role OWNER for the branch")

    @strawberry.field
    def out_of_range(self) -> str | None:
        raise BadUserInput("`first` is at most 100.")

    @strawberry.field
    def mismatched(self) -> str | None:
        raise IdempotencyMismatch("key-0001")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def open_branch(self, code: str) -> Branch | None:
        OPENED.append(code)
        return Branch(code=code)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def never(self) -> AsyncGenerator[str, None]:
        raise AssertionError("a single HTTP request must not start it")
        yield ""


_CODE = "query Code { branch { code } }"
PERSISTED = {hashlib.sha256(_CODE.encode()).hexdigest(): _CODE}

TINY = GraphSchema(Query, mutation=Mutation, subscription=Subscription)


async def authenticate(token: str) -> Actor:
    """The token is the name of a member of the staff."""
    if token == "unreachable":
        raise Unavailable("PostgreSQL at 10.0.0.7 does not answer.")
    if token not in ("ana", "rui"):
        raise Unauthenticated("The token is malformed, expired or not one of ours.")
    return Actor(Principal.STAFF, f"stf_{token}", "chn_1", token)


def tiny_app(rate_limit: RateLimit | None = None, max_cost: int = MAX_COST, tabs: tuple[IdeTab, ...] = ()) -> Starlette:
    """The tiny graph as an ASGI application."""
    routes = graphql_routes(
        TINY,
        authenticate=authenticate,
        make_context=lambda request, actor: {"request": request, "actor": actor},
        rate_limit=rate_limit,
        max_cost=max_cost,
        persisted_documents=PERSISTED,
        ide_tabs=tabs,
    )
    return Starlette(routes=routes)


def client_of(app: Starlette, *, name: str | None = "ana") -> httpx2.AsyncClient:
    """A client in this process; a fault of the application is an answer, as it is over a socket."""
    headers = {"authorization": f"Bearer {name}"} if name else {}
    transport = httpx2.ASGITransport(app)
    return httpx2.AsyncClient(transport=transport, base_url="http://carnet.test", headers=headers)


def status_and_code(response: httpx2.Response) -> tuple[int, str]:
    """What a refusal comes down to; asserts that it has the shape of one."""
    body = response.json()
    (error, *_) = body["errors"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    assert error["message"]
    return response.status_code, error["extensions"]["code"]
