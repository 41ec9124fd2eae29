"""The money journal and the trial balance over HTTP, for those who may read the books of a branch."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.access import Actor
from domain.kernel.db import counting
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.graph import Graph, graph
from tests.fixtures.ledgers import traded, traded_with_two_taxes
from tests.fixtures.money_acts import visited

pytestmark = pytest.mark.anyio

ENTRIES = """query($first: Int, $after: String, $filter: JournalEntryFilterInput) {
  journalEntries(first: $first, after: $after, filter: $filter) {
    nodes { id event postedOn effectiveAt currency operation { id act }
      lines { account debit { amount } credit { amount } paymentMethod packageId
        branch { code } counterparty { code } service { code } } }
    pageInfo { hasNextPage endCursor } } }"""
BALANCE = """query($until: Date, $branchId: ID) { trialBalance(until: $until, branchId: $branchId) { until
  debit { amount currency } credit { amount } lines { account branch { code } debit { amount } credit { amount }
    balance { amount } } } }"""


def short(line: dict[str, Any]) -> str:
    """A line as accountants write it: `Dr ACCOUNT LIS 45.00`."""
    side = "Dr" if line["credit"]["amount"] == "0.00" else "Cr"
    amount = line["debit" if side == "Dr" else "credit"]["amount"]
    towards = f"[{line['counterparty']['code']}]" if line["counterparty"] else ""
    return f"{side} {line['account']}{towards} {line['branch']['code']} {amount}"


async def entries(app: Graph, actor: Actor | str, **which: Any) -> list[Any]:
    """The first hundred entries that a filter finds."""
    found: list[Any] = (await app.ask(actor, ENTRIES, first=100, filter=which))["journalEntries"]["nodes"]
    return found


async def test_every_entry_is_told_with_its_lines(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        trade = await traded(house)
    async with graph() as app:
        found = await entries(app, house.accountant)
    assert [(entry["event"], [short(line) for line in entry["lines"]]) for entry in found] == [
        ("SALE", ["Dr RECEIVABLE LIS 450.00", "Cr DEFERRED_REVENUE LIS 450.00"]),
        ("PAYMENT", ["Dr CASH LIS 200.00", "Cr RECEIVABLE LIS 200.00"]),
        ("SESSION", ["Dr DEFERRED_REVENUE LIS 45.00", "Cr REVENUE LIS 45.00"]),
        ("SESSION", ["Dr DEFERRED_REVENUE LIS 45.00", "Cr REVENUE LIS 45.00"]),
        ("REVERSAL", ["Cr DEFERRED_REVENUE LIS 45.00", "Dr REVENUE LIS 45.00"]),
        (
            "SESSION",
            [
                "Dr DEFERRED_REVENUE LIS 45.00",
                "Cr DUE_TO_BRANCH[MAD] LIS 45.00",
                "Dr DUE_FROM_BRANCH[LIS] MAD 45.00",
                "Cr REVENUE MAD 45.00",
            ],
        ),
    ]
    payment, session = found[1], found[5]
    assert (payment["postedOn"], payment["effectiveAt"], payment["currency"]) == (
        "2026-03-02",
        "2026-03-02T10:00:00Z",
        "EUR",
    )
    assert [line["paymentMethod"] for line in payment["lines"]] == ["CASH", None]
    assert session["operation"] == {"id": trade.redeemed_in_madrid, "act": "redeem_session"}
    assert {line["packageId"] for entry in found for line in entry["lines"]} == {trade.package_id}
    assert session["lines"][3]["service"] == {"code": "PHY45"}


async def test_entries_come_in_the_order_they_were_posted_page_by_page(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    async with graph() as app:
        whole = [entry["id"] for entry in await entries(app, house.owner)]
        one = (await app.ask(house.owner, ENTRIES, first=4))["journalEntries"]
        two = (await app.ask(house.owner, ENTRIES, first=4, after=one["pageInfo"]["endCursor"]))["journalEntries"]
    assert [entry["id"] for entry in one["nodes"] + two["nodes"]] == whole
    assert (one["pageInfo"]["hasNextPage"], two["pageInfo"]["hasNextPage"]) == (True, False)


async def test_entries_are_found_by_each_part_of_a_filter(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        trade = await traded(house)
        other = await sold(house, house.bundle, customer_id=house.eva, branch_id=house.mad)
    async with graph() as app:
        for which, events in (
            ({"branchId": house.mad}, ["SESSION", "SALE"]),
            ({"packageId": other}, ["SALE"]),
            ({"operationId": trade.sale}, ["SALE", "PAYMENT"]),
            ({"event": "REVERSAL"}, ["REVERSAL"]),
            ({"event": "SALE", "branchId": house.lis}, ["SALE"]),
            ({"postedUntil": "2026-03-01"}, []),
            ({"postedFrom": "2026-03-02", "event": "PAYMENT"}, ["PAYMENT"]),
            ({"postedFrom": "9999-12-31"}, []),
            ({"branchId": house.other_branch}, []),
        ):
            assert [entry["event"] for entry in await entries(app, house.owner, **which)] == events, which


async def test_a_manager_reads_the_lines_of_the_own_branch_only(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    async with graph() as app:
        in_madrid = await entries(app, house.manager_mad)
        in_lisbon = await entries(app, house.manager_lis, event="SESSION")
        assert await entries(app, house.manager_mad, branchId=house.lis, event="SALE") == []
    assert [[short(line) for line in entry["lines"]] for entry in in_madrid] == [
        ["Dr DUE_FROM_BRANCH[LIS] MAD 45.00", "Cr REVENUE MAD 45.00"]
    ]
    assert [short(line) for line in in_lisbon[-1]["lines"]] == [
        "Dr DEFERRED_REVENUE LIS 45.00",
        "Cr DUE_TO_BRANCH[MAD] LIS 45.00",
    ]


async def test_an_entry_is_found_again_by_its_id_by_those_who_may_read_it(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    node = "query($id: ID!) { node(id: $id) { __typename id ... on JournalEntry { lines { account } } } }"
    async with graph() as app:
        sale, *_, in_madrid = [entry["id"] for entry in await entries(app, house.owner)]
        assert (await app.ask(house.owner, node, id=sale))["node"] == {
            "__typename": "JournalEntry",
            "id": sale,
            "lines": [{"account": "RECEIVABLE"}, {"account": "DEFERRED_REVENUE"}],
        }
        assert (await app.ask(house.manager_mad, node, id=in_madrid))["node"]["id"] == in_madrid
        ana = await customer_actor(house, house.ana)
        for actor in (house.manager_mad, house.desk_lis, house.practitioner_lis, ana, house.other_owner):
            assert (await app.ask(actor, node, id=sale))["node"] is None, actor.name


async def test_the_trial_balance_sums_every_account_of_every_branch(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await traded(house)
    async with graph() as app:
        whole = (await app.ask(house.accountant, BALANCE))["trialBalance"]
        madrid = (await app.ask(house.manager_mad, BALANCE))["trialBalance"]
        asked = (await app.ask(house.owner, BALANCE, branchId=house.mad))["trialBalance"]
        before = (await app.ask(house.owner, BALANCE, until="2026-03-01"))["trialBalance"]
    assert [
        (line["branch"]["code"], line["account"], *(line[side]["amount"] for side in ("debit", "credit", "balance")))
        for line in whole["lines"]
    ] == [
        ("LIS", "CASH", "200.00", "0.00", "200.00"),
        ("LIS", "DEFERRED_REVENUE", "135.00", "495.00", "-360.00"),
        ("LIS", "DUE_TO_BRANCH", "0.00", "45.00", "-45.00"),
        ("LIS", "RECEIVABLE", "450.00", "200.00", "250.00"),
        ("LIS", "REVENUE", "45.00", "90.00", "-45.00"),
        ("MAD", "DUE_FROM_BRANCH", "45.00", "0.00", "45.00"),
        ("MAD", "REVENUE", "0.00", "45.00", "-45.00"),
    ]
    assert (whole["debit"], whole["credit"]) == ({"amount": "875.00", "currency": "EUR"}, {"amount": "875.00"})
    assert asked == madrid and madrid["lines"] == whole["lines"][5:]
    assert before == {"until": "2026-03-01", "debit": {"amount": "0.00", "currency": "EUR"}} | {
        "credit": {"amount": "0.00"},
        "lines": [],
    }


TAXES = "query { journalEntries(first: 100) { nodes { lines { account taxCode } } } }"


async def taxes(app: Graph, actor: Actor) -> list[list[tuple[str, str | None]]]:
    found = (await app.ask(actor, TAXES))["journalEntries"]["nodes"]
    return [[(line["account"], line["taxCode"]) for line in entry["lines"]] for entry in found]


async def test_lines_that_a_tax_return_asks_for_have_the_tax_code_of_their_package(db: str) -> None:
    house = await harbour(db)
    await traded_with_two_taxes(house)
    async with graph() as app:
        everywhere = await taxes(app, house.accountant)
        in_lisbon = await taxes(app, house.manager_lis)
    sold_in_lisbon = [("RECEIVABLE", None), ("DEFERRED_REVENUE", "STANDARD"), ("TAX_PAYABLE", "STANDARD")]
    sold_in_madrid = [("RECEIVABLE", None), ("DEFERRED_REVENUE", "REDUCED"), ("TAX_PAYABLE", "REDUCED")]
    used_in_lisbon = [("DUE_FROM_BRANCH", None), ("REVENUE", "REDUCED")]
    owed_by_madrid = [("DEFERRED_REVENUE", "REDUCED"), ("DUE_TO_BRANCH", None)]
    assert everywhere == [sold_in_lisbon, sold_in_madrid, owed_by_madrid + used_in_lisbon]
    assert in_lisbon == [sold_in_lisbon, used_in_lisbon]


async def test_a_line_without_a_package_or_a_tax_code_has_none(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await sold(house, house.trial)
    await visited(house, MONDAY + timedelta(days=2), house.lis, house.massage)
    async with graph() as app:
        assert await taxes(app, house.accountant) == [
            [("RECEIVABLE", None), ("DEFERRED_REVENUE", "")],
            [("RECEIVABLE", None), ("REVENUE", None)],
        ]


async def test_the_tax_codes_of_a_page_are_one_statement(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for _ in range(3):
            await sold(house, house.ten)
            with counting() as counter:
                await taxes(app, house.owner)
            assert len(counter) == 4, counter.statements  # who asks, the page, lines, taxes


async def test_another_chain_has_books_of_its_own(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    async with graph() as app:
        assert await entries(app, house.other_owner) == []
        assert await entries(app, house.other_owner, packageId=trade.package_id) == []
        books = (await app.ask(house.other_owner, BALANCE))["trialBalance"]
    assert books["lines"] == [] and books["debit"] == {"amount": "0.00", "currency": "GBP"}


async def test_a_page_of_entries_with_everything_is_six_statements(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for _ in range(3):
            package_id = await sold(house, house.ten, payments=cash(45000))
            await used(house, package_id, branch_id=house.mad)
            with counting() as counter:
                await app.ask(house.owner, ENTRIES, first=100)
            # who asks, the page, operations, lines, branches, services
            assert len(counter) == 6, counter.statements
