"""The sweep hands the journal to a Xero on a real socket: once, whatever breaks, and fast enough."""

import asyncio
import signal
import sys
import time
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from domain.accounting.connectors import outside
from domain.accounting.connectors.oauth import Client, Revoked
from domain.accounting.connectors.protocol import System
from domain.accounting.sync import connections_store, documents_store, syncing
from domain.accounting.sync.legs import Draft, Leg
from domain.accounting.sync.rules import DocumentState, Mode
from domain.accounting.sync.tokens import KeptTokens
from domain.kernel.clock import now
from domain.kernel.db import connect, disconnect, rows, transaction
from domain.ledger.accounts import Account
from domain.ledger.seal import seal_operations
from tests.fakes.behaviour import Mishap
from tests.fakes.oauth import CLIENT_ID, CLIENT_SECRET
from tests.fixtures import killed_syncer
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.ledgers import traded
from tests.fixtures.synced import remote
from tests.fixtures.synced_systems import organisation
from workers.sync_accounting import sync_accounting

pytestmark = pytest.mark.anyio

AT_LEAST = 200
"""Documents a second that are rendered and sent."""


async def balances() -> dict[str, int]:
    """What the accounts come to here, but for those that come to nothing."""
    found = await rows("SELECT account, SUM(debit_minor - credit_minor) AS balance FROM journal_line GROUP BY account")
    return {remote(Account(row["account"])): int(row["balance"]) for row in found if row["balance"]}


async def states() -> set[str]:
    """Where documents stand."""
    return {row["state"] for row in await rows("SELECT state FROM sync_document")}


@pytest.mark.parametrize(
    ("system", "mode"),
    [
        (System.XERO, Mode.PER_ENTRY),
        (System.QUICKBOOKS, Mode.DAILY_SUMMARY),
        (System.ERPNEXT, Mode.PER_ENTRY),
        (System.ODOO, Mode.DAILY_SUMMARY),
    ],
)
async def test_the_books_there_come_to_the_balances_here_and_are_verified(db: str, system: System, mode: Mode) -> None:
    async with organisation(system) as books:
        with on(MONDAY):
            house = await harbour(db)
            await books.connect(house, mode)
            await traded(house)
            await seal_operations()
        with on(MONDAY + timedelta(days=1)):
            await sync_accounting()
            [compared] = await rows("SELECT compared, differences FROM sync_reconciliation")

        assert await states() == {"VERIFIED"}
        assert (compared["compared"], compared["differences"]) == (6 if mode is Mode.PER_ENTRY else 2, [])
        assert books.balances == await balances()


@pytest.mark.parametrize("system", [System.XERO, System.ODOO])
async def test_a_night_of_mishaps_books_everything_once(db: str, system: System) -> None:
    async with organisation(system) as xero:
        house = await harbour(db)
        await xero.connect(house)
        mishaps = (
            Mishap.ERROR_AFTER,
            Mishap.ERROR_BEFORE,
            Mishap.DROPPED_AFTER,
            Mishap.DROPPED_BEFORE,
            Mishap.TOO_MANY,
        )
        xero.fake.behaviour.at_random(Random(7), 0.3, mishaps)
        instant = datetime(2026, 3, 2, 10, tzinfo=UTC)
        for hour in range(30):
            with on(instant + timedelta(minutes=20 * hour)):
                if hour < 12:
                    package = await sold(house, house.ten, payments=cash(45000))
                    await used(house, package, branch_id=house.mad if hour % 2 else house.lis)
                await seal_operations()
                await asyncio.gather(sync_accounting(), sync_accounting())
                if hour >= 12 and await states() == {"SENT"}:
                    break

        entries = [entry.document_id for entry in xero.fake.books.entries]
        assert len(entries) == len(set(entries)) == 36
        assert xero.balances == await balances()


@pytest.mark.parametrize(
    ("retry_after", "has_time", "paused"),
    [("7", True, [7, 7]), ("", True, [60, 60]), ("7", False, [7]), ("91", True, [])],
)
async def test_a_comparison_of_more_calls_than_a_minute_has_waits_and_comes_to_its_end(
    sqlite_db: str, retry_after: str, has_time: bool, paused: list[int]
) -> None:
    async with organisation() as xero:
        told: list[float] = []
        with on(MONDAY):
            house = await harbour(sqlite_db)
            connection_id = await xero.connect(house)
            await traded(house)
            await seal_operations()
            await syncing.sync_connection(connection_id)
        behaviour, xero.fake.largest_page = xero.fake.behaviour, 2  # six journals on three pages, a call a minute
        behaviour.retry_after, behaviour.allowance = retry_after, 1

        async def pause(rest: timedelta) -> bool:
            told.append(rest.total_seconds())
            assert await syncing.sync_connection(connection_id) is None  # nobody else has it meanwhile
            behaviour.allowance = 1
            return has_time

        with on(MONDAY + timedelta(days=1)):
            await syncing.sync_connection(connection_id, pause=pause)
            found = await connections_store.connection(connection_id)

    came_to_its_end = len(paused) == 2
    assert told == paused
    assert await states() == {"VERIFIED" if came_to_its_end else "SENT"}
    assert (found.rests_until is None, found.unread_times) == ((True, 0) if came_to_its_end else (False, 1))


