"""Measures the sweep and the hand-written statement on copies of one database."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator

import orjson

from domain.kernel import clock
from domain.kernel.db import connect, disconnect, execute, transaction
from domain.ledger.audit import audit_ledgers
from tests.benchmarks import processes
from tests.benchmarks.figures import Aim, Figure
from tests.benchmarks.lapsing import sweep
from tests.benchmarks.lapsing.handwritten import LAPSE
from tests.benchmarks.lapsing.sample import due, tidied
from tests.benchmarks.lapsing.swept import Swept
from tests.benchmarks.rounds import Spread
from tests.fixtures.children import ROOT
from tests.fixtures.postgres import Server

_NAME = "carnet_bench_lapsing"


def lapsing(server: Server, packages: int) -> Iterator[Figure]:
    """Rate, longest transaction and memory of the sweep; the ledgers it leaves are audited."""
    with server.database(_NAME) as url:
        chain_id = asyncio.run(due(url, packages))
        asyncio.run(tidied(url))
        with server.database(f"{_NAME}_ours", _NAME) as copy:
            ours = swept(copy)
            asyncio.run(audited(copy, chain_id))
        with server.database(f"{_NAME}_theirs", _NAME) as copy:
            theirs = asyncio.run(by_hand(copy, packages))
    assert ours.packages == packages, ours
    yield from _figures(ours, theirs)


def _figures(ours: Swept, theirs: Swept) -> Iterator[Figure]:
    ratio = ours.per_second / theirs.per_second
    name = f"lapsing {ours.packages:,} packages, PostgreSQL"
    once = Spread(ratio, ratio, ratio)
    yield Figure(f"{name}: packages/s", ours.per_second, theirs.per_second, once, Aim(least_ratio=0.5))
    longest = ours.longest_transaction, theirs.longest_transaction
    yield Figure(f"{name}: longest transaction, s", *longest, aim=Aim(most=1))
    yield Figure(f"{name}: MB that memory grows", ours.megabytes_at_most - ours.megabytes_before, aim=Aim(most=20))


def swept(url: str) -> Swept:
    """What the sweep takes, in a process of its own on another core than the database, like a server's."""
    command = [sys.executable, "-m", sweep.__name__, url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        processes.pin(process.pid, 0)
        told, _ = process.communicate()
    return Swept(**orjson.loads(told))


async def by_hand(url: str, packages: int) -> Swept:
    """What one statement takes that writes the same."""
    await connect(url)
    try:
        started = time.perf_counter()
        async with transaction():
            await execute(LAPSE, clock.now())
        seconds = time.perf_counter() - started
    finally:
        await disconnect()
    return Swept(packages, seconds, seconds, 0, 0)


async def audited(url: str, chain_id: str) -> None:
    """The figures of a broken ledger would be worth nothing."""
    await connect(url)
    try:
        findings = await audit_ledgers(chain_id, newest_seals=1)
    finally:
        await disconnect()
    assert not findings, findings
