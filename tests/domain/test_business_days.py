"""Branches say on which days they do no business, and that takes the place of what they said before."""

from datetime import date

import pytest

from domain.branches import business_days_store, store
from domain.branches.business_days import MOST_HOLIDAYS, DayOfWeek, Holiday, weekend_of
from domain.branches.set_business_days import SetBusinessDays
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import refused
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio

SUNDAY = (DayOfWeek.SUNDAY,)
CARNIVAL = Holiday(date(2027, 2, 9), "Carnival")
LIBERTY = Holiday(date(2027, 4, 25), "Freedom Day")


async def _days(house: Harbour, branch_id: str) -> tuple[list[DayOfWeek], list[Holiday]]:
    branch = await store.branch(house.owner, branch_id)
    holidays = await business_days_store.holidays(house.owner, [branch_id], None, None)
    return weekend_of(branch.weekend), holidays[branch_id]


async def test_a_branch_that_says_nothing_is_closed_at_the_weekend(db: str) -> None:
    house = await harbour(db)
    assert await _days(house, house.lis) == ([DayOfWeek.SATURDAY, DayOfWeek.SUNDAY], [])


async def test_what_is_said_takes_the_place_of_what_was_said_before_at_that_branch(db: str) -> None:
    house = await harbour(db)
    first = SetBusinessDays(house.lis, (DayOfWeek.SUNDAY, DayOfWeek.FRIDAY), (LIBERTY, CARNIVAL))
    done = await run_command(house.manager_lis, first)
    assert await _days(house, house.lis) == ([DayOfWeek.FRIDAY, DayOfWeek.SUNDAY], [CARNIVAL, LIBERTY])
    assert await _days(house, house.mad) == ([DayOfWeek.SATURDAY, DayOfWeek.SUNDAY], [])
    [written] = await rows("SELECT act, branch_id, outcome FROM operation WHERE id = $1", done.operation_id)
    assert (written["act"], written["branch_id"]) == ("set_business_days", house.lis)
    assert written["outcome"]["holidays"][0] == {"day": "2027-02-09", "name": "Carnival"}
    await run_command(house.owner, SetBusinessDays(house.lis, (), (Holiday(LIBERTY.day, " Liberty "),)))
    assert await _days(house, house.lis) == ([], [Holiday(LIBERTY.day, "Liberty")])


async def test_holidays_are_read_from_a_day_to_another(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, SetBusinessDays(house.lis, SUNDAY, (CARNIVAL, LIBERTY)))
    for first, last, expected in (
        (CARNIVAL.day, LIBERTY.day, [CARNIVAL, LIBERTY]),
        (date(2027, 2, 10), None, [LIBERTY]),
        (None, date(2027, 4, 24), [CARNIVAL]),
    ):
        found = await business_days_store.holidays(house.owner, [house.lis, house.mad], first, last)
        assert found == {house.lis: expected, house.mad: []}
    assert await business_days_store.holidays(house.other_owner, [house.lis], None, None) == {house.lis: []}


async def test_days_that_cannot_be_are_refused_each_with_its_path(db: str) -> None:
    house = await harbour(db)
    many = tuple(Holiday(date.fromordinal(740000 + number), "Day") for number in range(MOST_HOLIDAYS + 1))
    for weekend, holidays, path in (
        (tuple(DayOfWeek), (), ("weekend",)),
        (SUNDAY * 2, (), ("weekend",)),
        (SUNDAY, (CARNIVAL, CARNIVAL), ("holidays", "1", "day")),
        (SUNDAY, (Holiday(CARNIVAL.day, "  "),), ("holidays", "0", "name")),
        (SUNDAY, (Holiday(date(1999, 12, 31), "Past"),), ("holidays", "0", "day")),
        (SUNDAY, (Holiday(date(2201, 1, 1), "Far"),), ("holidays", "0", "day")),
        (SUNDAY, many, ("holidays",)),
    ):
        wrong = await refused(InvalidInput, house.owner, SetBusinessDays(house.lis, weekend, holidays))
        assert wrong.path == path


async def test_only_a_manager_of_the_branch_says_so(db: str) -> None:
    house = await harbour(db)
    for actor in (house.desk_lis, house.manager_mad, house.accountant, house.integrator):
        await refused(Forbidden, actor, SetBusinessDays(house.lis, SUNDAY))
    for absent in (house.other_branch, "brn_none"):
        gone = await refused(NotFound, house.owner, SetBusinessDays(absent, SUNDAY))
        assert gone.path == ("branchId",)


async def test_of_two_who_say_so_at_once_the_last_one_counts_whole(db: str) -> None:
    house = await harbour(db)
    said = [SetBusinessDays(house.lis, SUNDAY, (CARNIVAL,)), SetBusinessDays(house.lis, (), (CARNIVAL, LIBERTY))]
    done = await at_once(*(run_command(house.owner, each) for each in said))
    assert not [each for each in done if isinstance(each, BaseException)]
    assert await _days(house, house.lis) in (([DayOfWeek.SUNDAY], [CARNIVAL]), ([], [CARNIVAL, LIBERTY]))
