"""Package profit: revenue and breakage less what sessions cost on the day of the visit, fees and what was given up."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.catalog.set_delivery_cost import SetDeliveryCost
from domain.catalog.terms import Item
from domain.imports.import_package import FormerLot, FormerUse, FormerVisit, ImportPackage
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden
from domain.ledger.audit import audit_ledgers
from domain.payments.record_payout import RecordPayout
from domain.reports import profit
from domain.reports.figures import Figure, Span
from domain.reports.profit import Profit
from domain.reports.profit_store import Asked, GroupBy
from tests.fixtures.chain import Harbour, terms
from tests.fixtures.desk import on, used
from tests.fixtures.figure_rows import added_up
from tests.fixtures.money_acts import visited
from tests.fixtures.told_months import APRIL, END_OF_MARCH, MARCH, SPRING, Told, at, told_months

pytestmark = pytest.mark.anyio

COLUMNS = ("revenue", "breakage", "delivery_cost", "provider_fees", "bad_debt", "profit", "sessions_without_cost")


async def shown(house: Harbour, asked: Asked, size: int = 2) -> dict[str, tuple[int, ...]]:
    """Every row by its key, read in pages; each figure, and those of the totals, is the sum of the rows behind it."""
    found: list[Profit] = []
    after = None
    while (page := await profit.page(house.owner, asked, size, after)).rows:
        found += page.rows
        after = page.rows[-1].key
    totals = await profit.totals(house.owner, asked, "EUR")
    for row in (*found, totals):
        for name in (each.name for each in fields(Profit) if each.name != "key"):
            figure: Figure = getattr(row, name)
            assert await added_up(house.owner, figure) == figure.value, (row.key, name)
    assert columns(totals) == tuple(map(sum, zip(*map(columns, found), strict=True)))
    return {row.key: columns(row) for row in found}


def columns(row: Profit) -> tuple[int, ...]:
    """The values of a row."""
    return tuple(getattr(row, name).value for name in COLUMNS)


def named(told: Told) -> dict[str, str]:
    """What the keys of rows are called in the story."""
    house = told.house
    names: dict[str, Any] = {
        getattr(told, name): name for name in ("ana_ten", "eva_ten", "rui_massages", "rui_again", "eva_facials", "void")
    }
    return names | {getattr(house, name): name for name in ("lis", "mad", "ten", "buy_3_free_1", "trial")}


async def by(told: Told, group_by: GroupBy, span: Span = SPRING, **rest: Any) -> dict[str, tuple[int, ...]]:
    """The rows of a report by the names of the story."""
    names = named(told)
    found = await shown(told.house, Asked(span, group_by, **rest))
    return {names.get(key, key): row for key, row in found.items()}


async def test_each_package_has_what_it_brought_in_and_what_that_cost(db: str) -> None:
    told = await told_months(db)
    assert await audit_ledgers(told.house.chain_id) == []
    assert await by(told, GroupBy.PACKAGE) == {
        # 1 at 20.00 and 1 at 25.00; the 2 at 18.00 that were given back cost nothing in the end
        "ana_ten": (9000, 0, 4500, 0, 0, 4500, 0),
        "eva_ten": (4500, 0, 2500, 1500, 0, 500, 0),
        "rui_massages": (18000, 0, 0, 0, 0, 18000, 4),
        "eva_facials": (0, 9900, 0, 0, 0, 9900, 0),
    }


async def test_rows_of_definitions_branches_and_months_come_to_the_same(db: str) -> None:
    told = await told_months(db)
    assert await by(told, GroupBy.DEFINITION) == {
        "ten": (13500, 0, 7000, 1500, 0, 5000, 0),
        "buy_3_free_1": (18000, 0, 0, 0, 0, 18000, 4),
        "trial": (0, 9900, 0, 0, 0, 9900, 0),
    }
    assert await by(told, GroupBy.BRANCH) == {
        "lis": (22500, 0, 2000, 0, 0, 20500, 4),
        "mad": (9000, 9900, 5000, 1500, 0, 12400, 0),
    }
    assert await by(told, GroupBy.MONTH) == {
        "2026-03": (36000, 0, 8600, 1500, 0, 25900, 4),
        "2026-04": (-4500, 0, -1600, 0, 0, -2900, 0),
        "2026-06": (0, 9900, 0, 0, 0, 9900, 0),
    }
    assert await by(told, GroupBy.PACKAGE, branch_id=told.house.mad) == {
        "ana_ten": (4500, 0, 2500, 0, 0, 2000, 0),
        "eva_ten": (4500, 0, 2500, 1500, 0, 500, 0),
        "eva_facials": (0, 9900, 0, 0, 0, 9900, 0),
    }


async def test_a_session_costs_what_it_cost_on_the_day_of_the_visit_also_when_it_is_given_back(db: str) -> None:
    told = await told_months(db)
    found = {}
    for month in (MARCH, APRIL):
        (row, *_) = (await profit.page(told.house.owner, Asked(month, GroupBy.PACKAGE), 1)).rows
        found[month] = [row.delivery_cost.formula, row.profit.formula]
    assert found == {
        MARCH: ["2 × 18.00 + 1 × 25.00 = 61.00", "135.00 - 61.00 = 74.00"],  # noqa: RUF001
        APRIL: ["-2 × 18.00 + 1 × 20.00 = -16.00", "(-45.00) - (-16.00) = -29.00"],  # noqa: RUF001
    }


async def test_a_span_is_seen_as_it_was_known(db: str) -> None:
    told = await told_months(db)
    then = await by(told, GroupBy.PACKAGE, replace(SPRING, as_of=END_OF_MARCH))
    assert then == {
        "ana_ten": (13500, 0, 6100, 0, 0, 7400, 0),
        "eva_ten": (4500, 0, 2500, 1500, 0, 500, 0),
        "rui_massages": (18000, 0, 0, 0, 0, 18000, 4),
    }


async def test_a_cost_that_is_told_later_of_a_past_day_counts_from_then_on(db: str) -> None:
    told = await told_months(db)
    house, asked = told.house, Asked(MARCH, GroupBy.PACKAGE)
    with on(at(7, 1)):
        await run_command(house.owner, SetDeliveryCost(house.physio, house.lis, 1500, "EUR", MARCH.last_day))
        await run_command(house.owner, SetDeliveryCost(house.physio, house.lis, 1900, "EUR", date(2026, 1, 1)))
        await run_command(house.owner, SetDeliveryCost(house.massage, house.lis, 0, "EUR", date(2026, 3, 12)))
    (now, _, massages) = (await profit.page(house.owner, asked, 10)).rows
    assert now.delivery_cost.formula == "2 × 19.00 + 1 × 25.00 = 63.00"  # noqa: RUF001
    assert (massages.delivery_cost.formula, massages.sessions_without_cost.value) == ("3 × 0.00 = 0.00", 1)  # noqa: RUF001
    then = replace(asked, span=replace(MARCH, as_of=at(6, 30, 12)))
    assert (await by(told, GroupBy.PACKAGE, then.span))["ana_ten"] == (13500, 0, 6100, 0, 0, 7400, 0)


async def test_what_providers_take_for_payouts_is_the_branchs_and_the_months_and_no_packages(db: str) -> None:
    told = await told_months(db)
    house = told.house
    with on(at(6, 30, 12)):
        await run_command(house.owner, RecordPayout(house.mad, 20000, "EUR", 500))
    fees = {group: [row[3] for row in (await by(told, group)).values()] for group in GroupBy}
    assert fees == {
        GroupBy.PACKAGE: [0, 1500, 0, 0],
        GroupBy.DEFINITION: [1500, 0, 0],
        GroupBy.BRANCH: [0, 2000],
        GroupBy.MONTH: [1500, 0, 500],
    }


async def test_visits_about_midnight_belong_to_the_month_of_the_branchs_own_clock(db: str) -> None:
    told = await told_months(db)
    with on(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)):  # July in Lisbon, still June in Ponta Delgada
        for branch_id in (told.house.lis, told.house.pdl):
            await used(told.house, told.ana_ten, branch_id=branch_id)
    found = await by(told, GroupBy.MONTH, Span(date(2026, 6, 1), date(2026, 7, 31)))
    assert found == {
        "2026-06": (0, 9900, 0, 0, 0, 9900, 1),  # revenue goes by the clock of the home branch
        "2026-07": (9000, 0, 2000, 0, 0, 7000, 0),
    }


async def test_visits_before_these_books_and_single_sessions_are_no_part_of_it(db: str) -> None:
    told = await told_months(db)
    house = told.house
    [version] = await rows("SELECT id FROM definition_version WHERE definition_id = $1", house.ten)
    former = ImportPackage(
        reference="OLD-1",
        definition_id=house.ten,
        definition_version_id=version["id"],
        name="Ten",
        customer_id=house.ana,
        branch_id=house.lis,
        sold_on=date(2026, 3, 1),
        expires_on=date(2026, 12, 31),
        terms=terms(Item((house.physio,), 10, 0, (5000,)), price_minor=45000),
        paid_minor=45000,
        lots=(FormerLot(0, house.physio, bonus=False, sessions=10, value_minor=45000),),
        uses=(FormerUse(0, 4, 18000, FormerVisit(at(3, 5), house.lis, house.physio, None)),),
    )
    before = await by(told, GroupBy.BRANCH)
    with on(at(6, 30, 12)):
        await run_command(house.owner, former)
    await visited(house, at(6, 30, 15), house.pdl, house.facial)
    assert await by(told, GroupBy.BRANCH) == before
    assert (await by(told, GroupBy.MONTH)) == await by(told, GroupBy.MONTH, replace(SPRING, as_of=at(6, 30, 11)))


async def test_it_is_read_by_those_who_read_the_books_and_only_of_their_branches(db: str) -> None:
    told = await told_months(db)
    house, asked = told.house, Asked(SPRING, GroupBy.BRANCH)
    assert [row.key for row in (await profit.page(house.manager_mad, asked, 10)).rows] == [house.mad]
    assert (await profit.page(house.other_owner, asked, 10)).rows == ()
    for actor in (house.desk_lis, house.practitioner_lis):
        with pytest.raises(Forbidden):
            await profit.page(actor, asked, 10)
