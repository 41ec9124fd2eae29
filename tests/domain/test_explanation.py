"""An explanation has every step from the sale on, as it was recorded by then, and ends at the balance."""

# ruff: noqa: E501, RUF001 - a table of sentences, with the signs that people read

from datetime import datetime, timedelta

import pytest

from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.db import counting
from domain.packages.explanation import explain, explain_many
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.trace import Explanation
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, on, package, sold, used

pytestmark = pytest.mark.anyio

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def explained(actor: Actor, package_id: str, now: datetime = MONDAY + 4 * HOUR, **rest: object) -> Explanation:
    with on(now):
        explanation = await explain(actor, package_id, **rest)  # type: ignore[arg-type]
    assert explanation is not None
    return explanation


async def lived(house: Harbour) -> str:
    """Sold and part-paid at ten, used twice in Madrid at eleven, given back at twelve, goodwill at one."""
    with on(MONDAY):
        package_id = await sold(house, house.buy_3_free_1, payments=cash(10000))
    with on(MONDAY + HOUR):
        use = await used(house, package_id, service_id=house.massage, branch_id=house.mad, sessions=4)
    with on(MONDAY + 2 * HOUR):
        await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.BUSINESS, "typed twice"))
    with on(MONDAY + 3 * HOUR):
        await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
    return package_id


async def test_every_movement_and_payment_is_a_step(house: Harbour) -> None:
    package_id = await lived(house)
    with counting() as counter:
        explanation = await explained(house.owner, package_id)
    assert len(counter) == 3
    assert [
        (s.act, s.label, s.formula, s.sessions_change, s.available_after, s.value_change_minor, s.after.value_left_minor)
        for s in explanation.steps
    ] == [
        ("sell_package", "3 sessions were bought at Lisbon Chiado.", "180.00 × 180.00 / 240.00 = 135.00", 3, 3, 13500, 13500),
        ("sell_package", "1 session was added free of charge at Lisbon Chiado.", "180.00 × 60.00 / 240.00 = 45.00", 1, 4, 4500, 18000),
        ("sell_package", "100.00 EUR was paid in cash at Lisbon Chiado.", "180.00 - 100.00 = 80.00 outstanding", 0, 4, 0, 18000),
        ("redeem_session", "3 sessions of Massage 60 were used at Madrid Salamanca.", "135.00 × 3 / 3 = 135.00", -3, 1, -13500, 4500),
        ("redeem_session", "1 session of Massage 60 was used at Madrid Salamanca.", "45.00 × 1 / 1 = 45.00", -1, 0, -4500, 0),
        ("reverse_redemption", "1 session of Massage 60 was given back at Madrid Salamanca.", "0.00 + 45.00 = 45.00", 1, 1, 4500, 4500),
        ("reverse_redemption", "3 sessions of Massage 60 were given back at Madrid Salamanca.", "0.00 + 135.00 = 135.00", 3, 4, 13500, 18000),
        ("grant_goodwill", "1 session was granted as goodwill at Lisbon Chiado.", "0.00 + 0.00 = 0.00", 1, 5, 0, 18000),
    ]  # fmt: skip
    assert explanation.balance == explanation.steps[-1].after
    assert explanation.balance.outstanding_minor == 8000
    with on(MONDAY + 4 * HOUR):
        lots = (await package(house, package_id)).lots
    assert explanation.balance.available == sum(lot.available for lot in lots)


async def test_any_past_instant_as_it_was_recorded_then(house: Harbour) -> None:
    package_id = await lived(house)
    steps = [
        (len(found.steps), found.balance.available, found.balance.value_left_minor, found.balance.outstanding_minor)
        for found in [await explained(house.owner, package_id, at=MONDAY + n * HOUR) for n in range(4)]
    ]
    assert steps == [(3, 4, 18000, 8000), (5, 0, 0, 8000), (7, 4, 18000, 8000), (8, 5, 18000, 8000)]
    before = await explained(house.owner, package_id, at=MONDAY - HOUR)
    assert (before.steps, before.balance.issued, before.balance.outstanding_minor) == ((), 0, 0)


async def test_a_visit_recorded_later_is_not_known_before(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(MONDAY + 30 * HOUR):
        await used(house, package_id, visited_at=MONDAY + HOUR)
    assert (await explained(house.owner, package_id, at=MONDAY + 2 * HOUR)).balance.available == 10
    last = (await explained(house.owner, package_id, MONDAY + 31 * HOUR)).steps[-1]
    assert (last.effective_at, last.recorded_at) == (MONDAY + HOUR, MONDAY + 30 * HOUR)


async def test_those_who_may_see_the_package_and_nobody_else(house: Harbour) -> None:
    package_id = await lived(house)
    for may in (house.desk_lis, house.manager_mad, house.accountant, house.integrator):
        assert await explain(may, package_id) is not None
    for shares in (house.ana, house.rui):
        assert await explain(await customer_actor(house, shares), package_id) is not None
    assert await explain(await customer_actor(house, house.eva), package_id) is None
    assert await explain(house.other_owner, package_id) is None
    assert await explain(house.owner, "pkg_none") is None
    # Madrid sees nothing of what was neither sold nor used there.
    assert await explain(house.manager_mad, await sold(house, house.ten)) is None


async def use_give_back_use(house: Harbour) -> str:
    """All ten sessions are used, given back, and used again by a process whose clock is a second behind."""
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        use = await used(house, package_id, sessions=10)
    with on(MONDAY + 2 * SECOND):
        await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.BUSINESS, "typed twice"))
    with on(MONDAY + SECOND):
        await used(house, package_id, sessions=10)
    return package_id


async def test_where_clocks_differ_an_instant_is_never_a_balance_that_did_not_exist(house: Harbour) -> None:
    package_id = await use_give_back_use(house)
    stood = [
        (len(found.steps), found.balance.available, found.balance.consumed)
        for found in [await explained(house.owner, package_id, at=MONDAY + n * SECOND) for n in range(3)]
    ]
    # What was recorded at the first second builds on what was recorded at the second one, and counts with it.
    assert stood == [(2, 0, 10), (2, 0, 10), (4, 0, 10)]


async def test_now_is_the_balance_even_where_another_clock_is_ahead(house: Harbour) -> None:
    package_id = await use_give_back_use(house)
    explanation = await explained(house.owner, package_id, MONDAY + SECOND)
    assert (len(explanation.steps), explanation.at) == (4, MONDAY + SECOND)


async def test_the_clock_of_one_package_cuts_no_other(house: Harbour) -> None:
    with on(MONDAY):
        early = await sold(house, house.ten)
    late = await use_give_back_use(house)
    found = await explain_many(house.owner, [late, early, "pkg_none"], at=MONDAY + SECOND)
    assert {package_id: len(told.steps) for package_id, told in found.items()} == {early: 1, late: 2}
