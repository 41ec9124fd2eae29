"""A database of the version before goes on as if it had always been of this one."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.ledger.seal import seal_operations
from domain.packages.redeem_session import RedeemSession
from domain.people import store as people
from tests.fixtures import former
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.former_databases import Migrated

pytestmark = pytest.mark.anyio

CHAIN = "chn_01m7yf5kh5esbvbjd02dmzr27p"
OWNER = "stf_01m7yf5khwekybtt5k42ty76g1"
LISBON, MADRID = "brn_01m7yf5khbe9jrndj8b48jr583", "brn_01m7yf5khdej7a6v4syvr72fm2"
PHYSIO = "srv_01m7yf5khfeppbz6kr3qpp5qdc"
NOT_STARTED, STARTED = "pkg_01m7yf5kkheng8em2hxnfcbm8y", "pkg_01m7yf5kkkeehbw3yk6kncqq27"


@pytest.fixture
def url(migrated: Migrated) -> str:
    return migrated(former.BEFORE_TIME)


@pytest.fixture
async def before(url: str) -> AsyncIterator[former.Tables]:
    """The rows of the former version, in a database that was migrated since and is open."""
    async with former.opened(former.BEFORE_TIME, url) as tables:
        yield tables


async def owner() -> Actor:
    """Olga, as her token lets her in."""
    found = await people.load_staff(CHAIN, OWNER)
    assert found is not None
    return found


async def test_no_row_is_lost_or_changed(before: former.Tables) -> None:
    await former.assert_nothing_lost(before)
    await former.assert_audited()


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
        {"id": NOT_STARTED, "start_by": date(2026, 5, 31)},
        {"id": STARTED, "start_by": date(2026, 5, 31)},
    ]


async def test_the_ledgers_stay_append_only(before: former.Tables) -> None:
    for table in ("operation", "movement", "journal_entry", "journal_line", "payment", "sealed_operation"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match=f"{table} is append-only"):
                await execute(statement)


async def test_acts_go_on_with_what_they_find(before: former.Tables) -> None:
    actor = await owner()
    with on(MONDAY + timedelta(days=20)):
        for package_id, branch_id in ((STARTED, MADRID), (NOT_STARTED, LISBON)):
            done = await run_command(actor, RedeemSession(PHYSIO, branch_id, package_id))
            assert done.outcome.remaining == (3 if package_id == STARTED else 4)
        while await seal_operations():
            pass

    found = await rows(
        """SELECT p.id, p.first_used_on, p.start_by, l.last_day FROM package p JOIN lot l ON l.package_id = p.id
        WHERE p.start_by IS NOT NULL ORDER BY p.id"""
    )
    assert [tuple(row.values()) for row in found] == [
        (NOT_STARTED, date(2026, 3, 22), date(2026, 5, 31), date(2026, 5, 21)),
        (STARTED, date(2026, 3, 12), date(2026, 5, 31), date(2026, 5, 11)),
    ]
    await former.assert_audited()
