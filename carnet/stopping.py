"""Turns SIGINT and SIGTERM into an event that everything which runs long waits for."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping() -> Iterator[asyncio.Event]:
    """Set at the first signal; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def note() -> None:
        stop.set()
        _forget(loop)

    for number in _SIGNALS:
        loop.add_signal_handler(number, note)
    try:
        yield stop
    finally:
        _forget(loop)


def _forget(loop: asyncio.AbstractEventLoop) -> None:
    for number in _SIGNALS:
        loop.remove_signal_handler(number)
