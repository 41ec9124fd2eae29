"""A database of the version before goes on as if it had always been of this one."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.db import config, connect, disconnect, execute, rows
from domain.kernel.db.migrate import migrate
from domain.kernel.db.pending import pending
from domain.ledger.audit import audit_ledgers, chains
from domain.ledger.seal import seal_operations
from domain.packages.redeem_session import RedeemSession
from domain.people import store as people
from tests.fixtures import former
from tests.fixtures.desk import MONDAY, on

pytestmark = pytest.mark.anyio


@pytest.fixture
async def before(
    blank_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[former.Tables]:
    """The rows of the former version, in a database that was migrated since and is open."""
    package = tmp_path / f"former_{tmp_path.name}"
    former.history(package)
    monkeypatch.syspath_prepend(tmp_path)
    with monkeypatch.context() as then:
        then.setattr(config, "MIGRATIONS", package.name)
        tables = await former.restore(blank_database_url)
    applied = await migrate(blank_database_url)
    assert applied[:2] == ["0003_time", "0004_time_guards"]
    await connect(blank_database_url)
    try:
        yield tables
    finally:
        await disconnect()


async def owner() -> Actor:
    """Olga, as her token lets her in."""
    found = await people.load_staff(former.CHAIN, former.OWNER)
    assert found is not None
    return found


async def assert_audited() -> None:
    """The ledgers of both chains hold together, and every seal is whole."""
    assert [await audit_ledgers(chain_id) for chain_id in await chains()] == [[], []]


def first_value(row: dict[str, Any]) -> str:
    """What tells the rows of a table apart."""
    return str(next(iter(row.values())))


async def test_no_row_is_lost_or_changed(before: former.Tables) -> None:
    for table, records in before.items():
        columns = ", ".join(f'"{name}"' for name in records[0])

        found = await rows(f'SELECT {columns} FROM "{table}"')

        assert sorted(found, key=first_value) == sorted(records, key=first_value), table
    assert await pending() == []
    await assert_audited()


async def test_what_is_new_has_its_default_and_last_days_to_start_are_known(before: former.Tables) -> None:
    settings = "SELECT DISTINCT shortfall, open_bookings, reinstatement_days, desk_extension_days FROM chain"
    assert await rows(settings) == [
        {"shortfall": "REFUSE", "open_bookings": "FLAG", "reinstatement_days": 90, "desk_extension_days": 14}
    ]
    assert await rows("SELECT DISTINCT frozen_from, thaws_at, disputed_at, extended_days FROM package") == [
        {"frozen_from": None, "thaws_at": None, "disputed_at": None, "extended_days": 0}
    ]
    assert await rows("SELECT DISTINCT booking_id FROM movement") == [{"booking_id": None}]
    assert await rows("SELECT id, start_by FROM package WHERE start_by IS NOT NULL ORDER BY id") == [
        {"id": former.NOT_STARTED, "start_by": date(2026, 5, 31)},
        {"id": former.STARTED, "start_by": date(2026, 5, 31)},
    ]


async def test_the_ledgers_stay_append_only(before: former.Tables) -> None:
    for table in ("operation", "movement", "journal_entry", "journal_line", "payment", "sealed_operation"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match=f"{table} is append-only"):
                await execute(statement)


async def test_acts_go_on_with_what_they_find(before: former.Tables) -> None:
    actor = await owner()
    with on(MONDAY + timedelta(days=20)):
        for package_id, branch_id in ((former.STARTED, former.MADRID), (former.NOT_STARTED, former.LISBON)):
            done = await run_command(actor, RedeemSession(former.PHYSIO, branch_id, package_id))
            assert done.outcome.remaining == (3 if package_id == former.STARTED else 4)
        while await seal_operations():
            pass

    found = await rows(
        """SELECT p.id, p.first_used_on, p.start_by, l.last_day FROM package p JOIN lot l ON l.package_id = p.id
        WHERE p.start_by IS NOT NULL ORDER BY p.id"""
    )
    assert [tuple(row.values()) for row in found] == [
        (former.NOT_STARTED, date(2026, 3, 22), date(2026, 5, 31), date(2026, 5, 21)),
        (former.STARTED, date(2026, 3, 12), date(2026, 5, 31), date(2026, 5, 11)),
    ]
    await assert_audited()
