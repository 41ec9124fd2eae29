"""Deferred revenue rolled forward: every figure exact, open to its rows, and closing with the value of the lots."""

from dataclasses import fields
from datetime import date

import pytest

from domain.kernel.access import Actor
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden
from domain.ledger.accounts import Event
from domain.ledger.seal import seal_operations
from domain.ledger.total import total_journal
from domain.reports.collections import COMES_IN, MOVES_ONLY
from domain.reports.deferred_revenue import COMES, GOES, NEVER, RollForward, deferred_revenue
from domain.reports.figures import InvertedPeriod, span
from tests.fixtures.figure_rows import added_up
from tests.fixtures.two_winters import A_MOMENT, Winters, day, two_winters

pytestmark = pytest.mark.anyio

MARCH = span(date(2026, 3, 1), date(2026, 3, 31))
FEBRUARY = span(date(2026, 2, 1), date(2026, 2, 28))
WINTER = span(date(2025, 11, 1), date(2026, 3, 31))


def told(figures: RollForward) -> dict[str, int]:
    """The figures that are not zero."""
    values = {each.name: getattr(figures, each.name).value for each in fields(figures)}
    return {name: value for name, value in values.items() if value}


async def assert_open(actor: Actor, figures: RollForward) -> None:
    """Every figure is the sum of its rows."""
    for each in fields(figures):
        figure = getattr(figures, each.name)
        assert await added_up(actor, figure) == figure.value, each.name


def named(there: Winters, branch_id: str, definition_id: str) -> tuple[str, str]:
    """A branch and a definition by the names that they have in the chain."""
    house = there.house
    return (
        {house.lis: "lis", house.mad: "mad"}[branch_id],
        {house.ten: "ten", house.trial: "trial", house.bundle: "bundle"}[definition_id],
    )


async def test_a_month_of_each_definition_at_each_branch(db: str) -> None:
    there = await two_winters(db)
    found = await deferred_revenue(there.house.accountant, FEBRUARY)
    assert {named(there, row.branch_id, row.definition_id): told(row.figures) for row in found.rows} == {
        ("lis", "ten"): {"opening": 31500, "recognised": 9000, "closing": 22500},
        ("lis", "trial"): {"opening": 6600, "lapsed": 6600},
        ("mad", "bundle"): {"opening": 31990, "closing": 31990},
    }
    assert told(found.totals) == {"opening": 70090, "recognised": 9000, "lapsed": 6600, "closing": 54490}
    assert found.totals.closing.formula == "700.90 - 90.00 - 66.00 = 544.90"
    assert found.totals.recognised.formula == "Value released by sessions used, less those given back"
    assert found.currency == "EUR"
    for row in found.rows:
        await assert_open(there.house.accountant, row.figures)
    await assert_open(there.house.accountant, found.totals)


async def test_the_same_whether_read_from_lines_or_from_totals(db: str) -> None:
    there = await two_winters(db)
    before = [await deferred_revenue(there.house.owner, each) for each in (WINTER, FEBRUARY, MARCH)]
    await seal_operations()
    await total_journal()
    assert [await deferred_revenue(there.house.owner, each) for each in (WINTER, FEBRUARY, MARCH)] == before


async def test_the_closing_is_the_value_of_the_sessions_left(db: str) -> None:
    there = await two_winters(db)
    left = await rows(
        """SELECT p.home_branch_id, p.definition_id, SUM(l.value_left_minor) AS value FROM lot l
        JOIN package p ON p.id = l.package_id GROUP BY p.home_branch_id, p.definition_id"""
    )
    found = await deferred_revenue(there.house.owner, WINTER)
    assert {(row.branch_id, row.definition_id): row.figures.closing.value for row in found.rows} == {
        (row["home_branch_id"], row["definition_id"]): int(row["value"]) for row in left
    }
    assert told(found.totals) == {"sold": 86890, "recognised": 35830, "lapsed": 6600, "closing": 44460}


async def test_one_branch_or_one_definition_alone(db: str) -> None:
    there = await two_winters(db)
    house = there.house
    whole = await deferred_revenue(house.owner, MARCH)
    madrid = await deferred_revenue(house.owner, MARCH, branch_id=house.mad)
    bundles = await deferred_revenue(house.owner, MARCH, definition_id=house.bundle)
    assert madrid.rows == bundles.rows == tuple(row for row in whole.rows if row.branch_id == house.mad)
    assert told(madrid.totals) == told(bundles.totals) == told(madrid.rows[0].figures)
    await assert_open(house.owner, bundles.totals)
    managers = await deferred_revenue(house.manager_mad, MARCH)
    assert managers.rows == madrid.rows
    await assert_open(house.manager_mad, managers.totals)


async def test_as_it_was_known_before(db: str) -> None:
    there = await two_winters(db)
    seen = span(date(2026, 2, 1), date(2026, 2, 28), day(2026, 2, 28) - A_MOMENT)
    found = await deferred_revenue(there.house.owner, seen)
    # the visit on the 28th was not known yet, nor that sessions had lapsed: that was written in March
    assert told(found.totals) == {"opening": 70090, "recognised": 4500, "closing": 65590}
    await assert_open(there.house.owner, found.totals)


async def test_a_day_is_as_good_a_period_as_a_month(db: str) -> None:
    there = await two_winters(db)
    found = await deferred_revenue(there.house.owner, span(date(2026, 1, 31), date(2026, 1, 31)))
    assert told(found.totals) == {"opening": 42600, "sold": 31990, "recognised": 4500, "closing": 70090}
    first = await deferred_revenue(there.house.owner, span(date.min, date(2025, 12, 31)))
    assert told(first.totals) == {"sold": 54900, "recognised": 7800, "closing": 47100}
    await assert_open(there.house.owner, first.totals)


async def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvertedPeriod) as caught:
        span(date(2026, 3, 2), date(2026, 3, 1))
    assert str(caught.value) == (
        "The period ends on 2026-03-01, before it begins on 2026-03-02. Exchange the two days."
    )


async def test_only_for_readers_of_the_books(db: str) -> None:
    there = await two_winters(db)
    for actor in (there.house.desk_lis, there.house.practitioner_lis):
        with pytest.raises(Forbidden):
            await deferred_revenue(actor, MARCH)
    other = await deferred_revenue(there.house.other_owner, MARCH)
    assert (other.rows, told(other.totals), other.currency) == ((), {}, "GBP")


def test_every_event_has_its_place_in_the_report_and_in_collections_if_it_moves_money() -> None:
    moneyless = {Event.SESSION, Event.REVERSAL, Event.LAPSE, Event.REINSTATEMENT, Event.REESTIMATE, Event.CHARGE}
    moneyless |= {Event.RENEWAL, Event.TRANSFER, Event.BRANCH_TRANSFER, Event.UPGRADE, Event.REFUND, Event.MERGE}
    of_money = (*COMES_IN, *MOVES_ONLY)
    assert {*of_money, *moneyless, Event.OPENING} == set(Event)
    assert len(set(of_money)) == len(of_money) and not moneyless & set(of_money)
    placed = [event for kind in (*COMES.values(), *GOES.values()) for event in kind.events]
    assert {*placed, *NEVER} == set(Event)
    assert not set(placed) & NEVER
    assert {event for event in placed if placed.count(event) > 1} == {
        Event.RENEWAL,
        Event.TRANSFER,
        Event.BRANCH_TRANSFER,
        Event.UPGRADE,
    }  # what moves both comes and goes
