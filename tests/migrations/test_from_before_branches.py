"""A database of the version before settlements and transfers keeps every row, and acts go on with what they find."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from domain.kernel.db import rows
from tests.fixtures import former
from tests.fixtures.desk import on
from tests.fixtures.former_databases import Migrated

pytestmark = pytest.mark.anyio

AUGUST = datetime(2026, 8, 4, 10, tzinfo=UTC)


@pytest.fixture
def url(migrated: Migrated) -> str:
    return migrated(former.BEFORE_BRANCHES)


@pytest.fixture
async def before(url: str) -> AsyncIterator[former.Tables]:
    """The rows of the former version, in a database that was migrated since and is open, on a day of August."""
    async with former.opened(former.BEFORE_BRANCHES, url) as tables:
        with on(AUGUST):
            yield tables


async def test_no_row_is_lost_or_changed(before: former.Tables) -> None:
    await former.assert_nothing_lost(before)
    await former.assert_audited()


async def test_nothing_has_moved_was_merged_or_was_charged_for_anything_but_sessions(before: former.Tables) -> None:
    packages = await rows("SELECT DISTINCT homed_at FROM package")
    customers = await rows("SELECT DISTINCT merged_into_id, merged_at, erased_at FROM customer")
    charges = await rows("SELECT DISTINCT purpose FROM charge")

    assert [tuple(row.values()) for row in packages] == [(None,)]
    assert [tuple(row.values()) for row in customers] == [(None, None, None)]
    assert [tuple(row.values()) for row in charges] == [("SESSIONS",)]
