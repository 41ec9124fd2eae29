"""A client that costs little: raw keep-alive connections that send the next request when an answer is whole."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import uvloop

CONCURRENCY = 8


@dataclass(frozen=True, slots=True)
class Answered:
    """How many requests were answered in how long."""

    requests: int
    seconds: float


class BadAnswer(Exception):
    """What was measured is not what was meant."""


def run(port: int, requests: Iterator[bytes], mark: bytes, seconds: float) -> Answered:
    """Keep the server busy for so long; every answer must be a 200 with the mark in it."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(port, requests, mark, seconds))


async def _run(port: int, requests: Iterator[bytes], mark: bytes, seconds: float) -> Answered:
    loop = asyncio.get_running_loop()
    connected = [
        await loop.create_connection(lambda: _Client(requests, mark), "127.0.0.1", port) for _ in range(CONCURRENCY)
    ]
    clients = [client for _, client in connected]
    started = time.perf_counter()
    try:
        for client in clients:
            client.start(started + seconds)
        await asyncio.gather(*(client.finished for client in clients))
        elapsed = time.perf_counter() - started
    finally:
        for transport, _ in connected:
            transport.abort()
        await asyncio.gather(*(client.closed for client in clients))
    return Answered(sum(client.answered for client in clients), elapsed)


class _Client(asyncio.Protocol):
    """One connection with one request under way."""

    def __init__(self, requests: Iterator[bytes], mark: bytes) -> None:
        self._requests, self._mark = requests, mark
        self._received = b""
        self.answered = 0
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set_result(None)
        if not self.finished.done():
            self.finished.set_exception(exc or ConnectionError("The server closed the connection."))

    def start(self, deadline: float) -> None:
        """Send the first request; the last one is sent before the deadline."""
        self._deadline = deadline
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._received += data
        length = _length(self._received)
        if length is None or len(self._received) < length:
            return
        answer, self._received = self._received, b""
        if not answer.startswith(b"HTTP/1.1 200") or self._mark not in answer:
            self.finished.set_exception(BadAnswer(answer.decode()))
            return
        self.answered += 1
        if time.perf_counter() < self._deadline:
            self._transport.write(next(self._requests))
        else:
            self.finished.set_result(None)


def _length(received: bytes) -> int | None:
    """The length of the whole answer, once its head is there."""
    head, found, _ = received.partition(b"\r\n\r\n")
    if not found:
        return None
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return len(head) + 4 + int(rest.partition(b"\r\n")[0])
