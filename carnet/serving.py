"""Runs the API on a port until it is told to stop."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from carnet.app import create_app
from carnet.failures import unusable
from carnet.settings import Settings
from schema.graphiql import IdeTab

_PATIENCE = 10
"""Seconds that running requests get to finish."""


def listen(host: str, port: int) -> socket.socket:
    """The address, taken before anything slow begins; nobody can connect to it yet."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise unusable(error, host, port) from error
    return listener


def address(listener: socket.socket) -> str:
    """The URL under which the address is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(
    settings: Settings,
    listener: socket.socket,
    stop: asyncio.Event,
    started: Callable[[], None],
    tabs: Sequence[IdeTab] = (),
) -> None:
    """Answer requests until told to stop; what keeps the API from starting is raised before any request."""
    app = create_app(settings, tabs)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE,
    )
    async with app.router.lifespan_context(app):
        server = _Server(config, started)
        watching = asyncio.create_task(_end(server, stop))
        try:
            await server.serve(sockets=[listener])
        finally:
            watching.cancel()


async def _end(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


class _Server(uvicorn.Server):
    """Tells when it has started, and leaves the signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would raise the signal once more at its end, and so kill us before the children are stopped
        yield
