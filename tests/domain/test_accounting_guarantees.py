"""What one connection is, or what befalls its worker, never costs a document, a secret or another connection."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.accounting.connectors import outside
from domain.accounting.connectors.http import Request, Response, Unanswered
from domain.accounting.connectors.oauth import Client
from domain.accounting.connectors.protocol import System
from domain.accounting.sync import connections_store, held_http, lease_store, secrets_store, sending_store, syncing
from domain.accounting.sync.connect_accounting import ConnectAccounting
from domain.accounting.sync.held_http import WhileHeld
from domain.accounting.sync.lease import Held
from domain.accounting.sync.resume_connection import ResumeConnection
from domain.accounting.sync.retry_delivery import RetryDelivery
from domain.accounting.sync.rules import LEASE, DocumentState, Mode
from domain.accounting.sync.tokens import KeptTokens
from domain.kernel.access import system
from domain.kernel.calendar import Days
from domain.kernel.clock import now
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import InvalidInput, Unavailable
from domain.ledger.seal import seal_operations
from domain.people.found_chain import ensure_chain
from tests.fakes.behaviour import Mishap
from tests.fakes.ledger import Does, Ledger
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, on, refused, sold
from tests.fixtures.ledgers import traded
from tests.fixtures.synced import SINCE, connected, known
from tests.fixtures.synced_systems import organisation
from workers.sync_accounting import sync_accounting

pytestmark = pytest.mark.anyio


async def test_a_chain_that_has_no_branch_yet_keeps_no_other_waiting(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            empty = system(await ensure_chain("Not Open Yet", "EUR"))
            asked = ConnectAccounting("Books", System.ERPNEXT, Mode.PER_ENTRY, SINCE, {}, {"key": "k-123"})
            await run_command(empty, asked)
            await seal_operations()
            await sync_accounting()
            await sync_accounting()
            document = await there.document()

    assert document.state is DocumentState.SENT


async def test_what_is_sealed_while_a_connection_is_made_is_not_passed_over(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(db)
    newest_sealed = connections_store.newest_sealed

    async def after_a_seal(chain_id: str) -> int:
        await sold(house, house.ten)
        await seal_operations()
        return await newest_sealed(chain_id)

    monkeypatch.setattr(connections_store, "newest_sealed", after_a_seal)
    before = await connections_store.before_first(house.chain_id, SINCE)
    await after_a_seal(house.chain_id)
    found = await rows("SELECT position FROM sealed_operation s JOIN journal_entry e USING (operation_id)")

    assert before < min(row["position"] for row in found)


async def test_who_cannot_renew_the_lease_begins_no_call_when_it_may_be_over(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger()

    async def unavailable(*_: object) -> bool:
        raise Unavailable("the database is away")

    async with known(ledger.kind(at_once=1)):
        house = await harbour(db)
        with on(MONDAY):
            there = await connected(house, ledger)
            await there.map()
            await traded(house)
            await seal_operations()

        with on(MONDAY) as moved:

            async def away(_: str) -> None:
                monkeypatch.setattr(lease_store, "keep", unavailable)
                moved.shift(timedelta(seconds=45))

            ledger.hook = away
            with pytest.raises(Unavailable):
                await syncing.sync_connection(there.connection_id)

    assert len(ledger.sent) == 1


async def test_who_was_asleep_since_he_looked_for_a_document_does_not_book_it(sqlite_db: str) -> None:
    asleep: list[Request] = []

    async with organisation(System.ODOO) as books:
        house = await harbour(sqlite_db)
        with on(MONDAY) as moved:
            connection_id = await books.connect(house)
            await sold(house, house.ten)
            await seal_operations()
            calls = outside.http()

            class Sleeping:
                async def call(self, request: Request) -> Response:
                    response = await calls.call(request)
                    if not asleep:
                        asleep.append(request)
                        moved.shift(timedelta(seconds=181))
                        assert await syncing.sync_connection(connection_id) == 2  # it is looked for, and sent
                    return response

            outside.use_http(Sleeping())
            assert await syncing.sync_connection(connection_id) is None

    assert len(asleep) == len(books.fake.books.entries) == 1
    assert [row["state"] for row in await rows("SELECT state FROM sync_document")] == ["SENT"]


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("system", [System.XERO, System.QUICKBOOKS])
async def test_what_was_removed_there_is_booked_again_though_its_first_answer_is_remembered(
    sqlite_db: str, system: System, *, answered: bool
) -> None:
    """Whether an answer said that it was booked, or a comparison."""
    async with organisation(system) as books:
        house = await harbour(sqlite_db)
        with on(MONDAY):
            connection_id = await books.connect(house)
            await sold(house, house.ten)
            await seal_operations()
            for _ in range(3):
                books.fake.behaviour.then(*([] if answered else [Mishap.DROPPED_AFTER]))
                await syncing.sync_connection(connection_id)
                await syncing.reconcile_now(connection_id, Days(None, None))
                [entry] = books.fake.books.standing()
                books.fake.books.remove(entry.document_id)
                await run_command(house.accountant, RetryDelivery(entry.document_id))
            await syncing.sync_connection(connection_id)
            await syncing.reconcile_now(connection_id, Days(None, None))

    assert books.fake.books.times() == {entry.document_id: 1}
    assert len(books.fake.books.entries) == 4
    assert [row["state"] for row in await rows("SELECT state FROM sync_document")] == ["VERIFIED"]


async def test_a_token_that_is_said_to_be_good_for_ever_is_renewed_all_the_same(sqlite_db: str) -> None:
    class Boasting:
        async def call(self, request: Request) -> Response:  # noqa: ARG002
            return Response(200, {}, b'{"access_token": "new", "refresh_token": "r", "expires_in": 80000000000}')

    async with known(Ledger().kind()):
        there = await connected(await harbour(sqlite_db), Ledger())
        client = Client("https://login.example.com", "carnet", "hush")
        with on(MONDAY):
            assert await KeptTokens(there.connection_id, client, Boasting()).current() == "new"
        expires_at = (await secrets_store.secrets(there.connection_id)).token_expires_at

    assert expires_at == MONDAY + timedelta(days=1)


async def test_no_call_lasts_until_another_may_hold_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_http, "LONGEST_CALL", timedelta(milliseconds=1))

    class Silent:
        async def call(self, request: Request) -> Response:
            await asyncio.Event().wait()
            raise AssertionError(request)

    with pytest.raises(Unanswered, match="no answer came in time"):
        await WhileHeld(Silent(), Held("con", "lse", now() + LEASE, None)).call(Request("POST", "https://books"))


async def test_a_connection_that_is_slow_keeps_no_other_waiting(db: str) -> None:
    ledger, called, done = Ledger(), asyncio.Event(), asyncio.Event()

    async def waits_for_the_other(_: str) -> None:
        if called.is_set():
            done.set()
        called.set()
        await done.wait()

    async with known(ledger.kind()), asyncio.timeout(60):
        house = await harbour(db)
        slow = await connected(house, ledger)
        await slow.map()
        await sold(house, house.ten)
        await seal_operations()
        ledger.hook = waits_for_the_other
        sweep = asyncio.create_task(sync_accounting())
        await called.wait()
        asked = ConnectAccounting("Quick", System.ERPNEXT, Mode.PER_ENTRY, SINCE, {}, {"key": "k-123"})
        quick = (await run_command(house.accountant, asked)).outcome.connection_id
        await replace(slow, connection_id=quick).map()
        await sweep

    assert len(ledger.booked) == 2


async def test_keys_are_kept_without_what_was_copied_along_and_only_such_as_can_be_sent(db: str) -> None:
    async with known(Ledger().kind()):
        house = await harbour(db)
        there = await connected(house, Ledger(), credentials={"key": " k-123\n"})
        assert (await secrets_store.secrets(there.connection_id)).credentials == {"key": "k-123"}
        await run_command(house.accountant, ResumeConnection(there.connection_id, {"key": "k-124\r\n"}))
        assert (await secrets_store.secrets(there.connection_id)).credentials == {"key": "k-124"}
        wrong = ResumeConnection(there.connection_id, {"key": "k-12\u00e9"})
        bad = await refused(InvalidInput, house.accountant, wrong)

    assert [problem.path for problem in bad.problems] == [("credentials", "key")]
    assert "k-12" not in bad.message


async def test_what_was_fetched_with_credentials_that_were_replaced_meanwhile_is_not_kept(db: str) -> None:
    async with known(Ledger().kind()):
        house = await harbour(db)
        there = await connected(house, Ledger())

        class Slow:
            async def call(self, request: Request) -> Response:  # noqa: ARG002
                await run_command(house.accountant, ResumeConnection(there.connection_id, {"key": "k-124"}))
                return Response(200, {}, b'{"access_token": "old", "refresh_token": "r-old", "expires_in": 1800}')

        client = Client("https://login.example.com", "carnet", "hush")
        assert await KeptTokens(there.connection_id, client, Slow()).current() == "old"
        secrets = await secrets_store.secrets(there.connection_id)

    assert (secrets.credentials, secrets.token) == ({"key": "k-124"}, {})


async def test_a_retry_looks_for_nothing_that_may_be_at_work_there_still(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY) as moved:
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            ledger.then(Does.IS_SILENT)
            await there.round()
            moved.shift(timedelta(seconds=5))
            await run_command(house.accountant, RetryDelivery((await there.document()).id))
            await there.round()
            assert (len(ledger.sent), ledger.probed) == (1, [])
            moved.shift(timedelta(seconds=15))
            await there.round()
            assert (len(ledger.booked), len(ledger.probed)) == (1, 1)


@pytest.mark.parametrize("system", [System.ERPNEXT, System.ODOO])
async def test_what_a_slow_system_books_after_its_call_was_given_up_is_booked_once(
    sqlite_db: str, system: System
) -> None:
    late: list[Request] = []
    names = {System.ERPNEXT: "/Journal%20Entry", System.ODOO: "/account.move/create"}

    async with organisation(system) as books:
        house = await harbour(sqlite_db)
        with on(MONDAY) as moved:
            connection_id = await books.connect(house)
            await sold(house, house.ten)
            await seal_operations()
            calls = outside.http()

            class Slow:
                async def call(self, request: Request) -> Response:
                    if request.method == "POST" and request.url.endswith(names[system]) and not late:
                        late.append(request)
                        raise Unanswered("no answer came in time")
                    return await calls.call(request)

            outside.use_http(Slow())
            for seconds in (0, 60, 40):
                moved.shift(timedelta(seconds=seconds))
                await syncing.sync_connection(connection_id, lambda _: timedelta())
            await calls.call(late[0])
            moved.shift(timedelta(seconds=20))
            await syncing.sync_connection(connection_id, lambda _: timedelta())

    assert len(books.fake.books.entries) == 1
    assert [row["state"] for row in await rows("SELECT state FROM sync_document")] == ["SENT"]


async def test_what_a_worker_left_behind_in_a_slow_system_is_not_looked_for_too_soon(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger()

    async def dies(*_: object) -> None:
        raise Unavailable("killed")

    async with known(ledger.kind(settles=timedelta(minutes=2))):
        with on(MONDAY) as moved:
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            with monkeypatch.context() as killed, pytest.raises(Unavailable):
                killed.setattr(sending_store, "settle", dies)
                await there.round()
            for seconds, probed in ((100, 0), (79, 0), (1, 1)):
                moved.shift(timedelta(seconds=seconds))
                await there.round()
                assert len(ledger.probed) == probed
