"""The ASGI application: the graph, downloads, hooks, the probes of the operator, and one log line for each request."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from carnet.database import Usable, opened
from carnet.downloads import download_route
from carnet.failures import CannotStart
from carnet.graph import graph_routes
from carnet.hooks import hooks_route
from carnet.observation import Observed, metrics
from carnet.settings import Settings
from domain.kernel.errors import Unavailable
from schema.graphiql import IdeTab
from schema.links import Links
from workers.outside import reaching_others


def create_app(settings: Settings, tabs: Sequence[IdeTab] = ()) -> Starlette:
    """The application; it opens the database when it starts, if that has its tables, and closes it when it stops."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        settings.open_vault()
        settings.allow_addresses()
        settings.name_folder()
        async with opened(settings.database), reaching_others():
            yield

    links = Links(settings.link_secret, settings.public_url)
    routes = [
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        *graph_routes(settings.tokens, links, tabs),
        download_route(links),
        hooks_route(),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Observed)], lifespan=lifespan)
    app.state.database = Usable()
    return app


async def livez(_request: Request) -> Response:
    """The process answers; whatever it stands on may be gone."""
    return JSONResponse({"live": True})


async def readyz(request: Request) -> Response:
    """The database answers and has its tables."""
    database: Usable = request.app.state.database
    try:
        await database.prove()
    except (Unavailable, CannotStart) as reason:
        return JSONResponse({"ready": False, "reason": str(reason)}, 503)
    return JSONResponse({"ready": True})
