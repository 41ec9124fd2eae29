"""Accounting systems over HTTP: connected, mapped, watched and steered by who keeps the books of the whole chain."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from strawberry.utils.str_converters import to_camel_case

from domain.accounting.connectors.opening import kind
from domain.accounting.connectors.protocol import System
from domain.accounting.sync.syncing import sync_connection
from domain.kernel import vault
from domain.kernel.access import Scope
from domain.kernel.ids import new_id
from domain.ledger.accounts import Account
from domain.ledger.seal import seal_operations
from schema.accounting import sync_systems
from tests.fakes.ledger import Does, Ledger
from tests.fixtures.askers import key_for
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import MONEY, mutation
from tests.fixtures.synced import Synced, connected, known, remote
from tests.fixtures.synced_systems import Organisation, organisation
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

_CONNECTION = """id name system mode startsOn lockedDays state stoppedBecause behind readsBack
  settings { name value } branches { code } documentCounts { state count }"""
CONNECT = mutation("connectAccounting", f"connection {{ {_CONNECTION} }} operationId")
BRANCH = {"name": "Branch", "value": "Nowhere"}
MAP = mutation("mapAccount", "version connection { id }")
PAUSE = mutation("pauseConnection", "connection { state }")
RESUME = mutation("resumeConnection", "connection { state }")
RETRY = mutation("retryDelivery", "document { id state problem }")
RECONCILE = mutation("reconcile", "connection { id }")
LIST = f"{{ accountingConnections {{ nodes {{ {_CONNECTION} }} }} }}"
DOCUMENTS = f"""query($filter: SyncDocumentFilterInput) {{ syncDocuments(filter: $filter) {{ nodes {{
  id number day currency memo state entryCount attemptCount mappingVersion body problem message hint remoteId
  connection {{ name }} branch {{ code }} attempts {{ call outcome status }}
  lines {{ account branch {{ code }} debit {MONEY} credit {MONEY} }}
  entries {{ nodes {{ event syncDocuments {{ id }} operation {{ act syncDocuments {{ id }} }} }} }}
}} }} }}"""
MAPPINGS = """query($id: ID!, $replaced: Boolean! = false) {
  accountMappings(connectionId: $id, replaced: $replaced) { nodes {
    version account remoteAccount isCurrent branch { code } dimensions { name value } mappedBy { name }
  } } }"""
COMPARED = """query($id: ID!) { syncReconciliations(connectionId: $id) { nodes {
  compared waiting differenceCount reconciledBy { name }
  differences { nodes { kind account expected { amount } found { amount } documentId } }
} } }"""
DRY = """query($id: ID!) { syncDryRun(connectionId: $id) {
  message documents { documentId day memo body problem message lines { account } } } }"""
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def _xero(books: Organisation) -> dict[str, Any]:
    return {
        "name": "Xero",
        "system": {"xero": {**books.settings, **books.credentials}},
        "mode": "PER_ENTRY",
        "startsOn": "2026-01-01",
    }


def _rows(*accounts: Account) -> list[dict[str, str]]:
    return [{"account": account.value, "remoteAccount": remote(account)} for account in accounts or Account]


async def _round(connection_id: str) -> None:
    await seal_operations()
    await sync_connection(connection_id, lambda _: timedelta())


def test_a_client_says_of_a_system_all_that_its_connector_takes_and_nothing_else() -> None:
    said = {
        System.XERO: sync_systems.XeroInput,
        System.QUICKBOOKS: sync_systems.QuickBooksInput,
        System.ERPNEXT: sync_systems.ErpNextInput,
        System.ODOO: sync_systems.OdooInput,
        System.PLAIN_TEXT: sync_systems.PlainTextInput,
        System.WEBHOOK: sync_systems.DocumentWebhookInput,
    }
    assert set(said) == set(System)
    for system, given in said.items():
        its = kind(system)
        names = {to_camel_case(field.name) for field in fields(given)}
        assert names == {*its.settings, *its.optional, *its.credentials}, system
    again = {to_camel_case(field.name) for field in fields(sync_systems.AccountingCredentialsInput)}
    assert again == {"oauth", "keyPair", "key", "signing"}


async def test_an_accountant_connects_xero_and_sees_the_journal_arrive(db: str) -> None:
    async with organisation() as books, graph() as app:
        with on(MONDAY):
            house = await harbour(db)
            made = (await app.act(house.accountant, CONNECT, input=_xero(books)))["connection"]
            one = {"connectionId": made["id"]}
            wrong = [{"account": "CASH", "remoteAccount": "4711"}]
            unknown = await app.act(house.accountant, MAP, input={**one, "rows": wrong})
            nowhere = [wrong[0] | {"remoteAccount": _rows()[0]["remoteAccount"], "dimensions": [BRANCH]}]
            lacking = await app.act(house.accountant, MAP, input={**one, "rows": nowhere})
            mapped = await app.act(house.accountant, MAP, input={**one, "rows": _rows()})
            await sold(house, house.ten)
            await _round(made["id"])
            [document] = (await app.ask(house.accountant, DOCUMENTS))["syncDocuments"]["nodes"]
            await app.act(house.accountant, RECONCILE, input=one)
            books.fake.books.remove(document["id"])
            await _round(made["id"])
            [compared] = (await app.ask(house.accountant, COMPARED, id=made["id"]))["syncReconciliations"]["nodes"]
            everything = (await app.post(house.accountant, LIST)).text

    assert made | {"id": "", "settings": []} == {
        "id": "",
        "name": "Xero",
        "system": "XERO",
        "mode": "PER_ENTRY",
        "startsOn": "2026-01-01",
        "lockedDays": "HOLD",
        "state": "ACTIVE",
        "stoppedBecause": "",
        "behind": made["behind"],
        "readsBack": True,
        "settings": [],
        "branches": None,
        "documentCounts": [],
    }
    assert {each["name"]: each["value"] for each in made["settings"]} == books.settings
    assert not any(secret in everything for secret in (*books.credentials.values(), books.fake.lender.refresh))
    assert (unknown["code"], unknown["unknown"]) == ("UNKNOWN_REMOTE_ACCOUNT", ["4711"])
    assert (lacking["code"], lacking["dimensions"]) == ("UNKNOWN_REMOTE_DIMENSION", [BRANCH])
    assert lacking["message"] == (
        "The accounting system has no Branch 'Nowhere'. Make it there, or map to one that it has."
    )
    assert mapped["version"] == 1
    sale = {"amount": "450.00", "currency": "EUR"}
    nothing = {"amount": "0.00", "currency": "EUR"}
    assert document["lines"] == [
        {"account": "RECEIVABLE", "branch": {"code": "LIS"}, "debit": sale, "credit": nothing},
        {"account": "DEFERRED_REVENUE", "branch": {"code": "LIS"}, "debit": nothing, "credit": sale},
    ]
    assert (document["state"], document["problem"], document["number"]) == ("SENT", None, 1)
    assert document["attempts"] == [{"call": "SEND", "outcome": "SUCCESS", "status": 200}]
    assert (document["attemptCount"], document["mappingVersion"], document["connection"]) == (1, 1, {"name": "Xero"})
    assert document["id"] in document["body"]
    [entry], itself = document["entries"]["nodes"], [{"id": document["id"]}]
    assert entry == {
        "event": "SALE",
        "syncDocuments": itself,
        "operation": {"act": "sell_package"} | {"syncDocuments": itself},
    }
    assert compared["reconciledBy"] == {"name": "Alice Accountant"}
    assert (compared["compared"], compared["waiting"], compared["differenceCount"]) == (1, 0, 2)
    assert compared["differences"]["nodes"][0] == {
        "kind": "MISSING",
        "account": remote(Account.RECEIVABLE),
        "expected": {"amount": "450.00"},
        "found": {"amount": "0.00"},
        "documentId": document["id"],
    }


async def _one_sale(house: Harbour, ledger: Ledger, *mapped: Account) -> Synced:
    there = await connected(house, ledger)
    if mapped:
        await there.map(*mapped)
    await sold(house, house.ten)
    await there.round()
    return there


async def test_what_is_not_mapped_waits_and_is_shown_before_it_is_sent(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()), graph() as app:
        with on(MONDAY):
            house = await harbour(db)
            there = await _one_sale(house, ledger, Account.RECEIVABLE)
            one = {"connectionId": there.connection_id}
            [waiting] = (await app.ask(house.owner, DOCUMENTS, filter={"states": ["PENDING"]}))["syncDocuments"][
                "nodes"
            ]
            blocked = (await app.ask(house.owner, DRY, id=there.connection_id))["syncDryRun"]
            rows = [
                {"account": "RECEIVABLE", "remoteAccount": None},
                {
                    "account": "DEFERRED_REVENUE",
                    "remoteAccount": "2100",
                    "branchId": house.lis,
                    "dimensions": [{"name": "cost_center", "value": "Lisbon"}],
                },
            ]
            await app.act(house.owner, MAP, input={**one, "rows": rows})
            now = (await app.ask(house.owner, MAPPINGS, id=there.connection_id))["accountMappings"]["nodes"]
            ever = (await app.ask(house.owner, MAPPINGS, id=there.connection_id, replaced=True))["accountMappings"]
            await app.act(house.owner, MAP, input={**one, "rows": _rows(Account.RECEIVABLE)})
            ready = (await app.ask(house.owner, DRY, id=there.connection_id))["syncDryRun"]
            await there.round()
            twice = {"account": "CASH", "remoteAccount": "1", "dimensions": [{"name": "a", "value": "b"}] * 2}
            refused = await app.act(house.owner, MAP, input={**one, "rows": [twice]})

    missing = "No account is mapped for DEFERRED_REVENUE at branch LIS."
    assert (waiting["problem"], waiting["message"], waiting["body"]) == ("NO_MAPPING", missing, None)
    assert waiting["hint"] == "Map the account: the document goes on by itself."
    assert [(each["problem"], each["message"]) for each in blocked["documents"]] == [("NO_MAPPING", missing)]
    assert now == [
        {
            "version": 2,
            "account": "DEFERRED_REVENUE",
            "remoteAccount": "2100",
            "isCurrent": True,
            "branch": {"code": "LIS"},
            "dimensions": [{"name": "cost_center", "value": "Lisbon"}],
            "mappedBy": {"name": now[0]["mappedBy"]["name"]},
        }
    ]
    assert [(each["version"], each["remoteAccount"], each["isCurrent"]) for each in ever["nodes"]] == [
        (1, remote(Account.RECEIVABLE), False),
        (2, None, True),
        (2, "2100", True),
    ]
    [told] = ready["documents"]
    assert (told["documentId"], told["problem"], ready["message"]) == (waiting["id"], None, "")
    assert ledger.sent == [(waiting["id"], told["body"].encode())]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["rows", "0", "dimensions"])


async def test_what_needs_a_person_is_found_behind_a_backlog(db: str) -> None:
    ledger = Ledger(retry_after=timedelta(seconds=30))
    counts = "{ accountingConnections { nodes { documentCounts { state count } problemCounts { problem count } } } }"
    async with known(ledger.kind(at_once=1)), graph() as app:
        with on(MONDAY):
            house = await harbour(db)
            ledger.then(Does.REJECTS)
            there = await _one_sale(house, ledger, *Account)
            for _ in range(2):
                await sold(house, house.ten)
            ledger.then(Does.HAS_ENOUGH)
            await there.round()
            [counted] = (await app.ask(house.owner, counts))["accountingConnections"]["nodes"]
            found = {
                problem: (await app.ask(house.owner, DOCUMENTS, filter={"problems": [problem]}))["syncDocuments"][
                    "nodes"
                ]
                for problem in ("UNKNOWN_ACCOUNT", "TOO_MANY_CALLS", "LOCKED_DAY")
            }

    assert counted == {
        "documentCounts": [{"state": "PENDING", "count": 2}, {"state": "REJECTED", "count": 1}],
        "problemCounts": [{"problem": "UNKNOWN_ACCOUNT", "count": 1}, {"problem": "TOO_MANY_CALLS", "count": 1}],
    }
    assert {problem: [each["number"] for each in those] for problem, those in found.items()} == {
        "UNKNOWN_ACCOUNT": [1],
        "TOO_MANY_CALLS": [2],
        "LOCKED_DAY": [],
    }


async def test_until_when_a_connection_rests_is_told_while_it_does(sqlite_db: str) -> None:
    ledger = Ledger(retry_after=timedelta(seconds=30))
    ledger.then(Does.HAS_ENOUGH)
    rests = "{ accountingConnections { nodes { restsUntil } } }"
    async with known(ledger.kind()), graph() as app:
        with on(MONDAY):
            house = await harbour(sqlite_db)
            await _one_sale(house, ledger, *Account)
        for later, told in ((29, "2026-03-02T10:00:30Z"), (30, None)):
            with on(MONDAY + timedelta(seconds=later)):
                [found] = (await app.ask(house.owner, rests))["accountingConnections"]["nodes"]
                assert found == {"restsUntil": told}


async def test_a_connection_is_paused_resumed_and_what_was_rejected_tried_again(db: str) -> None:
    ledger = Ledger()
    ledger.then(Does.REJECTS)
    async with known(ledger.kind()), graph() as app:
        with on(MONDAY):
            house = await harbour(db)
            there = await _one_sale(house, ledger, *Account)
            one = {"connectionId": there.connection_id}
            [dead] = (await app.ask(house.owner, DOCUMENTS, filter=one | {"states": ["REJECTED"]}))["syncDocuments"][
                "nodes"
            ]
            retried = (await app.act(house.accountant, RETRY, input={"documentId": dead["id"]}))["document"]
            paused = await app.act(house.accountant, PAUSE, input={**one, "reason": "the year is closed"})
            again = await app.act(house.accountant, PAUSE, input=one)
            idle = await app.act(house.accountant, RECONCILE, input=one)
            wrong = {"credentials": {"keyPair": {"apiKey": "a", "apiSecret": "b"}}}
            refused = await app.act(house.accountant, RESUME, input=one | wrong)
            resumed = await app.act(house.accountant, RESUME, input=one)
            active = await app.act(house.accountant, RESUME, input=one)
            await there.round()
            [counted] = (await app.ask(house.owner, LIST))["accountingConnections"]["nodes"]

    assert (dead["problem"], dead["message"]) == (
        "UNKNOWN_ACCOUNT",
        "The accounting system did not take it: there is no account 4711.",
    )
    assert dead["hint"] == "Map it to one that is there."
    assert retried == {"id": dead["id"], "state": "PENDING", "problem": None}
    assert paused["connection"] == {"state": "PAUSED"}
    assert (again["code"], again["state"]) == (idle["code"], idle["state"]) == ("CONNECTION_NOT_ACTIVE", "PAUSED")
    assert [problem["path"] for problem in refused["problems"]] == [
        ["credentials", "keyPair", "key"],
        ["credentials", "keyPair", "apiKey"],
        ["credentials", "keyPair", "apiSecret"],
    ]
    assert (resumed["connection"], active["code"]) == ({"state": "ACTIVE"}, "CONNECTION_ACTIVE")
    assert counted["documentCounts"] == [{"state": "SENT", "count": 1}]


async def test_what_was_let_in_no_more_says_so_and_goes_on_with_new_credentials(db: str) -> None:
    async with organisation() as books, graph() as app:
        with on(MONDAY):
            house = await harbour(db)
            connection_id = await books.connect(house)
            await sold(house, house.ten)
            books.fake.lender.revoke()
            await _round(connection_id)
            [stopped] = (await app.ask(house.accountant, LIST))["accountingConnections"]["nodes"]
            books.fake.lender.revoked = False
            oauth = {**books.credentials, "refreshToken": books.fake.lender.refresh}
            asked = {"connectionId": connection_id, "credentials": {"oauth": oauth}}
            resumed = await app.act(house.accountant, RESUME, input=asked)
            await _round(connection_id)
            [after] = (await app.ask(house.accountant, LIST))["accountingConnections"]["nodes"]

    assert (stopped["state"], stopped["documentCounts"]) == ("STOPPED", [{"state": "PENDING", "count": 1}])
    assert stopped["stoppedBecause"] != ""
    assert resumed["connection"] == {"state": "ACTIVE"}
    assert (after["stoppedBecause"], after["documentCounts"]) == ("", [{"state": "SENT", "count": 1}])


async def test_secrets_that_the_keys_do_not_open_are_told_where_they_are_needed(sqlite_db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()), graph() as app:
        with on(MONDAY):
            house = await harbour(sqlite_db)
            there = await connected(house, ledger)
            await sold(house, house.ten)
            vault.use_keys([vault.new_key()])
            dry = (await app.ask(house.owner, DRY, id=there.connection_id))["syncDryRun"]
            await there.round()
            [stopped] = (await app.ask(house.owner, LIST))["accountingConnections"]["nodes"]

    why = "The connection cannot be opened: A secret cannot be opened with the keys of the settings."
    assert (dry["message"], dry["documents"]) == (f"{why} See CARNET_VAULT_KEYS.", [])
    assert (stopped["state"], stopped["stoppedBecause"]) == ("STOPPED", dry["message"])


async def test_a_system_that_cannot_be_connected_is_refused_with_what_is_bad(sqlite_db: str) -> None:
    house = await harbour(sqlite_db)
    erpnext = {"url": "https://10.0.0.1", "company": "", "currency": "EUR", "apiKey": "a", "apiSecret": ""}
    bad = {
        "name": " ",
        "system": {"plainText": {"format": "HLEDGER"}},
        "mode": "DAILY_SUMMARY",
        "startsOn": "2026-01-01",
    }
    async with graph() as app, unchanged():
        blank = await app.act(house.owner, CONNECT, input=bad)
        refused = await app.act(house.owner, CONNECT, input={**bad, "system": {"erpnext": erpnext}})
        two = {"plainText": {"format": "HLEDGER"}, "odoo": None}
        several = await app.errors(house.owner, CONNECT, input={**bad, "system": two})

    public = (
        "whoever runs Carnet can allow it by CARNET_ALLOWED_ADDRESSES. Give an https address that everybody on the "
        "internet can reach."
    )
    assert blank["path"] == ["name"]
    assert [(problem["path"][1:], problem["message"]) for problem in refused["problems"]] == [
        (["erpnext", "company"], "company is needed."),
        (["erpnext", "apiSecret"], "apiSecret is needed."),
        (["erpnext", "url"], f"url leads to 10.0.0.1, which is not on the public internet; {public}"),
    ]
    assert several == ["BAD_USER_INPUT"]


async def test_connections_are_nobodys_but_theirs_who_read_all_books(db: str) -> None:
    ledger = Ledger()
    async with known(ledger.kind()), graph() as app:
        with on(MONDAY):
            house = await harbour(db)
            there = await _one_sale(house, ledger, *Account)
            [document] = (await app.ask(house.accountant, DOCUMENTS))["syncDocuments"]["nodes"]
            ids = [there.connection_id, document["id"]]
            key = await key_for(house, Scope.ACCOUNTING)
            for asker in (house.owner, house.accountant, key):
                assert [each["id"] for each in (await app.ask(asker, NODES, ids=ids))["nodes"]] == ids
            for stranger in (house.other_owner, house.manager_lis, house.desk_lis):
                assert (await app.ask(stranger, NODES, ids=ids))["nodes"] == [None, None]
                assert (await app.ask(stranger, DOCUMENTS))["syncDocuments"]["nodes"] == []
                assert (await app.ask(stranger, LIST))["accountingConnections"]["nodes"] == []
                for query, field in (
                    (DRY, "syncDryRun"),
                    (MAPPINGS, "accountMappings"),
                    (COMPARED, "syncReconciliations"),
                ):
                    assert (await app.ask(stranger, query, id=there.connection_id))[field] is None
            for each in (document["id"], new_id("doc")):
                refused = await app.act(house.other_owner, RETRY, input={"documentId": each})
                assert (refused["code"], refused["noun"], refused["id"]) == ("NOT_FOUND", "sync document", each)
