"""How long the demo takes from its command to its first answer, on a home that is seeded already."""

import signal
import time
from pathlib import Path

from tests.benchmarks.processes import await_answer, free_port, started
from tests.benchmarks.rounds import Spread, spread


def demo_seconds(home: Path, times: int) -> Spread:
    """Start the demo once to seed it, then so many times more."""
    return spread([_start(home) for _ in range(times + 1)][1:])


def _start(home: Path) -> float:
    port = free_port()
    log = home / "demo.log"
    began = time.perf_counter()
    with started(["-m", "carnet", "demo", "--home", str(home), "--port", str(port)], {}, log) as process:
        await_answer(port, process, log)
        seconds = time.perf_counter() - began
        process.send_signal(signal.SIGINT)
        process.wait()
    return seconds
