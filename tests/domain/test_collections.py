"""Collections are what the register shows: money in by day, branch and method, what was taken back below zero."""

from dataclasses import replace
from datetime import date

import pytest

from domain.kernel.errors import Forbidden
from domain.ledger.accounts import PaymentMethod
from domain.reports import collections
from domain.reports.collections import Collected, money_in
from domain.reports.figures import Lines
from tests.fixtures.chain import Harbour
from tests.fixtures.figure_rows import added_up
from tests.fixtures.told_months import END_OF_MARCH, SPRING, Told, told_months

pytestmark = pytest.mark.anyio


async def shown(house: Harbour, lines: Lines, size: int = 2) -> list[tuple[date, str, str, int, str]]:
    """Every row as (day, branch, method, amount, formula), read in pages; each is the sum of the rows behind it."""
    found: list[Collected] = []
    after = None
    while page := await collections.page(house.owner, lines, "EUR", size, after):
        found += page
        after = (page[-1].day, page[-1].branch_id, page[-1].method.value)
    for row in found:
        assert await added_up(house.owner, row.figure) == row.figure.value
    names = {house.lis: "LIS", house.mad: "MAD"}
    return [(row.day, names[row.branch_id], row.method.value, row.figure.value, row.figure.formula) for row in found]


async def test_each_day_branch_and_method_has_what_came_in_less_what_was_taken_back(db: str) -> None:
    told = await told_months(db)
    assert await shown(told.house, money_in(SPRING)) == [
        (date(2026, 3, 2), "LIS", "CARD", 10000, "100.00"),
        (date(2026, 3, 2), "LIS", "CASH", 45000, "450.00"),
        (date(2026, 3, 2), "MAD", "ONLINE_LINK", 45000, "450.00"),
        (date(2026, 3, 3), "LIS", "CASH", 9900, "99.00"),
        (date(2026, 3, 4), "LIS", "CASH", -9900, "0.00 - 99.00 = -99.00"),
        (date(2026, 3, 4), "MAD", "CASH", 3000, "30.00"),
        (date(2026, 4, 2), "LIS", "BANK_TRANSFER", 8000, "80.00"),
        (date(2026, 4, 2), "MAD", "CASH", 0, "80.00 - 80.00 = 0.00"),
    ]


async def test_totals_are_those_of_all_rows_and_disputes_stand_by_themselves(db: str) -> None:
    told = await told_months(db)
    house, lines = told.house, money_in(SPRING)
    found = await collections.totals(house.owner, lines, "EUR")
    assert [(method.value, figure.value) for method, figure, _ in found.by_method] == [
        ("BANK_TRANSFER", 8000),
        ("CARD", 10000),
        ("CASH", 48000),
        ("ONLINE_LINK", 45000),
    ]
    assert (found.collected.value, found.collected.formula) == (111000, "1289.00 - 179.00 = 1110.00")
    assert (found.disputed.value, found.disputed.formula) == (9000, "90.00")
    for figure in (found.collected, found.disputed, *(figure for _, *figures in found.by_method for figure in figures)):
        assert await added_up(house.owner, figure) == figure.value


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_pages_of_any_size_have_the_same_rows(sqlite_db: str, size: int) -> None:
    house = (await told_months(sqlite_db)).house
    assert await shown(house, money_in(SPRING), size) == await shown(house, money_in(SPRING), 2)


async def test_they_are_cut_by_branch_by_method_and_to_what_was_known(db: str) -> None:
    house = (await told_months(db)).house
    at_madrid = await shown(house, money_in(SPRING, branch_id=house.mad))
    assert [(day, amount) for day, _, _, amount, _ in at_madrid] == [
        (date(2026, 3, 2), 45000),
        (date(2026, 3, 4), 3000),
        (date(2026, 4, 2), 0),
    ]
    by_card = await shown(house, money_in(SPRING, method=PaymentMethod.CARD))
    assert [(day, amount) for day, _, _, amount, _ in by_card] == [(date(2026, 3, 2), 10000)]
    assert await shown(house, money_in(SPRING, method=PaymentMethod.CUSTOMER_CREDIT)) == []
    known = await shown(house, money_in(replace(SPRING, as_of=END_OF_MARCH)))
    assert sum(amount for _, _, _, amount, _ in known) == 103000


async def test_they_are_read_by_those_who_read_the_books_and_only_of_their_branches(db: str) -> None:
    told: Told = await told_months(db)
    house = told.house
    found = await collections.totals(house.manager_mad, money_in(SPRING), "EUR")
    assert found.collected.value == 48000
    assert await collections.page(house.manager_mad, money_in(SPRING, branch_id=house.lis), "EUR", 10) == []
    assert (await collections.totals(house.other_owner, money_in(SPRING), "GBP")).collected.value == 0
    for actor in (house.desk_lis, house.practitioner_lis):
        with pytest.raises(Forbidden):
            await collections.page(actor, money_in(SPRING), "EUR", 10)