async def test_the_sweep_waits_with_a_comparison_while_its_shift_lasts(
    sqlite_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with organisation() as xero:
        with on(MONDAY):
            house = await harbour(sqlite_db)
            connection_id = await xero.connect(house)
            await traded(house)
            await seal_operations()
            await sync_accounting()
        behaviour = xero.fake.behaviour
        behaviour.reads_too, behaviour.retry_after = True, "0"
        for shift, reconciled in ((0, False), (60, True)):
            monkeypatch.setattr("workers.sync_accounting._SHIFT", shift)
            behaviour.then(Mishap.TOO_MANY)
            with on(MONDAY + timedelta(days=1, minutes=shift)):
                await sync_accounting()
            found = await connections_store.connection(connection_id)
            assert (found.reconciled_at is not None) is reconciled


async def test_tokens_are_fetched_once_by_however_many_ask(db: str) -> None:
    async with organisation() as xero:
        house = await harbour(db)
        connection_id = await xero.connect(house)
        client = Client(xero.settings["tokenUrl"], CLIENT_ID, CLIENT_SECRET)
        keepers = [KeptTokens(connection_id, client, outside.http()) for _ in range(5)]
        assert set(await asyncio.gather(*(keeper.current() for keeper in keepers))) == {"access-1"}
        xero.fake.lender.used = True
        xero.fake.lender.expire()
        assert set(await asyncio.gather(*(keeper.renewed("access-1") for keeper in keepers))) == {"access-2"}
        xero.fake.lender.used = True
        assert xero.fake.lender.spent == ["refresh-0", "refresh-1"]
        xero.fake.lender.revoke()
        with pytest.raises(Revoked):
            await keepers[0].renewed("access-2")
        kept = await rows("SELECT token, refreshing_until FROM accounting_connection")
        assert "refresh-2" not in kept[0]["token"]
        assert kept[0]["refreshing_until"] is None


async def test_revoked_access_stops_the_connection_with_nothing_lost(db: str) -> None:
    async with organisation() as xero:
        house = await harbour(db)
        connection_id = await xero.connect(house)
        xero.fake.lender.revoke()
        await traded(house)
        await seal_operations()
        await sync_accounting()
        connection = await connections_store.connection(connection_id)

        assert connection.stopped_because == "The accounting system lets Carnet in no more: invalid_grant."
        assert await states() == {"PENDING"}
        assert await syncing.waiting() == []


async def test_who_is_killed_before_it_is_written_down_books_nothing_twice(database_url: str) -> None:
    async with organisation() as xero:
        await connect(database_url)
        try:
            house = await harbour(database_url)
            await xero.connect(house)
            await traded(house)
            await seal_operations()
            killed = await asyncio.create_subprocess_exec(
                sys.executable, killed_syncer.__file__, database_url, xero.key
            )
            assert await killed.wait() == -signal.SIGKILL
            assert len(xero.fake.books.entries) == 6
            assert await states() == {"SENDING"}
            await sync_accounting()  # the lease is not over
            assert await states() == {"SENDING"}
            with on(now() + timedelta(seconds=76)):
                await sync_accounting()
            assert await states() == {"SENT"}
            assert len(xero.fake.books.entries) == 6
            assert [row["call"] for row in await rows("SELECT call FROM sync_attempt")] == ["PROBE"] * 6
        finally:
            await disconnect()


async def test_documents_are_rendered_and_sent_fast_enough(db: str) -> None:
    async with organisation() as xero:
        house = await harbour(db)
        connection_id = await xero.connect(house)
        connection = await connections_store.connection(connection_id)
        legs = (
            Leg(Account.DEFERRED_REVENUE, house.lis, "LIS", 4500),
            Leg(Account.REVENUE, house.lis, "LIS", -4500, service_id=house.physio, service="PHY45"),
        )
        draft = Draft(house.lis, date(2026, 3, 2), "EUR", "Session performed, LIS", legs, (), 1, 1)
        async with transaction():
            await documents_store.insert_drafts(connection, [draft] * 600, now(), whole=True)
        began = time.perf_counter()
        await syncing.sync_connection(connection_id)
        seconds = time.perf_counter() - began

        assert await states() == {DocumentState.SENT.value}
        assert len(xero.fake.books.entries) == 600
        sys.stdout.write(f"{600 / seconds:.0f} documents a second\n")
        assert 600 / seconds > AT_LEAST / 10  # on a machine that is busy with other tests
