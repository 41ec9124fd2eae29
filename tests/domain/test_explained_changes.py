"""One package with everything that can change it: each step is told, and books, explanation and reports agree."""

# ruff: noqa: RUF001 - the sign of multiplication is the one that people read

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest

from domain.catalog.terms import Change, Refunding
from domain.ledger.accounts import PaymentMethod
from domain.ledger.audit import audit_ledgers
from domain.packages.rules import Planned
from domain.reports import collections, customer_value, profit
from domain.reports.collections import money_in
from domain.reports.customer_value_store import Order
from domain.reports.deferred_revenue import deferred_revenue
from domain.reports.figures import Span
from domain.reports.metrics import package_metrics
from domain.reports.profit_store import Asked, GroupBy
from domain.reports.reconciliation import reconciliation
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.explained import as_booked, told
from tests.fixtures.figure_rows import added_up
from tests.fixtures.given_back import approved, given_back, paid_out
from tests.fixtures.money_acts import paid
from tests.fixtures.topped_up import added
from tests.fixtures.upgraded import CARRY, bought, changing, larger, sessions, taxed, upgraded

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
SPRING = Span(date(2026, 3, 1), date(2026, 4, 30))


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


FEE = Refunding(admin_fee_minor=1200)
MOVED = "sessions were moved into the package that this one was upgraded to at Lisbon Chiado."


async def whole_life(house: Harbour) -> tuple[str, str]:
    """A package that was used, topped up, given back in part and upgraded, and the one it became, given back."""
    with on(MONDAY):
        large = sessions(house, 20, 96000, refund=FEE)
        larger = await published(house.owner, "LARGER", taxed(large, 2000))
        change = Change(top_up=True, top_up_days=30, upgrade_to=(larger,))
        small = await published(house.owner, "SMALL", taxed(sessions(house, 10, 54000, change=change), 2000))
        plan = (Planned(date(2026, 4, 1), 34000, "EUR"),)
        package_id = await sold(house, small, payments=cash(20000), instalments=plan)
    with on(MONDAY + DAY):
        await used(house, package_id, sessions=2)
        await added(house, package_id, 5)
        await paid(house, package_id, 56000, method=PaymentMethod.CARD)
        refund = (await given_back(house, package_id, 3)).outcome
    with on(MONDAY + 2 * DAY):
        await paid_out(house, refund.refund_id)
        done = (await upgraded(house, package_id, larger, payments=cash(30000))).outcome
    with on(MONDAY + 3 * DAY):
        await used(house, done.into_package_id, sessions=5)
        refund = (await given_back(house, done.into_package_id, goodwill_minor=500)).outcome
        await approved(house, refund.refund_id)
    with on(MONDAY + 4 * DAY):
        await paid_out(house, refund.refund_id, house.mad)
    return package_id, done.into_package_id


async def test_every_step_of_it_is_told_and_the_journal_says_the_same(house: Harbour) -> None:
    package_id, into_id = await whole_life(house)
    explanation = await as_booked(house, package_id, MONDAY + 5 * DAY)
    assert told(explanation, 4) == [
        (
            "5 sessions were added by a top-up at Lisbon Chiado.",
            "5 × 54.00 = 270.00; 225.00 + 45.00 tax = 270.00",
            {"price": 27000, "deferred": 22500, "tax": 4500},
        ),
        ("560.00 EUR was paid by card at Lisbon Chiado.", "610.00 - 560.00 = 50.00 outstanding", {"paid": 56000}),
        (
            "3 sessions were refunded at Lisbon Chiado.",
            "225.00 × 3 / 5 = 135.00",
            {"deferred": -13500, "refunded": 13500},
        ),
        (
            "A refund of 112.00 EUR was agreed.",
            "135.00 value + 27.00 tax - 50.00 owed no more = 112.00",
            {"credited": 5000, "tax": -2700, "refunded": -2300},
        ),
        ("112.00 EUR of the refund was paid out by card.", "112.00 = 112.00", {}),
        (f"8 {MOVED}", "360.00 × 8 / 8 = 360.00", {"deferred": -36000, "moved_in": -36000}),
        (f"2 {MOVED}", "90.00 × 2 / 2 = 90.00", {"deferred": -9000, "moved_in": -9000}),
        (
            "The package was upgraded to another.",
            "450.00 value + 90.00 tax = 540.00",
            {"tax": -9000, "moved_in": -9000},
        ),
    ]
    kept = "90.00 recognised + 18.00 tax + 112.00 refunded"
    assert explanation.identity == f"810.00 price - 50.00 credited - 540.00 moved on = {kept}."

    explanation = await as_booked(house, into_id, MONDAY + 5 * DAY)
    assert told(explanation) == [
        (
            "20 sessions were bought at Lisbon Chiado.",
            "800.00 × 1000.00 / 1000.00 = 800.00",
            {"price": 80000, "deferred": 80000},
        ),
        (
            "The package was opened for another one that was upgraded.",
            "540.00 brought + 420.00 to be paid = 960.00",
            {"price": 16000, "brought": 54000, "tax": 16000},
        ),
        ("300.00 EUR was paid in cash at Lisbon Chiado.", "420.00 - 300.00 = 120.00 outstanding", {"paid": 30000}),
        (
            "5 sessions of Physiotherapy 45 were used at Lisbon Chiado.",
            "800.00 × 5 / 20 = 200.00",
            {"deferred": -20000, "recognised": 20000},
        ),
        ("A refund was asked for.", "nothing in it changes", {}),
        (
            "15 sessions were refunded at Lisbon Chiado.",
            "600.00 × 15 / 15 = 600.00",
            {"deferred": -60000, "refunded": 60000},
        ),
        (
            "A refund of 593.00 EUR was agreed.",
            "600.00 value + 120.00 tax + 5.00 conceded - 120.00 owed no more - 12.00 fee = 593.00",
            {"credited": 12000, "tax": -12000, "refunded": -700, "fees": 1200, "concessions": 500},
        ),
        ("593.00 EUR of the refund was paid out in cash and by card.", "300.00 + 293.00 = 593.00", {}),
    ]
    became = "200.00 recognised + 40.00 tax + 593.00 refunded + 12.00 fees - 5.00 concessions"
    assert explanation.identity == f"960.00 price - 120.00 credited = {became}."
    assert await audit_ledgers(house.chain_id) == []


