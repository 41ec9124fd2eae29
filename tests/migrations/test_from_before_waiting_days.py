"""A database of the version before waiting days had rows keeps every row, and what was begun is handed over once."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from tortoise.connection import get_connection

import domain.acts  # noqa: F401 - sync_connection acts on what they wrote
from domain.accounting.sync.syncing import sync_connection
from domain.kernel import vault
from domain.kernel.db import execute, insert, rows, transaction
from domain.kernel.db.config import CONNECTION
from tests.fakes.ledger import Ledger
from tests.fixtures import former
from tests.fixtures.desk import on
from tests.fixtures.douro import branch, only
from tests.fixtures.former_databases import Migrated
from tests.fixtures.synced import known
from tests.fixtures.table_shapes import shape

pytestmark = pytest.mark.anyio

WEDNESDAY = datetime(2026, 3, 4, 10, tzinfo=UTC)
"""The day after the last thing that the rows tell of."""
TUESDAY = date(2026, 3, 3)


@pytest.fixture
def url(migrated: Migrated) -> str:
    return migrated(former.BEFORE_WAITING_DAYS)


@pytest.fixture
async def before(url: str) -> AsyncIterator[former.Tables]:
    """The rows of the former version, in a database that was migrated since and is open, on a day of March."""
    async with former.opened(former.BEFORE_WAITING_DAYS, url) as tables:
        with on(WEDNESDAY):
            yield tables


@pytest.fixture
def old_key() -> Iterator[None]:
    """The key of the settings has stayed."""
    vault.use_keys([former.OLD_KEY])
    yield
    vault.use_keys([])


async def test_no_row_is_lost_or_changed_and_each_day_that_waits_knows_when_it_is_over(before: former.Tables) -> None:
    await former.assert_nothing_lost(before)
    await former.assert_audited()
    waiting = await rows("SELECT connection_id, branch_id, day, over_at FROM sync_waiting_day ORDER BY over_at")
    days = await only("SELECT id FROM accounting_connection WHERE name = 'Days'")

    assert [tuple(row.values()) for row in waiting] == [
        (days, await branch("MAD"), TUESDAY, datetime(2026, 3, 3, 23, 5, tzinfo=UTC)),
        (days, await branch("LIS"), TUESDAY, datetime(2026, 3, 4, 0, 5, tzinfo=UTC)),
    ]


async def test_what_waited_beside_the_differences_has_a_column_and_nothing_else_changes(before: former.Tables) -> None:
    kept = await rows("SELECT * FROM sync_reconciliation ORDER BY id")
    old = next(row for row in kept if row["differences"])
    told = {"waiting": 3, "differences": old["differences"]}
    await insert("sync_reconciliation", [old | {"id": "rcn_told", "differences": told}])
    async with transaction():
        await import_module("migrations.0016_waiting_documents").keep(
            None, SimpleNamespace(client=get_connection(CONNECTION))
        )
    found = await rows("SELECT * FROM sync_reconciliation ORDER BY id")

    assert [row["waiting"] for row in kept] == [0] * len(before["sync_reconciliation"])
    assert found == [*kept, old | {"id": "rcn_told", "waiting": 3}]
    with pytest.raises(Exception, match="is append-only"):
        await execute("UPDATE sync_reconciliation SET waiting = 4")


async def test_secrets_are_opened_as_before(before: former.Tables, old_key: None) -> None:
    kept = [
        *await rows("SELECT secret FROM webhook_secret"),
        *await rows("SELECT secret FROM inbound_hook"),
        *await rows("SELECT credentials AS secret FROM accounting_connection WHERE credentials IS NOT NULL"),
    ]

    assert all(vault.unseal(row["secret"]) for row in kept)
    assert len(kept) == len(before["webhook_secret"]) + len(before["inbound_hook"]) + 3


async def test_what_was_being_sent_is_looked_for_first_and_what_waited_is_summed(before: former.Tables) -> None:
    ledger = Ledger()
    begun = [row["id"] for row in before["sync_document"] if row["state"] in ("SENDING", "UNCERTAIN")]
    async with known(ledger.kind()):
        vault.use_keys([former.OLD_KEY])
        for name in ("Books", "Days"):
            assert await sync_connection(await only("SELECT id FROM accounting_connection WHERE name = $1", name))
    made = await rows(
        """SELECT b.code, d.day, d.entries, d.state FROM sync_document d JOIN branch b ON b.id = d.branch_id
        JOIN accounting_connection c ON c.id = d.connection_id AND c.name = 'Days' WHERE day = $1 ORDER BY number""",
        TUESDAY,
    )

    assert sorted(ledger.probed) == sorted(begun)
    assert ledger.twice == []
    assert [tuple(row.values()) for row in made] == [
        ("MAD", TUESDAY, 9, "VERIFIED"),
        ("LIS", TUESDAY, 2, "VERIFIED"),
    ]
    assert await rows("SELECT id FROM sync_waiting_day") == []


async def test_connections_and_documents_keep_their_indexes_and_checks(before: former.Tables, url: str) -> None:
    connection, document = await shape(url, "accounting_connection"), await shape(url, "sync_document")
    indexes = " ".join(connection["indexes"] + document["indexes"])

    assert "ck_accounting_connection_lease" in connection["checks"]
    assert "uq_accounting_connection_name" in indexes
    assert all(f"ix_sync_document_{name}" in indexes for name in ("state", "day", "due", "page"))
