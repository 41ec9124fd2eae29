"""Deferred revenue, reconciliation and trial balance over HTTP, each figure open to the rows behind it."""

from typing import Any

import pytest

from domain.kernel.db import counting
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.cursors import forged
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.graph import graph
from tests.fixtures.two_winters import two_winters

pytestmark = pytest.mark.anyio

FIGURE = "{ label amount { amount currency } count formula }"
DEFERRED = f"""query($from: Date!, $to: Date!, $branchId: ID, $definitionId: ID, $asOf: DateTime) {{
  deferredRevenue(from: $from, to: $to, branchId: $branchId, definitionId: $definitionId, asOf: $asOf) {{
    from to asOf currency totals {{ opening {FIGURE} sold {FIGURE} recognised {FIGURE} closing {FIGURE} }}
    rows {{ branch {{ code }} definition {{ code }} figures {{ lapsed {{ amount {{ amount }} }}
      closing {{ amount {{ amount }} }} }} }} }} }}"""
ROWS = """query($from: Date!, $to: Date!, $first: Int, $after: String) { deferredRevenue(from: $from, to: $to) {
  totals { recognised { amount { amount } rows(first: $first, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { postedOn effectiveAt amount { amount } sessions account event
    paymentMethod packageId operationId branch { code } package { id } operation { act } } } } } } }"""
RECONCILED = """query($from: Date!, $to: Date!) { reconciliation(from: $from, to: $to) { currency
  terms { kind view sign figure { amount { amount } } } cash { formula } accrual { formula }
  difference { amount { amount } formula rows(first: 1) { nodes { amount { amount } } } } } }"""
BALANCE = """query($until: Date, $asOf: DateTime) { trialBalance(until: $until, asOf: $asOf) { asOf lines { account
  balance { amount } derivation { amount { amount } formula rows { nodes { amount { amount } } } } } } }"""
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


async def test_deferred_revenue_rolls_forward(db: str) -> None:
    there = await two_winters(db)
    asked = {"from": "2026-02-01", "to": "2026-02-28", "asOf": "2026-03-31T00:00:00Z"}
    async with graph() as app:
        found = (await app.ask(there.house.accountant, DEFERRED, **asked))["deferredRevenue"]
    totals = found.pop("totals")
    assert found.pop("rows") == [
        {"branch": {"code": code}, "definition": {"code": definition}, "figures": figures}
        for code, definition, figures in (
            ("LIS", "PHY10", {"lapsed": {"amount": {"amount": "0.00"}}, "closing": {"amount": {"amount": "225.00"}}}),
            ("LIS", "FAC3T", {"lapsed": {"amount": {"amount": "66.00"}}, "closing": {"amount": {"amount": "0.00"}}}),
            ("MAD", "MIX42", {"lapsed": {"amount": {"amount": "0.00"}}, "closing": {"amount": {"amount": "319.90"}}}),
        )
    ]
    assert found == asked | {"currency": "EUR"}
    assert {name: figure["amount"]["amount"] for name, figure in totals.items()} == {
        "opening": "700.90", "sold": "0.00", "recognised": "90.00", "closing": "544.90",
    }  # fmt: skip
    assert totals["closing"] == {
        "label": "Closing",
        "amount": {"amount": "544.90", "currency": "EUR"},
        "count": None,
        "formula": "700.90 - 90.00 - 66.00 = 544.90",
    }


async def test_a_figure_opens_to_its_rows_page_by_page(db: str) -> None:
    there = await two_winters(db)
    async with graph() as app:
        asked = MARCH | {"first": 1}
        first = (await app.ask(there.house.owner, ROWS, **asked))["deferredRevenue"]["totals"]["recognised"]
        (row,) = first["rows"]["nodes"]
        assert row.pop("operationId")
        assert row == {
            "postedOn": "2026-03-02",
            "effectiveAt": "2026-03-02T12:00:00Z",
            "amount": {"amount": "55.30"},
            "sessions": None,
            "account": "DEFERRED_REVENUE",
            "event": "SESSION",
            "paymentMethod": None,
            "packageId": there.bundle,
            "branch": {"code": "MAD"},
            "package": {"id": there.bundle},
            "operation": {"act": "redeem_session"},
        }
        assert first["amount"] == {"amount": "100.30"}
        after = first["rows"]["pageInfo"]["endCursor"]
        second = (await app.ask(there.house.owner, ROWS, **asked, after=after))["deferredRevenue"]["totals"]
        (row,) = second["recognised"]["rows"]["nodes"]
        assert (row["amount"], row["packageId"]) == ({"amount": "45.00"}, there.ten)
        assert not second["recognised"]["rows"]["pageInfo"]["hasNextPage"]


