"""The systems to try the demo with: fakes that come with the tests, in a child process, on a port that is kept."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import orjson

from carnet.demo.beside import Beside
from carnet.failures import CannotStart
from carnet.home import Home
from carnet.serving import address, listen
from carnet.supervision import kept

_CLONE = Path(__file__).parent.parent
_HOST = "127.0.0.1"
_PATIENCE = 200
"""Tenths of a second within which they answer."""


@dataclass(frozen=True, slots=True)
class Fakes:
    """Where they are served, and where they keep their books."""

    url: str
    port: int
    folder: Home


def found(home: Home) -> Fakes:
    """The fakes of this home, on the port of its first start: connections lead there."""
    if not (_CLONE / "tests" / "fakes" / "__main__.py").exists() or find_spec("standardwebhooks") is None:
        raise CannotStart(
            "The fakes come with the tests: start `./run demo --with-fakes` in a clone of the repository."
        )
    folder = Home.at(home.path / "fakes")
    chosen = folder.path / "port"
    before = int(chosen.read_text()) if chosen.exists() else 0
    try:
        with listen(_HOST, before) as listener:
            url, port = address(listener), listener.getsockname()[1]
    except CannotStart as error:
        raise CannotStart(f"Port {before} is in use: stop what uses it, as the demo's books lead there.") from error
    folder.write("port", str(port).encode())
    return Fakes(url, port, folder)


@asynccontextmanager
async def served(fakes: Fakes, beside: Beside, api: str) -> AsyncIterator[None]:
    """They run and answer, as long as the block runs; what they have to know is in a file."""
    told = fakes.folder.write("told.json", orjson.dumps({"api": api, "beside": beside}))
    command = [sys.executable, "-m", "tests.fakes", str(fakes.port), str(told)]
    async with kept("fakes", command, {"PYTHONPATH": str(_CLONE)}):
        await _answering(fakes.port)
        yield


async def _answering(port: int) -> None:
    for _ in range(_PATIENCE):
        try:
            _, writer = await asyncio.open_connection(_HOST, port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise CannotStart("The fakes do not start: see what is said above.")
