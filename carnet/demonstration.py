"""The demo in one process tree: this process is the API, its children are the worker and the embedded Valkey."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict

import orjson
from rich.console import Console

from carnet.database import opened
from carnet.demo import Demo, seed
from carnet.demo.chart import FAKED
from carnet.demo.tokens import DemoTokens
from carnet.embedded import embedded_valkey
from carnet.fakes import Fakes, found, served
from carnet.home import DEMO
from carnet.serving import address, listen, serve
from carnet.settings import Settings
from carnet.stopping import stopping
from carnet.supervision import kept
from domain.kernel.db.migrate import migrate

_WIDTH = 10


async def run_demo(settings: Settings, with_fakes: bool = False) -> None:
    """Migrate, seed, start everything, tell the addresses, and go on until a signal."""
    home = settings.directory
    with stopping() as stop, home.held(), listen(settings.host, settings.port) as listener:
        (home.path / DEMO).unlink(missing_ok=True)
        fakes = found(home) if with_fakes else None
        settings = settings.allowing("127.0.0.1") if fakes else settings
        await migrate(settings.database)
        demo, url = await _seeded(settings, fakes), address(listener)
        async with _beside(fakes, demo, url), _queue(settings), _worker(settings):
            await serve(settings, listener, stop, lambda: _announce(settings, url, demo.tokens, fakes), demo.tabs)


async def _seeded(settings: Settings, fakes: Fakes | None) -> Demo:
    settings.open_vault()
    async with opened(settings.database):
        return await seed(settings.tokens, fakes.url if fakes else None)


@asynccontextmanager
async def _beside(fakes: Fakes | None, demo: Demo, url: str) -> AsyncIterator[None]:
    if fakes is None or demo.beside is None:
        yield
    else:
        async with served(fakes, demo.beside, url):
            yield


@asynccontextmanager
async def _queue(settings: Settings) -> AsyncIterator[None]:
    if settings.redis_url:
        yield
    else:
        async with embedded_valkey(settings.directory):
            yield


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncIterator[None]:
    environment = {
        "CARNET_HOME": str(settings.directory.path),
        "CARNET_DATABASE_URL": settings.database,
        "CARNET_REDIS_URL": settings.redis,
        "CARNET_ALLOWED_ADDRESSES": settings.allowed_addresses,
        "CARNET_LOG_LEVEL": settings.log_level,
        "CARNET_LOG_FORMAT": settings.log_format,
    }
    async with kept("worker", [sys.executable, "-m", "carnet", "worker"], environment):
        yield


def _announce(settings: Settings, url: str, tokens: DemoTokens, fakes: Fakes | None) -> None:
    by_principal: dict[str, str] = asdict(tokens)
    contract = {"url": f"{url}/graphql", "tokens": by_principal, **({"fakes": fakes.url} if fakes else {})}
    path = settings.directory.write(DEMO, orjson.dumps(contract, option=orjson.OPT_INDENT_2))
    console = Console(soft_wrap=True)
    console.print(f"\n[bold]Carnet is ready.[/bold] GraphiQL and the graph: [link]{url}/graphql[/link]")
    console.print(f"Tokens, also in {path}. Send one as [bold]Authorization: Bearer …[/bold]\n")
    width = max(map(len, by_principal))
    for name, token in by_principal.items():  # each on one line, to be copied whole
        console.print(f"[bold]{name:<{width}}[/bold]  {token}")
    if fakes:
        _announce_fakes(console, fakes.url)
        console.print(f"[bold]{'plain text':<{_WIDTH}}[/bold]  {settings.texts}")
    console.print("\nCtrl-C stops everything; the data stay.")


def _announce_fakes(console: Console, url: str) -> None:
    console.print(f"\nAccounting systems of our own, side by side: [link]{url}[/link]. The books of each as JSON:\n")
    for books in FAKED:
        console.print(f"[bold]{books.name:<{_WIDTH}}[/bold]  {url}/{books.system.lower()}/books")
    console.print(f"[bold]{'webhook':<{_WIDTH}}[/bold]  {url}/webhook")
    console.print(f"[bold]{'scheduler':<{_WIDTH}}[/bold]  curl -X POST {url}/scheduler")
