"""Package metrics: what was sold, used, lapsed and bought again, how fast it was used up, and what it contributed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.kernel.errors import Forbidden
from domain.reports.figures import Span
from domain.reports.lives_store import Life
from domain.reports.metrics import (
    DaysToExhaust,
    Metrics,
    PackageMetrics,
    Ratio,
    days_to_exhaust,
    is_renewed,
    package_metrics,
)
from tests.fixtures.desk import on
from tests.fixtures.figure_rows import added_up
from tests.fixtures.money_acts import visited
from tests.fixtures.told_months import APRIL, END_OF_MARCH, MARCH, SPRING, Told, at, told_months

pytestmark = pytest.mark.anyio


def said(row: Metrics) -> dict[str, Any]:
    """A row in figures: counts, and parts of wholes with their basis points."""
    exhausted = row.days_to_exhaust
    ratios = {
        name: (ratio.part.value, ratio.whole.value, ratio.basis_points)
        for name in ("utilisation_of_sold", "utilisation_of_ended", "lapse_rate", "contribution")
        if isinstance(ratio := getattr(row, name), Ratio)
    }
    renewed = (len(row.renewal_rate.part), len(row.renewal_rate.whole), row.renewal_rate.basis_points)
    return {
        "sold": len(row.sold),
        "ended": len(row.ended),
        "renewal_rate": renewed,
        "days": (len(exhausted.packages), exhausted.median_tenths, exhausted.mean_tenths),
        **ratios,
    }


def rows(told: Told, found: PackageMetrics) -> dict[str, dict[str, Any]]:
    """The rows by what the definitions are called in the story."""
    names = {getattr(told.house, name): name for name in ("ten", "buy_3_free_1", "trial")}
    return {names[str(row.definition_id)]: said(row) for row in found.rows}


async def test_each_definition_has_its_metrics(db: str) -> None:
    told = await told_months(db)
    found = await package_metrics(told.house.owner, SPRING)
    assert rows(told, found) == {
        "ten": {
            "sold": 2,
            "ended": 0,
            "utilisation_of_sold": (3, 20, 1500),
            "utilisation_of_ended": (0, 0, None),
            "lapse_rate": (0, 0, None),
            "renewal_rate": (0, 0, None),
            "days": (0, None, None),
            "contribution": (13500, 31500, 4286),
        },
        "buy_3_free_1": {
            "sold": 2,
            "ended": 1,
            "utilisation_of_sold": (4, 8, 5000),
            "utilisation_of_ended": (4, 4, 10000),
            "lapse_rate": (0, 4, 0),
            "renewal_rate": (1, 1, 10000),
            "days": (1, 100, 100),
            "contribution": (18000, 31500, 5714),
        },
        "trial": {
            "sold": 1,  # and another one void
            "ended": 1,
            "utilisation_of_sold": (0, 3, 0),
            "utilisation_of_ended": (0, 3, 0),
            "lapse_rate": (3, 3, 10000),
            "renewal_rate": (0, 1, 0),
            "days": (0, None, None),
            "contribution": (0, 31500, 0),
        },
    }
    assert said(found.totals) == {
        "sold": 5,
        "ended": 2,
        "utilisation_of_sold": (7, 31, 2258),
        "utilisation_of_ended": (4, 7, 5714),
        "lapse_rate": (3, 7, 4286),
        "renewal_rate": (1, 2, 5000),
        "days": (1, 100, 100),
        "contribution": (31500, 31500, 10000),
    }


async def test_charges_for_single_sessions_are_of_the_whole_and_no_part_of_any_package(db: str) -> None:
    told = await told_months(db)
    house = told.house
    with on(at(7, 1)):
        await visited(house, at(7, 3), house.pdl, house.facial)
    july = Span(date(2026, 7, 1), date(2026, 7, 31))
    assert said((await package_metrics(house.owner, july)).totals)["contribution"] == (0, 4950, 0)
    both = Span(SPRING.first_day, july.last_day)
    found = await package_metrics(house.owner, both)
    of_rows = [row.contribution for row in found.rows]
    assert [(each.part.value, each.whole.value) for each in of_rows] == [(13500, 36450), (18000, 36450), (0, 36450)]
    contribution = found.totals.contribution
    assert (contribution.part.value, contribution.whole.value, contribution.basis_points) == (31500, 36450, 8642)
    for figure in (contribution.part, contribution.whole):
        assert await added_up(house.owner, figure) == figure.value


async def test_every_part_and_every_whole_is_the_sum_of_the_rows_behind_it(db: str) -> None:
    told = await told_months(db)
    for span in (SPRING, MARCH, replace(SPRING, as_of=END_OF_MARCH)):
        found = await package_metrics(told.house.owner, span)
        for row in (*found.rows, found.totals):
            for ratio in (row.utilisation_of_sold, row.utilisation_of_ended, row.lapse_rate, row.contribution):
                for figure in (ratio.part, ratio.whole):
                    assert await added_up(told.house.owner, figure) == figure.value, (row.definition_id, figure.label)


async def test_a_span_has_the_packages_sold_and_ended_in_it_as_they_were_known(db: str) -> None:
    told = await told_months(db)
    house = told.house
    march = rows(told, await package_metrics(house.owner, MARCH))
    assert {name: (row["sold"], row["ended"], row["renewal_rate"]) for name, row in march.items()} == {
        "ten": (2, 0, (0, 0, None)),
        "buy_3_free_1": (1, 1, (1, 1, 10000)),
        "trial": (1, 0, (0, 0, None)),
    }
    then = rows(told, await package_metrics(house.owner, replace(MARCH, as_of=END_OF_MARCH)))
    assert then["buy_3_free_1"]["renewal_rate"] == (0, 1, 0)
    assert then["ten"]["utilisation_of_sold"] == (4, 20, 2000)
    april = rows(told, await package_metrics(house.owner, APRIL))
    assert {name: (row["sold"], row["contribution"]) for name, row in april.items()} == {
        "ten": (0, (-4500, -4500, None))
    }
    everything = await package_metrics(house.owner, Span(date.min, date.max))
    assert said(everything.totals) == said((await package_metrics(house.owner, SPRING)).totals)


async def test_they_are_read_by_those_who_read_the_books_and_only_of_their_branches(db: str) -> None:
    house = (await told_months(db)).house
    madrid = (await package_metrics(house.manager_mad, SPRING)).totals
    assert (len(madrid.sold), madrid.contribution.part.value) == (2, 9000)
    assert said((await package_metrics(house.owner, SPRING, house.mad)).totals) == said(madrid)
    assert (await package_metrics(house.other_owner, SPRING)).rows == ()
    for actor in (house.desk_lis, house.practitioner_lis):
        with pytest.raises(Forbidden):
            await package_metrics(actor, SPRING)


SOLD = date(2026, 1, 1)


def life(days: int | None, next_days: int | None = None, used: int = 4) -> Life:
    """A package of 4 that ended after so many days, and was bought again so many days after its sale."""
    ended, again = (None if each is None else SOLD + timedelta(days=each) for each in (days, next_days))
    return Life("pkg", "def", SOLD, ended, again, 4, used, 4 - used)


def test_a_package_is_renewed_from_its_sale_until_60_days_after_its_end() -> None:
    assert [is_renewed(life(10, again)) for again in (1, 10, 70, 71, None)] == [True, True, True, False, False]
    assert not is_renewed(life(None, 5))


def test_days_to_exhaust_count_packages_of_which_every_session_was_used() -> None:
    ended = [life(10), life(3), life(90, used=3), life(12), life(20)]
    assert days_to_exhaust(ended) == DaysToExhaust(("pkg",) * 4, 110, 113)
    assert days_to_exhaust(ended[:2]) == DaysToExhaust(("pkg",) * 2, 65, 65)
    assert days_to_exhaust(ended[2:3]) == DaysToExhaust((), None, None)
