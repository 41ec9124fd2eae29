"""The figures of one run, for the screen, for the README and for programs."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.rounds import Compared, Round, Spread, spread

HEADER = ("", "Carnet", "hand-written", "Carnet ÷ hand-written", "aim")


@dataclass(frozen=True, slots=True)
class Aim:
    """A bound that a figure should keep, or its ratio."""

    least_ratio: float | None = None
    most_ratio: float | None = None
    most: float | None = None

    def met(self, value: float, ratio: Spread | None) -> bool:
        """Whether the figure keeps it."""
        if self.most is not None:
            return value <= self.most
        assert ratio is not None
        return (self.least_ratio or 0) <= ratio.median <= (self.most_ratio or math.inf)

    def __str__(self) -> str:
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"ratio ≥ {self.least_ratio:g}" if self.least_ratio else f"ratio ≤ {self.most_ratio:g}"


@dataclass(frozen=True, slots=True)
class Aims:
    """The aims of one question: for its rate, for the server's CPU, for its statements."""

    rate: Aim | None = None
    cpu: Aim | None = None
    statements: Aim | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured; the ratio is of pairs of rounds, not of the two medians."""

    name: str
    carnet: float
    handwritten: float | None = None
    ratio: Spread | None = None
    aim: Aim | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None where there is none."""
        return self.aim.met(self.carnet, self.ratio) if self.aim else None

    def cells(self) -> tuple[str, ...]:
        """The row of a table."""
        ratio = self.ratio and f"{self.ratio.median:.2f} ({self.ratio.least:.2f} to {self.ratio.most:.2f})"
        aim = self.aim and f"{self.aim} {'✓' if self.met else '✗'}"
        return (self.name, _number(self.carnet), _number(self.handwritten), ratio or "", aim or "")


def of_question(where: str, compared: Compared, statements: tuple[int, int], aims: Aims) -> Iterator[Figure]:
    """Rate, CPU and statements of one question on one database."""
    name = f"{compared.question}, {where}"
    yield _measured(f"{name}: requests/s", compared, "per_second", aims.rate)
    yield _measured(f"{name}: ms of server CPU/request", compared, "cpu_milliseconds", aims.cpu)
    yield Figure(f"{name}: statements/request", *statements, aim=aims.statements)


def _measured(name: str, compared: Compared, figure: str, aim: Aim | None) -> Figure:
    ours, theirs = _figures(compared.carnet, figure), _figures(compared.handwritten, figure)
    ratio = spread([our / their for our, their in zip(ours, theirs, strict=True)])
    return Figure(name, spread(ours).median, spread(theirs).median, ratio, aim)


def _figures(rounds: Sequence[Round], figure: str) -> list[float]:
    return [getattr(each, figure) for each in rounds]


def markdown(figures: Sequence[Figure]) -> str:
    """The table for the README."""
    rows = [HEADER, ("---", *("---:" for _ in HEADER[1:-1]), "---"), *(figure.cells() for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
