"""The sweep hands the journal to files of plain text, to a webhook, and to systems that know no idempotency."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from domain.accounting.connectors.plain_text_places import use_folder
from domain.accounting.connectors.protocol import System
from domain.accounting.sync.connect_accounting import ConnectAccounting
from domain.accounting.sync.map_account import MapAccount
from domain.accounting.sync.mapping import Mapped
from domain.accounting.sync.rules import Mode
from domain.kernel import addresses, vault
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.accounts import Account
from domain.ledger.seal import seal_operations
from tests.fakes.behaviour import Mishap
from tests.fakes.receiver import SECRET, FakeReceiver
from tests.fakes.serving import served
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.hledger import hledger_check
from tests.fixtures.ledgers import traded
from tests.fixtures.plain_text import bean_check_file
from tests.fixtures.synced import SINCE, remote
from tests.fixtures.synced_systems import organisation
from workers.outside import reaching_others
from workers.sync_accounting import sync_accounting

pytestmark = pytest.mark.anyio

MISHAPS = (
    Mishap.ERROR_AFTER,
    Mishap.ERROR_BEFORE,
    Mishap.DROPPED_AFTER,
    Mishap.DROPPED_BEFORE,
    Mishap.TOO_MANY,
)


@pytest.fixture(autouse=True)
def opened(tmp_path: Path) -> Iterator[None]:
    """Secrets can be kept, and files written."""
    vault.use_keys([vault.new_key()])
    use_folder(tmp_path)
    yield
    use_folder(None)
    addresses.allow([])
    vault.use_keys([])


def in_text(account: Account) -> str:
    """What a role is called in plain text."""
    return "Assets:" + account.title().replace("_", "")


async def balances(called: Callable[[Account], str]) -> dict[str, int]:
    """What the accounts come to here, but for those that come to nothing."""
    found = await rows("SELECT account, SUM(debit_minor - credit_minor) AS balance FROM journal_line GROUP BY account")
    return {called(Account(row["account"])): int(row["balance"]) for row in found if row["balance"]}


async def states() -> set[str]:
    """Where documents stand."""
    return {row["state"] for row in await rows("SELECT state FROM sync_document")}


async def connect(house: Harbour, system: System, mode: Mode, called: Callable[[Account], str], **settings: str) -> str:
    """The id of a connection with every account mapped; what is secret is for the webhook alone."""
    credentials = {"secret": SECRET} if system is System.WEBHOOK else {}
    command = ConnectAccounting("Books", system, mode, SINCE, settings, credentials)
    done = await run_command(house.owner, command)
    connection_id: str = done.outcome.connection_id
    mapped = tuple(Mapped(account, called(account), dimensions={"branch": "12"}) for account in Account)
    await run_command(house.owner, MapAccount(connection_id, mapped))
    return connection_id


@pytest.mark.parametrize(
    ("format", "file", "check"),
    [("beancount", "carnet.beancount", bean_check_file), ("hledger", "carnet.journal", hledger_check)],
)
@pytest.mark.parametrize("mode", Mode)
async def test_files_come_to_the_balances_here_and_are_verified(
    db: str, tmp_path: Path, mode: Mode, format: str, file: str, check: Callable[[Path], str]
) -> None:
    with on(MONDAY):
        house = await harbour(db)
        connection_id = await connect(house, System.PLAIN_TEXT, mode, in_text, format=format)
        await traded(house)
        await seal_operations()
    with on(MONDAY + timedelta(days=1)):
        await sync_accounting()
        [compared] = await rows("SELECT compared, differences FROM sync_reconciliation")
    assert await states() == {"VERIFIED"}
    assert (compared["compared"], compared["differences"]) == (6 if mode is Mode.PER_ENTRY else 2, [])
    folder = tmp_path / connection_id
    assert check(folder / file) == ""
    text = next((folder / "days").iterdir()).read_text()
    ids = [row["id"] for row in await rows("SELECT id FROM sync_document ORDER BY number")]
    assert sorted(ids, key=text.index) == ids
    assert all(f"{name} " in text for name in await balances(in_text))


async def test_a_webhook_is_handed_every_document_once_whatever_becomes_of_the_answers(db: str) -> None:
    fake, random = FakeReceiver(), Random(3)
    addresses.allow(["127.0.0.1"])
    async with served(fake.app) as url, reaching_others():
        house = await harbour(db)
        await connect(house, System.WEBHOOK, Mode.PER_ENTRY, remote, url=f"{url}/documents")
        fake.behaviour.at_random(random, 0.4, MISHAPS)
        await until_sent(house)
    assert fake.books.balances() == await balances(remote)
    assert set(fake.books.times().values()) == {1}
    assert len(fake.deliveries) > len(fake.books.entries) == 18


@pytest.mark.parametrize("system", [System.ERPNEXT, System.ODOO])
async def test_a_night_of_mishaps_books_everything_once_where_no_call_is_idempotent(db: str, system: System) -> None:
    async with organisation(system) as there:
        house = await harbour(db)
        await there.connect(house)
        there.fake.behaviour.at_random(Random(11), 0.3, MISHAPS)
        await until_sent(house)
        assert set(there.fake.books.times().values()) == {1}
        assert len(there.fake.books.entries) == 18
        assert there.balances == await balances(remote)


async def until_sent(house: Harbour) -> None:
    """Six sales with a visit each, on an evening, and as many rounds of two workers as it takes."""
    evening = datetime(2026, 3, 2, 10, tzinfo=UTC)
    for turn in range(40):
        with on(evening + timedelta(minutes=20 * turn)):
            if turn < 6:
                package = await sold(house, house.ten, payments=cash(45000))
                await used(house, package, branch_id=house.mad if turn % 2 else house.lis)
            await seal_operations()
            await asyncio.gather(sync_accounting(), sync_accounting())
            if turn >= 6 and await states() == {"SENT"}:
                return
    raise AssertionError(await states())
