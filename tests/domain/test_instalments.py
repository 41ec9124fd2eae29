"""What is owed may be due in instalments: the newest plan counts, payments settle it in order, days make it overdue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.branches.errors import WrongCurrency
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.packages import instalments_store, reading
from domain.packages.agree_instalments import AgreeInstalments
from domain.packages.errors import InstalmentsDiffer, PackageClosed
from domain.packages.rules import Planned, agreed, followed
from domain.packages.sell_package import SellPackage
from domain.packages.sold import Closing
from domain.packages.view import PackageFilter, PackageOrder
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, on, package, refused, sold
from tests.fixtures.money_acts import mistaken, paid
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio

TICK = timedelta(microseconds=1)
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
AFTER_APRIL = datetime(2026, 4, 1, 23, tzinfo=UTC)
"""The first instant of 2 April in Lisbon, which keeps summer time by then."""


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def plan(*parts: tuple[date, int]) -> tuple[Planned, ...]:
    return tuple(Planned(due_on, amount, "EUR") for due_on, amount in parts)


TWO = plan((APRIL, 15000), (MAY, 20000))


async def sold_on_terms(house: Harbour, planned: Sequence[Planned] = TWO) -> str:
    """Ana's ten for 450.00, of which 100.00 is paid at once and the rest agreed to be due."""
    with on(MONDAY):
        return await sold(house, house.ten, payments=cash(10000), instalments=planned)


async def seen(house: Harbour, package_id: str) -> list[tuple[int, int, bool]]:
    """Of each instalment what is settled and what is open, and whether it is overdue."""
    view = await package(house, package_id)
    found = view.followed((await instalments_store.plans_of([package_id]))[package_id])
    return [(each.settled_minor, each.open_minor, each.overdue) for each in found]


async def due(house: Harbour, package_id: str) -> tuple[int, int]:
    """What no instalment of the package covers, and what of it should be paid by now."""
    view = await package(house, package_id)
    plan = (await instalments_store.plans_of([package_id]))[package_id]
    return view.beyond_minor(plan), view.overdue_minor(plan)


async def overdue(house: Harbour, yes: bool = True) -> list[str]:
    chosen = PackageFilter(overdue=yes)
    return [view.id for view in await reading.page(house.owner, chosen, PackageOrder.SOLD_FIRST_FIRST, 10)]


async def test_a_sale_agrees_when_the_rest_is_due(house: Harbour) -> None:
    package_id = await sold_on_terms(house)
    assert await rows(
        "SELECT plan, number, due_on, overdue_at, amount_minor FROM instalment WHERE package_id = $1 ORDER BY number",
        package_id,
    ) == [
        {"plan": 1, "number": 1, "due_on": APRIL, "overdue_at": AFTER_APRIL, "amount_minor": 15000},
        {
            "plan": 1,
            "number": 2,
            "due_on": MAY,
            "overdue_at": datetime(2026, 5, 1, 23, tzinfo=UTC),
            "amount_minor": 20000,
        },
    ]
    with on(MONDAY):
        assert await seen(house, package_id) == [(0, 15000, False), (0, 20000, False)]


async def test_an_instalment_is_overdue_from_the_end_of_its_day_where_the_package_is_at_home(house: Harbour) -> None:
    package_id = await sold_on_terms(house)
    with on(AFTER_APRIL - TICK):
        assert await seen(house, package_id) == [(0, 15000, False), (0, 20000, False)]
        assert (await overdue(house), await overdue(house, False)) == ([], [package_id])
    with on(AFTER_APRIL):
        assert await seen(house, package_id) == [(0, 15000, True), (0, 20000, False)]
        assert (await overdue(house), await overdue(house, False)) == ([package_id], [])
        assert await reading.count(house.owner, PackageFilter(overdue=True)) == 1


