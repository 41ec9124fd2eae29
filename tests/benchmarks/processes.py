"""Server processes: Carnet by its own command, the hand-written application beside it, each alone on one core."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]

_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Process:
    """A server that answers on a port of this machine."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """The time that it has spent computing so far."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def resident_megabytes(self) -> float:
        """The memory that it holds."""
        return float(psutil.Process(self.pid).memory_info().rss) / 2**20


@contextmanager
def carnet(home: Path, database_url: str, secret: str) -> Iterator[Process]:
    """The API as it is run for real."""
    environment = {
        "CARNET_HOME": str(home),
        "CARNET_DATABASE_URL": database_url,
        "CARNET_TOKEN_SECRET": secret,
    }
    port = free_port()
    with _running(["-m", "carnet", "serve", "--port", str(port)], environment, home, port) as process:
        yield process


@contextmanager
def handwritten(home: Path, database_url: str, secret: str) -> Iterator[Process]:
    """The hand-written application in the same kind of server."""
    port = free_port()
    command = ["-m", "tests.benchmarks.handwritten", database_url, secret, str(port)]
    with _running(command, {}, home, port) as process:
        yield process


def pin(pid: int, core: int) -> None:
    """Keep a process on one core, where the system can do that."""
    with suppress(AttributeError):
        os.sched_setaffinity(pid, {core})


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A Python of ours that runs as long as the block does."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CARNET_")}
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, *command], env={**own, **environment}, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str], home: Path, port: int) -> Iterator[Process]:
    log = home / f"{port}.log"
    with started(command, environment, log) as process:
        await_answer(port, process, log)
        pin(process.pid, 0)
        yield Process(port, process.pid)


def await_answer(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Go on as soon as the server answers HTTP."""
    deadline = time.monotonic() + _PATIENCE
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} does not answer: {log.read_text()}")
        time.sleep(0.01)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
