"""`./run bench`: measures Carnet against the hand-written endpoints and prints the table."""

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from carnet.logs import configure
from domain.kernel.db import connect, disconnect, sqlite_url
from domain.kernel.db.migrate import migrate
from domain.ledger.audit import audit_ledgers
from schema.token_settings import TokenSettings
from tests.benchmarks import processes
from tests.benchmarks.closing.measure import closing
from tests.benchmarks.feeding.measure import feeding
from tests.benchmarks.figures import HEADER, Aim, Aims, Figure, markdown, of_question
from tests.benchmarks.handing.measure import handing
from tests.benchmarks.inside import count_statements
from tests.benchmarks.lapsing.compare import lapsing
from tests.benchmarks.questions import reading, redeeming
from tests.benchmarks.readiness import demo_seconds
from tests.benchmarks.rolling.measure import rolling
from tests.benchmarks.rounds import compare
from tests.benchmarks.sample import Sample, sample
from tests.benchmarks.settling.measure import settling
from tests.fixtures.postgres import running_server

_SECRET = "the benchmark's own secret, of 32 characters or more"
_DATABASES = ("PostgreSQL", "SQLite")
_AIMS = {
    ("mobile query", "PostgreSQL"): Aims(Aim(least_ratio=0.10), Aim(most_ratio=10)),
    ("redeemSession", "PostgreSQL"): Aims(Aim(least_ratio=0.25), Aim(most_ratio=4), Aim(most=10)),
    ("redeemSession", "SQLite"): Aims(statements=Aim(most=10)),
}
_NOTE = """\
{cores} cores, Python {python}. Each server is one uvicorn process on one core, asked over 8 keep-alive connections with
the same tokens, on the same database with the same pool size; the load and the database share what cores are left, so
that CPU tells more than requests/s. Medians of {pairs} pairs of rounds in turn, least and most in brackets.
Lapsing is one run each, on copies of one database; the hand-written side is a single statement in one transaction.
Deferred revenue is measured inside Carnet, without HTTP, medians of 5; settlements too, once; the feed, medians of 7.
What documents and webhooks are sent to works in the process that measures, on the core of the sender of documents.
PostgreSQL runs without fsync, which makes its writes cheap and the ratio harder; SQLite with it."""


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--database", choices=_DATABASES, action="append", help="only this one; both unless given")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of rounds (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=0.6, help="length of a round (default: %(default)s)")
    parser.add_argument("--markdown", action="store_true", help="print the table for the README")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    processes.pin(os.getpid(), (os.cpu_count() or 1) - 1)
    configure("WARNING", "CONSOLE")
    figures = [
        figure
        for where in options.database or _DATABASES
        for figure in _measured(where, options.pairs, options.seconds)
    ]
    figures += _lapsed(options.database or _DATABASES)
    figures += _started()
    _show(figures, options.markdown, options.pairs)
    if options.json:
        options.json.write_bytes(orjson.dumps([asdict(each) | {"met": each.met} for each in figures]))


def _measured(where: str, pairs: int, seconds: float) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="carnet-bench-") as directory:
        home = Path(directory)
        with _database(where, home) as url:
            chosen = asyncio.run(_prepared(url, customers=100))
            yield from _compared(where, url, home, chosen, pairs, seconds)
            asyncio.run(_audited(url, chosen.chain_id))


def _compared(where: str, url: str, home: Path, chosen: Sample, pairs: int, seconds: float) -> Iterator[Figure]:
    tokens = TokenSettings(secret=_SECRET)
    questions = [reading(chosen, tokens), redeeming(chosen, tokens)]
    statements = asyncio.run(count_statements(url, _SECRET, questions))
    with processes.carnet(home, url, _SECRET) as ours, processes.handwritten(home, url, _SECRET) as theirs:
        for question, counted in zip(questions, statements, strict=True):
            compared = compare(question, ours, theirs, pairs, seconds)
            yield from of_question(where, compared, counted, _AIMS.get((question.name, where), Aims()))
        ram = ours.resident_megabytes(), theirs.resident_megabytes()
        yield Figure(f"memory after this, {where}: MB", *ram, aim=Aim(most=150))


def _lapsed(where: Sequence[str]) -> Iterator[Figure]:
    if "PostgreSQL" in where:
        with running_server() as server:
            yield from lapsing(server, packages=100_000)
            yield from rolling(server, packages=300_000)
            yield from closing(server, packages=10_000)
            yield from settling(server)
            yield from feeding(server)
            yield from handing(server)


def _started() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="carnet-bench-") as home:
        seconds = demo_seconds(Path(home), times=3)
    yield Figure("`./run demo`, seeded: seconds until it answers", seconds.median, aim=Aim(most=3))


@contextmanager
def _database(where: str, home: Path) -> Iterator[str]:
    if where == "SQLite":
        yield sqlite_url(home / "carnet.db")
    else:
        with running_server() as server, server.database("carnet_bench") as url:
            yield url


async def _prepared(url: str, customers: int) -> Sample:
    await migrate(url)
    await connect(url)
    try:
        return await sample(url, customers)
    finally:
        await disconnect()


async def _audited(url: str, chain_id: str) -> None:
    """What both have written must hold together; figures of a broken ledger would be worth nothing."""
    await connect(url)
    try:
        findings = await audit_ledgers(chain_id)
    finally:
        await disconnect()
    assert not findings, findings


def _show(figures: list[Figure], as_markdown: bool, pairs: int) -> None:
    note = _NOTE.format(cores=os.cpu_count(), python=platform.python_version(), pairs=pairs)
    console = Console()
    if as_markdown:
        console.out(f"{markdown(figures)}\n\n{note}", highlight=False)
        return
    table = Table(*HEADER, box=None, pad_edge=False)
    for figure in figures:
        table.add_row(*figure.cells())
    console.print(table)
    console.print(f"\n{note}", highlight=False)


if __name__ == "__main__":
    main()
