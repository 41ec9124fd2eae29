"""The refunds of a past period under another policy, over HTTP; nothing is changed by asking."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.db import counting
from domain.reports import simulate_policy
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, used
from tests.fixtures.given_back import given_back, paid, returnable
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import euros
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

BOTH = "{ refunds actual { amount } simulated { amount } difference { amount } }"
SIMULATE = f"""query($from: Date!, $to: Date!, $policy: RefundInput!, $branch: ID, $definition: ID,
    $currency: CurrencyCode, $first: Int, $after: String) {{
  simulatePolicy(from: $from, to: $to, policy: $policy, branchId: $branch, definitionId: $definition,
      currency: $currency) {{
    from to currency cameBack {BOTH} cash {BOTH} credit {BOTH} kept {BOTH}
    leftOut {{ currency refunds actual {{ amount currency }} }}
    customers(first: $first, after: $after) {{ nodes {{ customerId customer {{ id }} cameBack {BOTH} }} }}
    refunds {{ nodes {{ refundId packageId customerId refund {{ id state }} cameBack {BOTH} kept {BOTH}
        reckonedBy simulatedBy steps {{ label formula amount {{ amount }} }} }} }} }} }}"""
PAGES = """query($first: Int, $after: String) { simulatePolicy(from: "2026-03-01", to: "2026-03-31", policy: {}) {
    refunds(first: $first, after: $after) { nodes { refundId } pageInfo { hasNextPage endCursor } } } }"""
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
STRICTER = {"basis": "LIST_PRICE", "penaltyPercent": "10.00"}


def both(refunds: int, actual: str, simulated: str, difference: str) -> dict[str, Any]:
    """An amount as it was, as it would have been, and how they differ."""
    amounts = {"actual": actual, "simulated": simulated, "difference": difference}
    return {"refunds": refunds} | {name: {"amount": amount} for name, amount in amounts.items()}


async def of_march(house: Harbour) -> list[str]:
    """Refunds by the straight line of 10 for 450.00, which cost 50.00 each alone, on four days in a row.

    Ana used 4 and gives back 6. Rui used 1 and gives back 3, then 6. Eva, in Madrid, gives all 10 back for credit.
    """
    with on(MONDAY):
        definition = await returnable(house)
        ana = await paid(house, definition)
        rui = await paid(house, definition, customer_id=house.rui)
        eva = await paid(house, definition, customer_id=house.eva, branch_id=house.mad)
        await used(house, ana, sessions=4)
        await used(house, rui)
    asked: list[tuple[str, int | None, dict[str, Any]]] = [
        (ana, None, {}),
        (rui, 3, {}),
        (rui, None, {}),
        (eva, None, {"to_credit": True, "actor": house.owner}),
    ]
    refunds = []
    for day, (package_id, sessions, more) in enumerate(asked):
        with on(MONDAY + timedelta(days=day)):
            refunds.append((await given_back(house, package_id, sessions, **more)).outcome.refund_id)
    return refunds


async def test_refunds_are_reckoned_anew_one_by_one_by_customer_and_in_cash(db: str) -> None:
    """At list price, and ten per cent of what is left of the price kept.

    Ana: 450.00 - 4 × 50.00 - 25.00. Rui: 450.00 - 7 × 50.00 - 10.00, then 360.00 - 50.00 - 40.00, of which 10.00 was
    kept before. Eva: 450.00 - 45.00.
    """  # noqa: RUF002
    with on(MONDAY):
        house = await harbour(db)
    refunds = await of_march(house)
    with on(MONDAY + timedelta(days=40)):
        async with graph() as app, unchanged():
            told = (await app.ask(house.accountant, SIMULATE, **MARCH, policy=STRICTER))["simulatePolicy"]
    rows, customers = told.pop("refunds")["nodes"], told.pop("customers")["nodes"]
    assert told == {
        "from": "2026-03-01",
        "to": "2026-03-31",
        "currency": "EUR",
        "cameBack": both(4, "1125.00", "990.00", "-135.00"),
        "cash": both(3, "675.00", "585.00", "-90.00"),
        "credit": both(1, "450.00", "405.00", "-45.00"),
        "kept": both(4, "0.00", "110.00", "110.00"),
        "leftOut": [],
    }
    assert [(each["refundId"], each["cameBack"], each["kept"]["simulated"]["amount"]) for each in rows] == [
        (refunds[0], both(1, "270.00", "225.00", "-45.00"), "25.00"),
        (refunds[1], both(1, "135.00", "90.00", "-45.00"), "10.00"),
        (refunds[2], both(1, "270.00", "270.00", "0.00"), "30.00"),
        (refunds[3], both(1, "450.00", "405.00", "-45.00"), "45.00"),
    ]
    first = rows[0]
    assert (first["reckonedBy"], first["simulatedBy"], first["refund"]) == (
        "PAID_SESSIONS",
        "LIST_PRICE",
        {"id": refunds[0], "state": "APPROVED"},
    )
    assert [(step["label"], step["formula"], step["amount"]["amount"]) for step in first["steps"]] == [
        ("Paid", "450.00", "450.00"),
        ("Value of 4 sessions used", "4 × 50.00 = 200.00", "200.00"),  # noqa: RUF001
        ("Penalty by the terms", "250.00 × 10.00 % = 25.00", "25.00"),  # noqa: RUF001
        ("Refund", "450.00 - 200.00 - 25.00 = 225.00", "225.00"),
    ]
    assert [(each["customerId"], each["cameBack"]) for each in customers] == [
        (house.ana, both(1, "270.00", "225.00", "-45.00")),
        (house.rui, both(2, "405.00", "360.00", "-45.00")),
        (house.eva, both(1, "450.00", "405.00", "-45.00")),
    ]


async def test_presets_periods_branches_definitions_and_whose_books(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
    await of_march(house)
    second = {"from": "2026-03-03", "to": "2026-03-03"}
    asked: list[tuple[Any, dict[str, Any], dict[str, Any]]] = [
        (house.owner, MARCH | {"policy": {}}, both(4, "1125.00", "1125.00", "0.00")),
        (house.owner, MARCH | {"policy": {"preset": "korea-ten-percent"}}, both(4, "1125.00", "990.00", "-135.00")),
        (house.owner, MARCH | {"policy": STRICTER, "branch": house.mad}, both(1, "450.00", "405.00", "-45.00")),
        (house.owner, MARCH | {"policy": STRICTER, "definition": house.ten}, both(0, "0.00", "0.00", "0.00")),
        (house.owner, second | {"policy": STRICTER}, both(1, "135.00", "90.00", "-45.00")),
        (house.manager_lis, MARCH | {"policy": STRICTER}, both(3, "675.00", "585.00", "-90.00")),
        (house.manager_lis, MARCH | {"policy": STRICTER, "branch": house.mad}, both(0, "0.00", "0.00", "0.00")),
    ]
    async with graph() as app, unchanged():
        for actor, given, amounts in asked:
            told = (await app.ask(actor, SIMULATE, **given))["simulatePolicy"]
            assert told["cameBack"] == amounts, given
        yen = MARCH | {"policy": {"preset": "japan-esthetics"}, "currency": "JPY"}
        told = (await app.ask(house.owner, SIMULATE, **yen))["simulatePolicy"]
        assert told["leftOut"] == [{"currency": "EUR", "refunds": 4, "actual": euros("1125.00")}]
        assert (told["currency"], told["cameBack"]["refunds"], told["refunds"]["nodes"]) == ("JPY", 0, [])


async def test_pages_follow_each_other_and_take_as_many_statements_however_many_refunds_there_are(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
    refunds = await of_march(house)
    async with graph() as app:
        found: list[str] = []
        after = None
        while True:
            told = (await app.ask(house.owner, PAGES, first=3, after=after))["simulatePolicy"]["refunds"]
            found += [each["refundId"] for each in told["nodes"]]
            after = told["pageInfo"]["endCursor"]
            if not told["pageInfo"]["hasNextPage"]:
                break
        assert found == refunds
        other = PAGES.replace('"2026-03-01"', '"2026-03-05"')
        assert await app.errors(house.owner, other, after=after) == ["BAD_USER_INPUT"]
        for to in ("2026-03-02", "2026-03-31"):
            with counting() as counter:
                await app.ask(house.owner, SIMULATE, **MARCH | {"to": to}, policy=STRICTER)
            # who asks, the currency, the clocks, the refunds; then the customers and refunds of the pages
            assert len(counter) == 6, counter.statements


async def test_what_cannot_be_simulated_is_refused_with_the_reason(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with on(MONDAY):
        house = await harbour(db)
    await of_march(house)
    bad: list[tuple[dict[str, Any], str]] = [
        ({"from": "2026-04-01"}, "The period ends on 2026-03-31, before it begins on 2026-04-01. Exchange the two"),
        ({"branch": house.other_branch}, f"There is no branch '{house.other_branch}' that you may see."),
        ({"definition": "def_none"}, "There is no package definition 'def_none' that you may see."),
        ({"policy": {"preset": "japan-esthetics"}}, "The amounts of japan-esthetics are in JPY, the price is in EUR."),
        ({"policy": {"adminFee": "1.001"}}, "EUR has 2 decimal digits; '1.0"),
        (
            {"policy": {"penaltyAtLeast": "20", "penaltyAtMost": "10"}},
            "The penalty is at least 20.00 EUR and at most 10.00 EUR, which no penalty is.",
        ),
    ]
    async with graph() as app:
        for changed, message in bad:
            response = await app.post(house.owner, SIMULATE, **MARCH | {"policy": {}} | changed)
            (error,) = response.json()["errors"]
            assert (error["extensions"]["code"], error["message"][: len(message)]) == ("BAD_USER_INPUT", message)
        for actor in (house.desk_lis, house.practitioner_lis, await customer_actor(house, house.ana)):
            assert await app.errors(actor, SIMULATE, **MARCH, policy={}) == ["FORBIDDEN"]
        monkeypatch.setattr(simulate_policy, "MOST_REFUNDS", 3)
        response = await app.post(house.owner, SIMULATE, **MARCH, policy={})
        (error,) = response.json()["errors"]
        assert error["message"] == (
            "More than 3 refunds were agreed in that time. Ask for less of it, or for one branch."
        )
