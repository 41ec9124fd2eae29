"""The hand-written application: two routes over one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route

from schema.token_settings import TokenSettings
from schema.tokens import TokenVerifier
from tests.benchmarks.handwritten.answers import Refused, refused
from tests.benchmarks.handwritten.databases import opened
from tests.benchmarks.handwritten.packages import packages
from tests.benchmarks.handwritten.redemptions import redeem


def create_app(database_url: str, tokens: TokenSettings) -> Starlette:
    """The application; it opens the database when it starts and closes it when it stops."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.tokens = TokenVerifier(tokens)
        app.state.database = await opened(database_url)
        yield
        await app.state.database.close()

    routes = [Route("/packages", packages), Route("/redemptions", redeem, methods=["POST"])]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={Refused: refused})
