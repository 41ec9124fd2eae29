"""The database itself refuses to change what the ledgers hold, whoever asks."""

import pytest

from domain.kernel.db import execute, rows
from domain.ledger.seal import seal_operations
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
