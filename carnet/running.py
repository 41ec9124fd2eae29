"""The production processes: the API and the worker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from carnet.database import opened
from carnet.embedded import embedded_valkey
from carnet.failures import unusable
from carnet.settings import Settings
from carnet.stopping import stopping

log = structlog.get_logger()


async def run_api(settings: Settings) -> None:
    """The API, until a signal."""
    from carnet.serving import address, listen, serve

    with stopping() as stop, listen(settings.host, settings.port) as listener:
        await serve(settings, listener, stop, lambda: log.info("the API listens", address=address(listener)))


async def run_worker(settings: Settings) -> None:
    """The worker, until a signal; with a Valkey of its own when no other is set."""
    from workers.main import work

    with stopping() as stop:
        async with _queue(settings):
            _expose_metrics(settings)
            settings.open_vault()
            settings.allow_addresses()
            settings.name_folder()
            settings.keep_ended()
            await _prove_usable(settings)
            await work(settings.database, settings.redis, stop)


async def _prove_usable(settings: Settings) -> None:
    """Raise what keeps the worker from its work; each of its sweeps would only log it, again and again."""
    async with opened(settings.database):
        return


@asynccontextmanager
async def _queue(settings: Settings) -> AsyncIterator[None]:
    if settings.redis_url:
        yield
    else:
        with settings.directory.held():
            async with embedded_valkey(settings.directory):
                yield


def _expose_metrics(settings: Settings) -> None:
    if settings.metrics_port:
        from prometheus_client import start_http_server

        try:
            start_http_server(settings.metrics_port, settings.host)
        except OSError as error:
            raise unusable(error, settings.host, settings.metrics_port, "--metrics-port") from error
