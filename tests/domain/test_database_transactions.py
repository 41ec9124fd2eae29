"""A transaction is whole or nothing, one at a time where it must be, and gives back what it held."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from domain.kernel.db import DatabaseUnavailable, counting, execute, retrying, rows, transaction
from domain.kernel.db.config import sqlite_path
from domain.kernel.db.engines.postgres import PostgresTransaction
from tests.fixtures import add_one

pytestmark = pytest.mark.anyio


async def numbers() -> dict[str, int]:
    """What the table says now."""
    return {row["name"]: row["n"] for row in await rows("SELECT name, n FROM tally")}


async def test_a_transaction_that_ends_well_stays(tally: str) -> None:
    async with transaction():
        await execute("UPDATE tally SET n = 1")

    assert await numbers() == {"a": 1, "b": 1}


async def test_a_transaction_that_fails_leaves_nothing(tally: str) -> None:
    with pytest.raises(KeyError):
        async with transaction():
            await execute("UPDATE tally SET n = 1")
            raise KeyError

    assert await numbers() == {"a": 0, "b": 0}


async def test_a_transaction_inside_a_transaction_is_refused(tally: str) -> None:
    with pytest.raises(RuntimeError, match="already open"):
        async with transaction():
            await execute("UPDATE tally SET n = 1")
            async with transaction():
                pass

    assert await numbers() == {"a": 0, "b": 0}


async def test_begin_and_commit_are_not_counted(tally: str) -> None:
    with counting() as counter:
        async with transaction():
            await rows("SELECT n FROM tally")

    assert counter.statements == ["SELECT n FROM tally"]


async def test_cancelling_at_any_moment_leaks_nothing(tally: str) -> None:
    async def count_up() -> None:
        async with transaction():
            await execute("UPDATE tally SET n = n + 1 WHERE name = 'b'")
            await asyncio.sleep(60)

    for moment in range(30):  # more than the pool has connections
        task = asyncio.create_task(count_up())
        for _ in range(moment):
            await asyncio.sleep(0.0001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async with asyncio.timeout(5):
        await add_one.add_one()
    assert await numbers() == {"a": 1, "b": 0}


async def test_cancelling_begin_gives_the_connection_back(postgres_tally: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = PostgresTransaction.begin

    async def begin_and_hang(self: PostgresTransaction) -> None:
        await begin(self)
        await asyncio.sleep(60)

    with monkeypatch.context() as patch:
        patch.setattr(PostgresTransaction, "begin", begin_and_hang)
        for _ in range(15):  # more than the pool has connections
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(add_one.add_one(), 0.01)

    async with asyncio.timeout(5):
        await add_one.add_one()
    assert await numbers() == {"a": 1, "b": 0}


async def test_a_transaction_holds_the_write_lock_from_its_begin(sqlite_tally: str) -> None:
    other = sqlite3.connect(sqlite_path(sqlite_tally), isolation_level=None, timeout=0)

    async with transaction():
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("BEGIN IMMEDIATE")

    other.execute("BEGIN IMMEDIATE")
    other.close()


async def test_a_task_that_waits_for_its_turn_can_be_cancelled(tally: str) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction():
            await execute("UPDATE tally SET n = 7 WHERE name = 'a'")
            entered.set()
            await leave.wait()

    holder = asyncio.create_task(hold())
    await entered.wait()
    waiting = [asyncio.create_task(add_one.add_one()) for _ in range(15)]
    await asyncio.sleep(0.01)
    while running := [task for task in waiting if not task.done()]:
        for task in running:  # the driver now and then swallows a cancellation that comes as a connection is made
            task.cancel()
        await asyncio.wait(running, timeout=0.2)
    leave.set()
    await holder

    async with asyncio.timeout(5):
        await add_one.add_one()
    assert await numbers() == {"a": 8, "b": 0}


async def test_tasks_of_one_process_add_up(tally: str) -> None:
    await asyncio.gather(*(retrying(add_one.add_one) for _ in range(50)))

    assert await numbers() == {"a": 50, "b": 0}


async def test_two_processes_add_up(tally: str) -> None:
    command = [sys.executable, str(Path(add_one.__file__)), tally, "40"]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    processes = [await asyncio.create_subprocess_exec(*command, env=environment) for _ in range(2)]

    assert [await process.wait() for process in processes] == [0, 0]
    assert await numbers() == {"a": 80, "b": 0}


async def test_a_deadlock_is_tried_again(postgres_tally: str) -> None:
    each_holds_one = asyncio.Barrier(2)
    attempts: list[str] = []

    async def take(first: str, second: str) -> None:
        attempts.append(first)
        async with transaction():
            await execute("SET LOCAL deadlock_timeout = '20ms'")
            await execute("UPDATE tally SET n = n + 1 WHERE name = $1", first)
            if len(attempts) == 2:
                await each_holds_one.wait()
            await execute("UPDATE tally SET n = n + 1 WHERE name = $1", second)

    await asyncio.gather(retrying(lambda: take("a", "b")), retrying(lambda: take("b", "a")))

    assert len(attempts) == 3
    assert await numbers() == {"a": 2, "b": 2}


async def test_a_serialisation_failure_is_tried_again(postgres_tally: str) -> None:
    both_have_read = asyncio.Barrier(2)
    attempts = 0

    async def add() -> None:
        nonlocal attempts
        attempts += 1
        async with transaction():
            await execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            [found] = await rows("SELECT n FROM tally WHERE name = 'a'")
            if attempts == 2 and both_have_read.n_waiting < 2:
                await both_have_read.wait()
            await execute("UPDATE tally SET n = $1 WHERE name = 'a'", found["n"] + 1)

    await asyncio.gather(retrying(add), retrying(add))

    assert attempts == 3
    assert await numbers() == {"a": 2, "b": 0}


async def test_another_programs_lock_on_the_file_is_waited_for(sqlite_tally: str) -> None:
    await execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(sqlite_path(sqlite_tally), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    attempts = 0

    async def add() -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 3:
            other.rollback()
        await add_one.add_one()

    await retrying(add)
    other.close()

    assert attempts == 3
    assert await numbers() == {"a": 1, "b": 0}


async def test_a_lock_that_is_never_given_back_is_reported(sqlite_tally: str) -> None:
    await execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(sqlite_path(sqlite_tally), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseUnavailable, match="too busy"):
        await retrying(add_one.add_one, attempts=2)
    other.close()

    assert await numbers() == {"a": 0, "b": 0}


async def test_what_another_attempt_cannot_cure_is_not_tried_again(tally: str) -> None:
    attempts = 0

    async def fail() -> None:
        nonlocal attempts
        attempts += 1
        raise KeyError

    with pytest.raises(KeyError):
        await retrying(fail)

    assert attempts == 1
