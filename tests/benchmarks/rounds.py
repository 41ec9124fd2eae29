"""Rounds in turn, A B A B: what the machine does to one it does to the other, so that the ratios hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks import load
from tests.benchmarks.processes import Process
from tests.benchmarks.questions import Asked, Question


@dataclass(frozen=True, slots=True)
class Round:
    """One server under load for a short time."""

    per_second: float
    cpu_milliseconds: float
    """The server's own, for each request."""
    busy: float
    """The part of a core that the server used."""


@dataclass(frozen=True, slots=True)
class Compared:
    """All rounds of one question, in pairs."""

    question: str
    carnet: tuple[Round, ...]
    handwritten: tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some figures, and how far they lie apart."""

    median: float
    least: float
    most: float


def compare(question: Question, ours: Process, theirs: Process, pairs: int, seconds: float) -> Compared:
    """Warm up both, then measure so many pairs of rounds."""
    measured = [
        (
            _round(ours, question.carnet, question.mark, seconds),
            _round(theirs, question.handwritten, question.mark, seconds),
        )
        for _ in range(pairs + 1)
    ]
    carnet, handwritten = zip(*measured[1:], strict=True)
    return Compared(question.name, carnet, handwritten)


def spread(figures: Sequence[float]) -> Spread:
    """The median with the least and the most."""
    return Spread(median(figures), min(figures), max(figures))


def _round(server: Process, asked: Iterator[Asked], mark: bytes, seconds: float) -> Round:
    before = server.cpu_seconds()
    answered = load.run(server.port, (each.wire() for each in asked), mark, seconds)
    cpu = server.cpu_seconds() - before
    return Round(answered.requests / answered.seconds, 1000 * cpu / answered.requests, cpu / answered.seconds)
