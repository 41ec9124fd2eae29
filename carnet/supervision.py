"""Keeps child processes running: started again when they end, stopped with us, never orphaned."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

log = structlog.get_logger()

_LEASH = Path(__file__).with_name("leash.py")
_PATIENCE = 15.0
"""Seconds that a child gets to finish its work before it is killed."""
_SLOWEST = 10.0
_STEADY = 30.0
"""Seconds after which a child counts as started well, so that its next end is not held against it."""


@asynccontextmanager
async def kept(name: str, command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[None]:
    """Keep the command running as long as the block runs."""
    child = await _start(command, environment)
    keeper = asyncio.create_task(_keep(name, command, environment, child))
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper


async def _keep(
    name: str, command: Sequence[str], environment: Mapping[str, str], child: asyncio.subprocess.Process
) -> None:
    delay = 0.1
    while True:
        started = time.monotonic()
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            await _stop(child)
            raise
        delay = 0.1 if time.monotonic() - started > _STEADY else min(2 * delay, _SLOWEST)
        log.warning("process ended, starting it again", process=name, exit_code=code, seconds=delay)
        child = await _start_again(name, command, environment, delay)


async def _start_again(
    name: str, command: Sequence[str], environment: Mapping[str, str], delay: float
) -> asyncio.subprocess.Process:
    while True:
        await asyncio.sleep(delay)
        try:
            return await _start(command, environment)
        except OSError as error:  # no memory, or no process left; both may pass
            log.warning("process cannot be started, trying again", process=name, error=str(error))
            delay = _SLOWEST


async def _start(command: Sequence[str], environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-IS",
        str(_LEASH),
        str(os.getpid()),
        *command,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches us alone, and we stop the children in order
    )


async def _stop(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), _PATIENCE)
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