async def test_payments_settle_the_instalments_in_their_order(house: Harbour) -> None:
    package_id = await sold_on_terms(house)
    with on(AFTER_APRIL):
        await paid(house, package_id, 14999)
        assert await seen(house, package_id) == [(14999, 1, True), (0, 20000, False)]
        assert await overdue(house) == [package_id]
        last = await paid(house, package_id, 1000)
        assert await seen(house, package_id) == [(15000, 0, False), (999, 19001, False)]
        assert await overdue(house) == []
        await run_command(house.owner, mistaken(last))
        assert await seen(house, package_id) == [(14999, 1, True), (0, 20000, False)]
        assert await overdue(house) == [package_id]


async def test_what_is_owed_again_is_open_on_the_instalments_that_were_settled(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        first = await paid(house, package_id, 10000)
        await run_command(house.desk_lis, AgreeInstalments(package_id, TWO))
    with on(AFTER_APRIL):
        await paid(house, package_id, 15000)
        assert await overdue(house) == []
        await run_command(house.owner, mistaken(first))
        assert await seen(house, package_id) == [(5000, 10000, True), (0, 20000, False)]


async def test_what_no_instalment_covers_is_due_at_once_until_another_plan_is_agreed(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        first = await paid(house, package_id, 10000)
        await run_command(house.desk_lis, AgreeInstalments(package_id, TWO))
        assert (await overdue(house), await due(house, package_id)) == ([], (0, 0))
        await run_command(house.owner, mistaken(first))
        assert await seen(house, package_id) == [(0, 15000, False), (0, 20000, False)]
        assert (await overdue(house), await due(house, package_id)) == ([package_id], (10000, 10000))
        assert await overdue(house, False) == []
    with on(AFTER_APRIL):
        assert await due(house, package_id) == (10000, 25000)
        await paid(house, package_id, 10000)
        assert await due(house, package_id) == (0, 15000)
        await paid(house, package_id, 15000)
        assert (await overdue(house), await due(house, package_id)) == ([], (0, 0))
        await run_command(house.desk_lis, AgreeInstalments(package_id, plan((MAY, 20000))))
        assert (await overdue(house), await due(house, package_id)) == ([], (0, 0))


async def test_nothing_is_due_at_once_without_a_plan_or_when_the_package_is_closed(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        assert (await overdue(house), await due(house, package_id)) == ([], (0, 0))
        first = await paid(house, package_id, 10000)
        await run_command(house.desk_lis, AgreeInstalments(package_id, TWO))
        await run_command(house.owner, mistaken(first))
        await execute("UPDATE package SET closed_as = $1, closed_at = $2", Closing.CHARGED_BACK.value, MONDAY)
        assert (await overdue(house), await due(house, package_id)) == ([], (10000, 0))


async def test_another_plan_takes_the_place_of_the_one_before(house: Harbour) -> None:
    package_id = await sold_on_terms(house)
    with on(AFTER_APRIL):
        later = plan((date(2026, 6, 1), 35000))
        done = await run_command(house.desk_lis, AgreeInstalments(package_id, later, " lost her job "))
        assert await seen(house, package_id) == [(0, 35000, False)]
        assert await overdue(house) == []
    assert (done.outcome.plan, done.outcome.outstanding_minor, done.outcome.currency) == (2, 35000, "EUR")
    assert await rows("SELECT act, package_version, reason FROM operation WHERE id = $1", done.operation_id) == [
        {"act": "agree_instalments", "package_version": 2, "reason": "lost her job"}
    ]
    assert len(await rows("SELECT id FROM instalment WHERE package_id = $1", package_id)) == 3


async def test_a_closed_package_is_never_overdue(house: Harbour) -> None:
    package_id = await sold_on_terms(house)
    await execute("UPDATE package SET closed_as = $1, closed_at = $2", Closing.CHARGED_BACK.value, MONDAY)
    with on(AFTER_APRIL):
        assert await seen(house, package_id) == [(0, 15000, False), (0, 20000, False)]
        assert await overdue(house) == []
        refusal = await refused(PackageClosed, house.owner, AgreeInstalments(package_id, TWO))
    assert refusal.package_id == package_id


async def test_another_sum_than_what_is_owed(house: Harbour) -> None:
    short = replace(SellPackage(house.ten, house.ana, house.lis, cash(10001)), instalments=TWO)
    with on(MONDAY):
        refusal = await refused(InstalmentsDiffer, house.desk_lis, short)
        assert (refusal.outstanding, refusal.planned) == (Money(34999, "EUR"), Money(35000, "EUR"))
        package_id = await sold(house, house.ten)
        refusal = await refused(InstalmentsDiffer, house.desk_lis, AgreeInstalments(package_id, TWO))
        assert (refusal.outstanding, refusal.planned) == (Money(45000, "EUR"), Money(35000, "EUR"))
        paid_up = SellPackage(house.ten, house.rui, house.lis, cash(45000), instalments=TWO)
        assert (await refused(InstalmentsDiffer, house.desk_lis, paid_up)).outstanding == Money(0, "EUR")


async def test_days_and_amounts_that_cannot_be(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        wrong = plan((APRIL, 0), (APRIL, -1), (date(2201, 1, 1), 45001))
        refusal = await refused(InvalidInput, house.desk_lis, AgreeInstalments(package_id, wrong))
        assert [problem.path for problem in refusal.problems] == [
            ("instalments", "0", "amount"),
            ("instalments", "1", "amount"),
            ("instalments", "1", "dueOn"),
            ("instalments", "2", "dueOn"),
        ]
        yesterday = plan((date(2026, 3, 1), 45000))
        refusal = await refused(InvalidInput, house.desk_lis, AgreeInstalments(package_id, yesterday))
        assert refusal.path == ("instalments", "0", "dueOn")
        in_pounds = (Planned(APRIL, 45000, "GBP"),)
        assert (await refused(WrongCurrency, house.desk_lis, AgreeInstalments(package_id, in_pounds))).path == (
            "instalments",
            "0",
            "amount",
            "currency",
        )
        assert (await refused(InvalidInput, house.desk_lis, AgreeInstalments(package_id, ()))).path == ("instalments",)
        many = plan(*((APRIL + timedelta(days=number), 1) for number in range(121)))
        assert (await refused(InvalidInput, house.desk_lis, AgreeInstalments(package_id, many))).path == (
            "instalments",
        )
        await run_command(house.desk_lis, AgreeInstalments(package_id, plan((date(2026, 3, 2), 45000))))


async def test_who_may(house: Harbour) -> None:
    package_id = await sold_on_terms(house)
    ana = await customer_actor(house, house.ana)
    for actor in (house.manager_mad, house.practitioner_lis, house.accountant, ana):
        await refused(Forbidden, actor, AgreeInstalments(package_id, TWO))
    await refused(NotFound, house.other_owner, AgreeInstalments(package_id, TWO))
    with on(MONDAY):
        await run_command(house.integrator, AgreeInstalments(package_id, TWO))


async def test_of_several_plans_at_once_each_has_its_number(house: Harbour) -> None:
    package_id = await sold_on_terms(house)
    with on(MONDAY):
        answers = await at_once(*(run_command(house.owner, AgreeInstalments(package_id, TWO)) for _ in range(3)))
    assert sorted(answer.outcome.plan for answer in answers) == [2, 3, 4]


def test_a_plan_is_settled_from_its_first_day_on() -> None:
    instalments = agreed(plan((APRIL, 100), (MAY, 200), (date(2026, 6, 1), 300)), "Europe/Lisbon")
    for outstanding, settled in (
        (700, [0, 0, 0]),
        (600, [0, 0, 0]),
        (550, [50, 0, 0]),
        (301, [100, 199, 0]),
        (300, [100, 200, 0]),
        (0, [100, 200, 300]),
    ):
        found = followed(instalments, outstanding, closed=False, now=AFTER_APRIL)
        assert [each.settled_minor for each in found] == settled
        assert [each.overdue for each in found] == [outstanding > 500, False, False]
