"""Customer value: what was spent in money, when the customer came last, and what for."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import counting
from domain.kernel.errors import Forbidden
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.reports import customer_value
from domain.reports.customer_value import CustomerValue
from domain.reports.customer_value_store import Order
from domain.reports.figures import Span
from tests.fixtures.chain import Harbour
from tests.fixtures.desk import on, used
from tests.fixtures.figure_rows import added_up
from tests.fixtures.told_months import APRIL, END_OF_MARCH, MARCH, SPRING, at, told_months

pytestmark = pytest.mark.anyio

Said = tuple[str, int, datetime | None, dict[str, int]]


async def said(house: Harbour, found: CustomerValue) -> Said:
    """A customer as (name, spent, last visit, services); each figure is the sum of the rows behind it."""
    for figure in (found.spent, found.sessions, *(service.sessions for service in found.services)):
        assert await added_up(house.owner, figure) == figure.value
    assert found.sessions.value == sum(service.sessions.value for service in found.services)
    names = {getattr(house, name): name for name in ("ana", "rui", "eva", "physio", "massage")}
    services = {names[service.service_id]: service.sessions.value for service in found.services}
    return names[found.customer_id], found.spent.value, found.last_visit, services


async def shown(house: Harbour, span: Span, order: Order, size: int = 1) -> list[Said]:
    """Everybody, read in pages."""
    found: list[CustomerValue] = []
    after = None
    while page := await customer_value.page(house.owner, span, order, size, after):
        found += page
        after = page[-1].place
    return [await said(house, each) for each in found]


ANA: Said = ("ana", 45000, at(4, 2), {"physio": 2})
RUI: Said = ("rui", 21000, at(3, 12), {"massage": 4})
EVA: Said = ("eva", 36000, at(3, 4), {"physio": 1})


async def test_everybody_is_told_by_what_they_spent_came_and_used(db: str) -> None:
    house = (await told_months(db)).house
    assert await shown(house, SPRING, Order.SPENT_MOST_FIRST) == [ANA, EVA, RUI]
    assert await shown(house, SPRING, Order.CAME_LAST_FIRST, 2) == [ANA, RUI, EVA]
    assert await shown(house, SPRING, Order.REGISTERED_FIRST_FIRST, 5) == [ANA, RUI, EVA]
    (eva,) = (await customer_value.of_customers(house.owner, SPRING, [house.eva], "EUR")).values()
    assert eva.spent.formula == "450.00 - 90.00 = 360.00"


async def test_a_span_has_what_was_paid_and_used_in_it_as_it_was_known(db: str) -> None:
    house = (await told_months(db)).house
    assert await shown(house, MARCH, Order.SPENT_MOST_FIRST) == [
        ("ana", 45000, at(3, 4), {"physio": 3}),
        ("eva", 45000, at(3, 4), {"physio": 1}),
        ("rui", 13000, at(3, 12), {"massage": 4}),
    ]
    assert await shown(house, APRIL, Order.CAME_LAST_FIRST) == [
        ("ana", 0, at(4, 2), {"physio": -1}),
        ("rui", 8000, None, {}),
        ("eva", -9000, None, {}),
    ]
    then = replace(SPRING, as_of=END_OF_MARCH)
    assert await shown(house, then, Order.SPENT_MOST_FIRST) == await shown(house, MARCH, Order.SPENT_MOST_FIRST)


async def test_a_visit_is_that_of_whoever_came_and_so_is_what_is_given_back_of_it(db: str) -> None:
    told = await told_months(db)
    house = told.house
    with on(at(6, 30, 12)):
        visit = await used(house, told.rui_again, service_id=house.massage, customer_id=house.ana)
        now = Span(SPRING.last_day, SPRING.last_day)
        assert await shown(house, now, Order.CAME_LAST_FIRST) == [("ana", 0, at(6, 30, 12), {"massage": 1})]
        await run_command(house.owner, ReverseRedemption(visit.operation_id, Fault.BUSINESS, "typed twice"))
        assert await shown(house, now, Order.CAME_LAST_FIRST) == []
        (ana,) = (await customer_value.of_customers(house.owner, now, [house.ana], "EUR")).values()
    assert await said(house, ana) == ("ana", 0, None, {"massage": 0})


async def test_a_page_takes_three_statements_however_many_there_are(sqlite_db: str) -> None:
    house = (await told_months(sqlite_db)).house
    for limit in (1, 100):
        with counting() as counter:
            await customer_value.page(house.owner, SPRING, Order.SPENT_MOST_FIRST, limit)
        assert len(counter) == 3, counter.statements


async def test_it_is_read_by_those_who_read_the_books_and_only_of_their_branches(db: str) -> None:
    house = (await told_months(db)).house
    order = Order.SPENT_MOST_FIRST
    found = await customer_value.page(house.manager_mad, SPRING, order, 10)
    assert [(each.customer_id, each.spent.value, each.sessions.value) for each in found] == [
        (house.eva, 36000, 1),
        (house.rui, 3000, 0),
        (house.ana, 0, 1),
    ]
    assert await customer_value.page(house.other_owner, SPRING, order, 10) == []
    for actor in (house.desk_lis, house.practitioner_lis):
        with pytest.raises(Forbidden):
            await customer_value.page(actor, SPRING, order, 10)
