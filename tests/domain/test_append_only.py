"""The database itself refuses to change what the ledgers hold, whoever asks."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.db.config import sqlite_path
from domain.ledger.seal import seal_operations
from domain.packages.redeem_session import RedeemSession
from tests.fixtures.chain import harbour
from tests.fixtures.ledgers import traded
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

LEDGER = ("operation", "movement", "journal_entry", "journal_line", "payment", "sealed_operation")
_KEY = {"operation": "seq"}


async def test_update_delete_and_truncate_are_refused(db: str) -> None:
    await traded(await harbour(db))
    await seal_operations()
    for table in LEDGER:
        key = _KEY.get(table, "id")
        assert await rows(f"SELECT {key} FROM {table} LIMIT 1")
        spoilers = [f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"]
        if db.startswith("postgres"):
            spoilers.append(f"TRUNCATE {table} CASCADE")
        for spoiler in spoilers:
            async with unchanged():
                with pytest.raises(Exception, match="is append-only"):
                    await execute(spoiler)


async def test_what_is_not_a_ledger_can_be_changed(db: str) -> None:
    trade = await traded(await harbour(db))
    assert await execute("UPDATE package SET reference = 'H-1' WHERE id = $1", trade.package_id) == 1


async def unique_keys(table: str) -> list[tuple[str, ...]]:
    """Every key by which SQLite could find a row to replace, the primary one among them."""
    keys = [(_KEY.get(table, "id"),)]
    for index in await rows(f"SELECT name FROM pragma_index_list('{table}') WHERE \"unique\" = 1"):
        columns = await rows(f"SELECT name FROM pragma_index_info('{index['name']}') ORDER BY seqno")
        keys.append(tuple(column["name"] for column in columns))
    return list(dict.fromkeys(keys))


async def replacement(table: str, key: Sequence[str], keys: Sequence[Sequence[str]]) -> tuple[str, list[Any]]:
    """A statement that replaces the row with this key by one that has no other key in common with it."""
    [row] = await rows(f"SELECT * FROM {table} WHERE {' AND '.join(f'{each} IS NOT NULL' for each in key)} LIMIT 1")
    fresh = {column: 10**9 if isinstance(row[column], int) else "fresh" for each in keys for column in each}
    changed = row | {column: value for column, value in fresh.items() if column not in key}
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    return f"INSERT OR REPLACE INTO {table} ({', '.join(row)}) VALUES ({places})", list(changed.values())


async def replacements() -> list[tuple[str, list[Any]]]:
    """One for each unique key of each ledger."""
    found = []
    for table in LEDGER:
        keys = await unique_keys(table)
        found += [await replacement(table, key, keys) for key in keys]
    assert len(found) == 12
    return found


async def traded_and_sealed(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    await run_command(house.owner, RedeemSession(house.physio, house.lis, trade.package_id), "a key of its own")
    await seal_operations()


async def test_no_tool_that_opens_the_file_replaces_a_row_by_any_of_its_keys(sqlite_db: str) -> None:
    await traded_and_sealed(sqlite_db)
    spoilers = await replacements()
    async with unchanged():
        with closing(sqlite3.connect(sqlite_path(sqlite_db))) as other:
            for statement, values in spoilers:
                with pytest.raises(sqlite3.IntegrityError, match="is append-only"):
                    other.execute(statement, values)


async def test_a_row_that_is_replaced_counts_as_deleted_on_carnets_connections(sqlite_db: str) -> None:
    await traded_and_sealed(sqlite_db)
    spoilers = await replacements()
    for table in LEDGER:
        await execute(f"DROP TRIGGER {table}_refuse_replace")
    for statement, values in spoilers:
        async with unchanged():
            with pytest.raises(Exception, match="is append-only"):
                await execute(statement, *values)
