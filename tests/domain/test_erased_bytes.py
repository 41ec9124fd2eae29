"""Who is forgotten is in no file of SQLite any more, not even in the log of what was written last."""

import sqlite3
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from domain.customers.erase_customer import EraseCustomer
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.db.config import sqlite_path
from tests.fixtures.chain import Harbour, customer, harbour
from tests.fixtures.desk import MONDAY, on

pytestmark = pytest.mark.anyio

WORD = b"Quixote"


def _files_with(path: Path, word: bytes) -> list[str]:
    """The files of a database, its logs among them, in whose bytes a word stands."""
    return sorted(each.name for each in path.parent.glob(f"{path.name}*") if word in each.read_bytes())


async def _known(house: Harbour) -> str:
    """A customer of whom so much is noted that it takes pages of its own."""
    return await customer(house.owner, "Zelda", "Quixote", house.lis, notes="Quixote " * 200)


async def _erased(house: Harbour, customer_id: str) -> None:
    await run_command(house.owner, EraseCustomer(customer_id, "asked by letter", confirm=True))


async def test_no_byte_of_the_words_stays_in_the_file_or_in_its_log(sqlite_db: str) -> None:
    path = sqlite_path(sqlite_db)
    with on(MONDAY):
        house = await harbour(sqlite_db)
        zelda = await _known(house)
        assert _files_with(path, WORD) != []
        await rows("PRAGMA wal_checkpoint(PASSIVE)")
        assert "carnet.db" in _files_with(path, WORD)
        await _erased(house, zelda)
        assert _files_with(path, WORD) == []


async def test_who_is_erased_while_somebody_reads_is_erased_and_the_log_says_what_is_left(sqlite_db: str) -> None:
    path = sqlite_path(sqlite_db)
    with on(MONDAY):
        house = await harbour(sqlite_db)
        zelda = await _known(house)
        await rows("PRAGMA busy_timeout = 0")
        reader = sqlite3.connect(path, isolation_level=None)
        try:
            reader.execute("BEGIN")
            reader.execute("SELECT id FROM customer").fetchall()
            with capture_logs() as logged:
                await _erased(house, zelda)
        finally:
            reader.close()
        (warning,) = logged
        assert (warning["log_level"], warning["why"]) == ("warning", "it is in use")
        assert _files_with(path, WORD) == ["carnet.db-wal"]
        await _erased(house, await customer(house.owner, "Bodo", "Braun", house.lis))
        assert _files_with(path, WORD) == []


async def test_what_is_freed_is_overwritten_whichever_way_sqlite_was_built(sqlite_db: str) -> None:
    assert [row["secure_delete"] for row in await rows("PRAGMA secure_delete")] == [1]
