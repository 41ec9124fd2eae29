"""Runs the API on a port until it is told to stop."""

import asyncio
import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from carnet.app import create_app
from carnet.failures import CannotStart
from carnet.settings import Settings

_PATIENCE = 10
"""Seconds that running requests get to finish."""


def listen(host: str, port: int) -> socket.socket:
    """A socket on the address, taken before anything slow begins."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotStart(_why_not(error, host, port)) from error
    listener.set_inheritable(False)
    return listener


def _why_not(error: Exception, host: str, port: int) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {port} is in use: stop what uses it or choose another --port."
    if number == errno.EACCES:
        return f"Port {port} needs more rights: choose a --port above 1023."
    return f"{host} is not an address of this machine: choose another --host."


def address(listener: socket.socket) -> str:
    """The URL that the socket is reached under."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(settings: Settings, listener: socket.socket, started: Callable[[], None]) -> None:
    """Answer requests until SIGINT or SIGTERM; a failure to start is raised here, before any request."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE,
    )
    async with app.router.lifespan_context(app):
        await _Server(config, started).serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Tells when it has started, and leaves what comes after a signal to the caller."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would raise the signal once more when it is done, and kill us before the children are stopped
        with on_stop_signal(self._stop):
            yield

    def _stop(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


@contextmanager
def on_stop_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Call this on SIGINT and SIGTERM, for as long as the block runs."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