async def test_the_reports_agree_about_it(house: Harbour) -> None:
    package_id, into_id = await whole_life(house)
    assert values((await deferred_revenue(house.owner, SPRING)).totals) == {
        "sold": 45000,
        "topped_up": 22500,
        "moved_in": 80000,
        "recognised": 29000,
        "refunded": 73500,
        "moved_out": 45000,
    }
    found = await reconciliation(house.owner, SPRING)
    assert {term.kind.value: term.figure.value for term in found.terms if term.figure.value} == {
        "COLLECTED": 106000,
        "REFUNDED": 70500,
        "RECOGNISED": 29000,
        "FEES": 1200,
        "CONCESSIONS": 500,
        "TAX": 5800,
    }
    assert found.difference.value == 0

    lines = money_in(SPRING)
    collected = await collections.totals(house.owner, lines, "EUR")
    assert [(method.value, *(each.value for each in figures)) for method, *figures in collected.by_method] == [
        ("CARD", 15500, 40500),
        ("CASH", 20000, 30000),
    ]
    assert (collected.collected.value, collected.refunded.value) == (35500, 70500)
    for figure in (collected.collected, collected.refunded):
        assert await added_up(house.owner, figure) == figure.value
    days = await collections.page(house.owner, lines, "EUR", 9)
    assert [(row.branch_id, row.figure.value, row.refunded.value) for row in days if row.refunded.value] == [
        (house.lis, -11200, 11200),
        (house.mad, -29300, 29300),
        (house.mad, -30000, 30000),
    ]

    rows = (await profit.page(house.owner, Asked(SPRING, GroupBy.PACKAGE), 9)).rows
    assert {row.key: values(row) for row in rows} == {
        package_id: {"revenue": 9000, "profit": 9000, "sessions_without_cost": 2},
        into_id: {"revenue": 20000, "fees": 1200, "concessions": 500, "profit": 20700, "sessions_without_cost": 5},
    }
    for row in rows:
        assert await added_up(house.owner, row.profit) == row.profit.value
    (ana,) = await customer_value.page(house.owner, SPRING, Order.SPENT_MOST_FIRST, 9)
    assert (ana.spent.value, ana.sessions.value) == (35500, 7)
    metrics = (await package_metrics(house.owner, SPRING)).totals
    assert sorted(metrics.ended) == sorted(metrics.sold) == sorted([package_id, into_id])
    assert (metrics.utilisation_of_ended.part.value, metrics.utilisation_of_ended.whole.value) == (7, 35)


def values(figures: Any) -> dict[str, int]:
    """The figures that are not zero, by their names."""
    found = {each.name: getattr(figures, each.name) for each in fields(figures) if each.name != "key"}
    return {name: figure.value for name, figure in found.items() if figure.value}


async def test_a_downgrade_that_costs_nothing_is_paid_by_the_old_package(house: Harbour) -> None:
    with on(MONDAY):
        small = await larger(house, paid=2, price_minor=18000)
        old = await bought(house, await changing(house, small))
        new = (await upgraded(house, old, small)).outcome.into_package_id

    explanation = await as_booked(house, new, MONDAY)

    assert explanation.steps[-1].label == "The package was opened for another one that was upgraded."
    assert explanation.steps[-1].formula == "180.00 brought = 180.00"
    assert explanation.balance.books.brought_minor == 18000


async def test_what_stays_used_in_the_new_package_is_in_the_books_of_the_old_one(house: Harbour) -> None:
    with on(MONDAY):
        ten = await larger(house)
        old = await bought(house, await changing(house, ten, method=CARRY))
        await used(house, old, sessions=2)
        new = (await upgraded(house, old, ten)).outcome.into_package_id

    explanation = await as_booked(house, new, MONDAY)

    assert explanation.identity == "800.00 price = 620.00 deferred + 180.00 used before."
    assert explanation.steps[-1].formula == "450.00 brought + 350.00 to be paid = 800.00"
