"""When the database cannot be used, one sentence says why and what to do."""

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
import pytest
from tortoise.exceptions import OperationalError

from domain.kernel.db import (
    DatabaseUnavailable,
    connect,
    disconnect,
    execute,
    insert,
    rows,
    sqlite_url,
    transaction,
)
from domain.kernel.db.config import BadDatabaseUrl
from domain.kernel.db.engines.sqlite import Sqlite
from tests.fixtures.postgres import Server

pytestmark = pytest.mark.anyio


async def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        await connect(sqlite_url(tmp_path / "nowhere" / "carnet.db"))

    assert str(refused.value) == ("The database file cannot be opened: create its directory, writable by Carnet.")
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ana, " * 200)

    with pytest.raises(DatabaseUnavailable, match="is not an SQLite database: check the database URL"):
        await connect(sqlite_url(letter))

    assert letter.read_text() == "Dear Ana, " * 200


@pytest.mark.parametrize("server", ["127.0.0.1:1/carnet", "/carnet?host=/nowhere"])
async def test_a_server_that_is_not_there_does_not_answer(server: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="PostgreSQL does not answer: check that it runs"):
        await connect(f"postgresql://postgres@{server}")


async def test_a_missing_database_is_told_from_a_missing_server(postgres_server: Server) -> None:
    with pytest.raises(DatabaseUnavailable, match="has no such database: create it or check"):
        await connect(postgres_server.url_of("nowhere"))


@pytest.mark.parametrize("url", ["mysql://root@localhost/carnet", "carnet.db", "sqlite://carnet.db", "postgresql://"])
async def test_a_url_of_nothing_known_is_refused(url: str) -> None:
    with pytest.raises(BadDatabaseUrl, match=r"looks like sqlite:///carnet\.db or postgresql://"):
        await connect(url)


async def test_after_a_refused_connection_the_right_url_connects(tmp_path: Path, sqlite_template: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        await connect(sqlite_url(tmp_path / "nowhere" / "carnet.db"))

    await connect(sqlite_url(sqlite_template))
    try:
        assert await rows("SELECT 1 AS one") == [{"one": 1}]
    finally:
        await disconnect()


async def test_a_full_disk_says_so_and_keeps_what_was_there(sqlite_tally: str) -> None:
    [pages] = await rows("PRAGMA page_count")
    await rows(f"PRAGMA max_page_count = {pages['page_count'] + 4}")

    with pytest.raises(DatabaseUnavailable, match="The disk is full: free some space"):
        async with transaction():
            await execute("UPDATE tally SET n = 1")
            await insert("tally", [{"name": "x" * 1000 + str(number), "n": 0} for number in range(500)])

    assert await rows("SELECT name, n FROM tally") == [{"name": "a", "n": 0}, {"name": "b", "n": 0}]


async def test_a_read_only_database_says_so(sqlite_tally: str) -> None:
    await execute("PRAGMA query_only = ON")

    with pytest.raises(DatabaseUnavailable, match="The database file is read-only: give Carnet permission"):
        await execute("UPDATE tally SET n = 1")

    assert await rows("SELECT sum(n) AS n FROM tally") == [{"n": 0}]


async def test_a_lost_connection_says_so_and_the_next_statement_has_a_new_one(postgres_tally: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="PostgreSQL does not answer"):
        async with transaction():
            await execute("UPDATE tally SET n = 1")
            await execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert await rows("SELECT sum(n) AS n FROM tally") == [{"n": 0}]


async def test_a_wrong_statement_is_not_mistaken_for_a_missing_server(postgres_tally: str) -> None:
    with pytest.raises(asyncpg.InterfaceError, match="expects 1 argument"):
        await rows("SELECT n FROM tally WHERE name = $1", "a", "b")


async def test_what_is_committed_survives_a_power_cut(sqlite_db: str) -> None:
    """FULL in WAL mode: the log is on the disk before a commit is acknowledged."""
    assert await rows("PRAGMA synchronous") == [{"synchronous": 2}]
    assert await rows("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    assert await rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


async def test_a_file_that_cannot_be_opened_does_not_hold_up_the_next_statement(tmp_path: Path) -> None:
    engine = Sqlite(str(tmp_path / "nowhere" / "carnet.db"), connection_name="elsewhere")

    async with asyncio.timeout(5):
        for _ in range(2):
            with pytest.raises(OperationalError, match="unable to open"):
                await engine.select("SELECT 1", ())


async def test_a_new_file_that_another_process_is_writing_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.1, other.rollback)

    await connect(sqlite_url(tmp_path / "new.db"))
    try:
        assert await rows("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    finally:
        await disconnect()
        other.close()