async def test_a_page_of_rows_with_all_that_is_about_them_is_six_statements(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        for _ in range(3):
            package_id = await sold(house, house.ten, payments=cash(45000))
            await used(house, package_id)
    async with graph() as app:
        with counting() as counter:
            await app.ask(house.owner, ROWS, **MARCH, first=100)
    # who asks, the sums, the rows, their branches, packages and operations
    assert len(counter) == 6, counter.statements


async def test_the_reconciliation_shows_that_nothing_is_missing(db: str) -> None:
    there = await two_winters(db)
    async with graph() as app:
        asked = {"from": "2025-12-01", "to": "2025-12-31"}
        found = (await app.ask(there.house.manager_lis, RECONCILED, **asked))["reconciliation"]
    terms = {
        (term["view"], term["kind"]): (term["sign"], term["figure"]["amount"]["amount"]) for term in found["terms"]
    }
    assert terms["CASH", "COLLECTED"] == (1, "200.00")
    assert terms["ACCRUAL", "RECEIVABLE"] == (-1, "250.00")
    assert terms["ACCRUAL", "SETTLED"] == (-1, "0.00")
    assert len(terms) == 18
    assert (found["cash"]["formula"], found["accrual"]["formula"]) == ("200.00", "78.00 + 372.00 - 250.00 = 200.00")
    assert found["difference"] == {
        "amount": {"amount": "0.00"},
        "formula": "200.00 - 200.00 = 0.00",
        "rows": {"nodes": [{"amount": {"amount": "200.00"}}]},
    }


async def test_a_balance_of_the_trial_balance_opens_to_its_lines(db: str) -> None:
    there = await two_winters(db)
    async with graph() as app:
        asked = {"until": "2025-12-31", "asOf": "2025-12-10T12:00:00Z"}
        found = (await app.ask(there.house.accountant, BALANCE, **asked))["trialBalance"]
    assert found["asOf"] == "2025-12-10T12:00:00Z"
    assert found["lines"][0] == {
        "account": "CASH",
        "balance": {"amount": "299.00"},
        "derivation": {
            "amount": {"amount": "299.00"},
            "formula": "299.00 debited - 0.00 credited = 299.00",
            "rows": {"nodes": [{"amount": {"amount": "99.00"}}, {"amount": {"amount": "200.00"}}]},
        },
    }


@pytest.mark.parametrize("query", [DEFERRED, RECONCILED])
async def test_a_period_that_ends_before_it_begins(db: str, query: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        body = (await app.post(house.owner, query, **{"from": "2026-03-02", "to": "2026-03-01"})).json()
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] == ("The period ends on 2026-03-01, before it begins on 2026-03-02. Exchange the two days.")


async def test_only_who_may_read_the_books_is_told(db: str) -> None:
    there = await two_winters(db)
    house = there.house
    strangers: list[Any] = [house.desk_lis, house.practitioner_lis, await customer_actor(house, house.ana)]
    async with graph() as app:
        for query in (DEFERRED, RECONCILED, BALANCE):
            for actor in strangers:
                assert await app.errors(actor, query, **MARCH) == ["FORBIDDEN"]
        assert await app.errors(house.other_owner, DEFERRED, **MARCH, branchId=house.lis) == ["BAD_USER_INPUT"]
        other = (await app.ask(house.other_owner, DEFERRED, **MARCH))["deferredRevenue"]
        assert (other["rows"], other["totals"]["closing"]["amount"]["amount"]) == ([], "0.00")


@pytest.mark.parametrize("keys", [["0"], ["0", "x", "1"], ["9", "2026-03-01", "1"], ["0", "2026-03-01T00:00:00Z", "1"]])
async def test_a_cursor_that_was_tampered_with(db: str, keys: list[str]) -> None:
    there = await two_winters(db)
    async with graph() as app:
        first = (await app.ask(there.house.owner, ROWS, **MARCH, first=1))["deferredRevenue"]["totals"]["recognised"]
        cursor = forged(first["rows"]["pageInfo"]["endCursor"], *keys)
        assert await app.errors(there.house.owner, ROWS, **MARCH, first=1, after=cursor) == ["BAD_USER_INPUT"]
