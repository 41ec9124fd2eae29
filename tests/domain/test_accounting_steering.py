"""Connections are made, mapped, paused and resumed by who may, and refuse what cannot be."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.accounting.connectors import outside
from domain.accounting.connectors.opening import problems
from domain.accounting.connectors.protocol import Problem, System
from domain.accounting.sync import asking, dry_run, reading, secrets_store, syncing
from domain.accounting.sync.asking import refuse_unknown
from domain.accounting.sync.connect_accounting import ConnectAccounting
from domain.accounting.sync.connections_store import connection
from domain.accounting.sync.errors import (
    ConnectionActive,
    ConnectionNameTaken,
    ConnectionNotActive,
    DeliveryUnderWay,
    UnknownRemoteAccount,
    UnknownRemoteDimension,
)
from domain.accounting.sync.lease import held
from domain.accounting.sync.map_account import MapAccount
from domain.accounting.sync.mapping import Mapped
from domain.accounting.sync.pause_connection import PauseConnection
from domain.accounting.sync.reconcile import Reconcile
from domain.accounting.sync.resume_connection import ResumeConnection
from domain.accounting.sync.retry_delivery import RetryDelivery
from domain.accounting.sync.rules import A_DAY, ConnectionState, DocumentState, Mode
from domain.kernel import clock
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.accounts import Account
from domain.ledger.seal import seal_operations
from tests.fakes.ledger import Does, InMemory, Ledger
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, cash, on, refused, sold
from tests.fixtures.synced import SINCE, connected, known
from tests.fixtures.synced_systems import opening_of
from workers.outside import reaching_others

pytestmark = pytest.mark.anyio


async def test_credentials_are_kept_encrypted_and_nowhere_else(db: str) -> None:
    async with known(Ledger().kind()):
        house = await harbour(db)
        there = await connected(house, Ledger())
        kept = await rows("SELECT * FROM accounting_connection")
        operations = await rows("SELECT outcome FROM operation WHERE act = 'connect_accounting'")

        assert "k-123" not in repr((kept, operations))
        assert (await secrets_store.secrets(there.connection_id)).credentials == {"key": "k-123"}
        assert "k-123" not in repr(ConnectAccounting("x", System.XERO, Mode.PER_ENTRY, SINCE, {}, {"key": "k-123"}))


async def test_a_connection_that_cannot_be_is_refused(db: str) -> None:
    async with known(Ledger().kind()):
        house = await harbour(db)
        await connected(house, Ledger())

        def asked(**rest: object) -> ConnectAccounting:
            known: dict[str, object] = {"name": "Other", "credentials": {"key": "x"}} | rest
            return ConnectAccounting(system=System.ERPNEXT, mode=Mode.PER_ENTRY, starts_on=SINCE, **known)  # type: ignore[arg-type]

        taken = await refused(ConnectionNameTaken, house.owner, asked(name=" Books "))
        assert taken.message == "There is a connection called 'Books' already. Choose another name."
        wrong = asked(name=" ", credentials={"secret": "x"}, settings={"url": "http://10.0.0.1:x"}, branch_ids=())
        bad = await refused(InvalidInput, house.owner, wrong)
        assert {problem.path for problem in bad.problems} == {
            ("name",),
            ("branchIds",),
            ("credentials", "key"),
            ("credentials", "secret"),
            ("settings", "url"),
        }
        await refused(NotFound, house.owner, asked(branch_ids=(house.lis, house.other_branch)))
        for actor in (house.manager_lis, house.desk_lis, house.integrator):
            await refused(Forbidden, actor, asked())


@pytest.mark.parametrize(
    ("system", "bad"),
    [
        (System.XERO, {"tenantId": ""}),
        (System.XERO, {"tenantId": "Harbour"}),
        (System.XERO, {"currency": "eur"}),
        (System.XERO, {"api": "books.example"}),
        (System.XERO, {"tokenUrl": "ftp://books.example"}),
        (System.QUICKBOOKS, {"realmId": "harbour/1"}),
        (System.QUICKBOOKS, {"currency": "EURO"}),
        (System.QUICKBOOKS, {"api": "https://books.example/?company=1"}),
        (System.ERPNEXT, {"url": "https://books.example?site=1"}),
        (System.ERPNEXT, {"company": ""}),
        (System.ERPNEXT, {"currency": "XXX"}),
        (System.ERPNEXT, {"idField": "carnet id"}),
        (System.ODOO, {"journalId": "misc"}),
        (System.ODOO, {"journalId": "-3"}),
        (System.ODOO, {"currency": "Eur"}),
        (System.ODOO, {"url": "books.example"}),
        (System.ODOO, {"database": "h\u00e2vre"}),
        (System.PLAIN_TEXT, {"format": "ledger"}),
        (System.WEBHOOK, {"url": "not a url"}),
        (System.WEBHOOK, {"secret": "whsec_"}),
        (System.WEBHOOK, {"secret": "whsec_c2hvcnQ="}),
    ],
)
def test_what_cannot_open_a_connection_is_told_at_its_field(system: System, bad: dict[str, str]) -> None:
    settings, credentials = opening_of(system, "https://books.example")
    assert list(problems(system, settings, credentials)) == []
    if set(bad) <= set(settings) | {"idField"}:
        told, where = problems(system, settings | bad, credentials), "settings"
    else:
        told, where = problems(system, settings, credentials | bad), "credentials"
    assert [problem.path for problem in told] == [(where, *bad)]


async def test_a_connection_whose_settings_open_nothing_is_neither_made_nor_resumed(db: str) -> None:
    settings, credentials = opening_of(System.ODOO, "https://books.example")
    connect = ConnectAccounting("Odoo", System.ODOO, Mode.PER_ENTRY, SINCE, settings, credentials, paused=True)
    async with known(Ledger().kind()):
        house = await harbour(db)
        bad = await refused(InvalidInput, house.owner, replace(connect, settings=settings | {"currency": "GBP"}))
        assert bad.path == ("settings", "currency")
        assert bad.message == "The chain keeps its books in EUR. Connect what keeps them in EUR too."
        bad = await refused(InvalidInput, house.owner, replace(connect, settings=settings | {"journalId": "misc"}))
        assert bad.problems[0].message == "journalId is not what ODOO takes. Look it up there again."
        resume = ResumeConnection((await run_command(house.owner, connect)).outcome.connection_id)
        await execute("UPDATE accounting_connection SET settings = $1", settings | {"journalId": "misc"})
        for credentials_too in (None, {"apiKey": "new"}):
            bad = await refused(InvalidInput, house.owner, replace(resume, credentials=credentials_too))
            assert [problem.path for problem in bad.problems] == [("connectionId",)]
        assert bad.problems[0].message.endswith("again. Make another connection with what is right.")


async def test_a_mapping_names_only_what_there_is(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(chart=("1000", "2000"), lacking=(("cost_center", "Nowhere"),))
    async with known(ledger.kind()):
        house = await harbour(db)
        there = await connected(house, ledger)

        def asked(*rows: Mapped) -> MapAccount:
            return MapAccount(there.connection_id, rows)

        fitting = asked(Mapped(Account.CASH, "1000", house.lis, dimensions={"cost_center": "Lisbon"}))
        foreign, none = Mapped(Account.CASH, "1000", house.other_branch), Mapped(Account.REVENUE, "1", None, "svc_none")
        absent = await refused(NotFound, house.owner, asked(*fitting.rows, foreign))
        assert absent.path == ("rows", "1", "branchId")
        assert (await refused(NotFound, house.owner, asked(none))).path == ("rows", "0", "serviceId")
        await refused(NotFound, house.other_owner, fitting)
        twice = await refused(InvalidInput, house.owner, asked(Mapped(Account.CASH, "1"), Mapped(Account.CASH, "2")))
        assert twice.message == "rows name the same account, branch, service and tax code twice."
        await refused(Forbidden, house.manager_lis, fitting)

        nowhere = Mapped(Account.REVENUE, "2000", dimensions={"cost_center": " Nowhere"})
        await refuse_unknown(house.owner, asked(Mapped(Account.CASH, "4711"), nowhere))  # cannot be asked from here
        async with reaching_others():
            assert outside.can_call()
            with pytest.raises(UnknownRemoteAccount, match="has no account 4711") as account:
                await refuse_unknown(house.owner, asked(nowhere, Mapped(Account.CASH, "4711")))
            assert account.value.path == ("rows", "1", "remoteAccount")
            with pytest.raises(UnknownRemoteDimension, match="has no cost_center 'Nowhere'") as error:
                await refuse_unknown(house.owner, asked(*fitting.rows, nowhere))
            assert error.value.unknown == (("cost_center", "Nowhere"),)
            assert error.value.path == ("rows", "1", "dimensions")
            await refuse_unknown(house.owner, fitting)
            await refuse_unknown(house.owner, asked(replace(nowhere, remote_account=None)))
            await refuse_unknown(house.manager_lis, asked(Mapped(Account.CASH, "4711")))
            monkeypatch.setattr(asking, "_PATIENCE", timedelta(milliseconds=10))
            monkeypatch.setattr(InMemory, "accounts", lambda _: asyncio.Event().wait())
            await refuse_unknown(house.owner, asked(nowhere))  # it comes to no end
        assert (await run_command(house.owner, fitting)).outcome.version == 1
        kept = await reading.mapping(await connection(there.connection_id))
        assert [(row.version, row.mapped) for row in kept] == [(1, fitting.rows[0])]


@pytest.mark.parametrize(("form", "good", "bad"), [("beancount", "Assets:Cash", "a b"), ("hledger", "a b", "a;b")])
async def test_a_mapping_to_plain_text_names_what_can_be_an_account(
    sqlite_db: str, form: str, good: str, bad: str
) -> None:
    async with known(Ledger().kind()):
        house = await harbour(sqlite_db)
        connect = ConnectAccounting("Files", System.PLAIN_TEXT, Mode.PER_ENTRY, SINCE, {"format": form})
        connection_id = (await run_command(house.owner, connect)).outcome.connection_id
        rows = Mapped(Account.CASH, good), Mapped(Account.REVENUE, bad), Mapped(Account.TAX_PAYABLE, None)
        told = await refused(InvalidInput, house.owner, MapAccount(connection_id, rows))
        assert told.path == ("rows", "1", "remoteAccount")
        assert told.message.startswith(f"{bad} is no account of {form}, such as ")
        await run_command(house.owner, MapAccount(connection_id, rows[:1]))


async def test_a_paused_connection_sends_nothing_until_it_is_resumed(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger, paused=True)
            await there.map()
            await sold(house, house.ten)
            await there.round()
            assert ledger.sent == []
            with on(MONDAY + timedelta(hours=1)):
                await run_command(house.owner, RetryDelivery((await there.document()).id))
                assert (await there.document()).due_at == MONDAY  # it goes behind nothing that it was before
            paused = await refused(ConnectionNotActive, house.owner, PauseConnection(there.connection_id))
            assert paused.message == "The connection is paused. Resume it first."
            await refused(ConnectionNotActive, house.owner, Reconcile(there.connection_id))
            await run_command(house.owner, ResumeConnection(there.connection_id))
            await refused(ConnectionActive, house.owner, ResumeConnection(there.connection_id))
            await there.round()
            assert len(ledger.booked) == 1
            await run_command(house.owner, PauseConnection(there.connection_id, "the year is being closed"))
            assert (await connection(there.connection_id)).state is ConnectionState.PAUSED
            for actor in (house.manager_lis, house.integrator):
                await refused(Forbidden, actor, ResumeConnection(there.connection_id))


async def test_what_was_put_off_goes_on_at_once_when_somebody_asks(db: str) -> None:
    ledger = Ledger(locked_until=MONDAY.date())
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            resume = ResumeConnection(there.connection_id)
            await refused(ConnectionActive, house.owner, resume)
            await sold(house, house.ten, payments=cash(45000))
            await there.round()
            assert [each.problem for each in await there.documents()] == [Problem.LOCKED_DAY] * 2
            assert await there.round() == 0
            assert await syncing.sync_connection(there.connection_id, hurrying=True) == 2
        with on(MONDAY + timedelta(hours=1)):
            ledger.locked_until = None
            ledger.then(Does.BOOKS_AND_IS_SILENT)
            await run_command(house.accountant, resume)
            await there.round()
            assert sorted(each.state for each in await there.documents()) == [
                DocumentState.SENT,
                DocumentState.UNCERTAIN,
            ]
            await execute("UPDATE sync_document SET due_at = $1 WHERE state = 'UNCERTAIN'", clock.now() + A_DAY)
            await run_command(house.accountant, resume)
            assert await there.round() == 0
        with on(MONDAY + timedelta(hours=1, seconds=15)):
            assert await there.round() == 1
            assert {each.state for each in await there.documents()} == {DocumentState.SENT}
            await refused(ConnectionActive, house.owner, resume)

    assert (ledger.twice, len(ledger.booked)) == ([], 2)


async def test_a_document_is_retried_by_who_may_and_not_while_it_is_sent(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            await there.round()
            document = await there.document()
            await refused(NotFound, house.other_owner, RetryDelivery(document.id))
            await refused(Forbidden, house.manager_lis, RetryDelivery(document.id))
            await execute("UPDATE sync_document SET state = 'SENDING'")
            async with held(there.connection_id):
                await refused(DeliveryUnderWay, house.owner, RetryDelivery(document.id))


async def test_what_its_worker_left_behind_is_looked_for_also_where_the_connection_was_paused(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            await there.round()
            document = await there.document()
            await execute("UPDATE sync_document SET state = 'SENDING', remote_id = NULL")
            await execute("UPDATE accounting_connection SET leased_by = 'dead', leased_until = $1", MONDAY)
            await run_command(house.owner, PauseConnection(there.connection_id))
            await refused(DeliveryUnderWay, house.owner, RetryDelivery(document.id))
        with on(MONDAY + timedelta(seconds=1)):
            done = await run_command(house.owner, RetryDelivery(document.id))
            assert done.outcome.state is DocumentState.UNCERTAIN
        with on(MONDAY + timedelta(seconds=16)):
            await run_command(house.owner, ResumeConnection(there.connection_id))
            await there.round()
            document = await there.document()

    assert (document.state, document.remote_id, len(ledger.sent)) == (DocumentState.SENT, "R1", 1)


async def test_a_dry_run_writes_what_would_be_sent_and_keeps_nothing(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await sold(house, house.ten)
            await seal_operations()
            unmapped = await dry_run.dry_run(await connection(there.connection_id))
            await there.map()
            [told] = await dry_run.dry_run(await connection(there.connection_id))

            assert await there.documents() == []
            assert unmapped[0].message == (
                "No account is mapped for RECEIVABLE at branch LIS; DEFERRED_REVENUE at branch LIS."
            )
            assert (told.document_id, told.day, told.memo) == (None, date(2026, 3, 2), "Package sold, LIS")
            await there.round()
            assert ledger.sent[0][1].decode() == (told.body or "").replace(
                dry_run.NOT_MADE, (await there.document()).id
            )


async def test_only_who_reads_all_books_sees_connections_and_documents(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()):
        with on(MONDAY):
            house = await harbour(db)
            there = await connected(house, ledger)
            await there.map()
            await sold(house, house.ten)
            await there.round()
            document = await there.document()
            everything = reading.DocumentFilter()
            for actor, sees in ((house.accountant, 1), (house.manager_lis, 0), (house.other_owner, 0)):
                assert len(await reading.connections_page(actor)) == sees
                assert len(await reading.documents_page(actor, everything, 10)) == sees
                assert len(await reading.documents_by_ids(actor, [document.id])) == sees
            [entry] = (await reading.entries_of_documents([document.id]))[document.id]
            assert await reading.documents_of_entries(house.owner, [entry]) == {entry: [document.id]}
            [attempt] = (await reading.attempts_of_documents([document.id]))[document.id]
            assert (attempt.call.value, attempt.outcome.value) == ("SEND", "SUCCESS")
