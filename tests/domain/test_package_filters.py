"""Every filter of packages finds exactly what it says, for whoever may see it, on both databases."""

from datetime import date, timedelta

import pytest

from domain.catalog.terms import Activation, Item, Use
from domain.kernel.access import Actor
from domain.packages import reading
from domain.packages.rules import Status
from domain.packages.view import PackageFilter, PackageOrder, Position
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, sold, used

pytestmark = pytest.mark.anyio

NEWEST = PackageOrder.SOLD_LAST_FIRST


@pytest.fixture
async def house(db: str) -> Harbour:
    return await harbour(db)


async def found(actor: Actor, **chosen: object) -> list[str]:
    which = PackageFilter(**chosen)  # type: ignore[arg-type]
    packages = await reading.page(actor, which, NEWEST, 100)
    assert await reading.count(actor, which) == len(packages)
    return [package.id for package in packages]


async def test_each_status_finds_the_packages_that_are_in_it_by_the_clock(house: Harbour) -> None:
    pending_terms = terms(Item((house.physio,), 2), price_minor=9000, use=Use(activation=Activation.FULL_PAYMENT))
    with on(MONDAY):
        waiting = await published(house.owner, "LATER", pending_terms)
        pending = await sold(house, waiting)
        trial = await sold(house, house.trial)
        ten = await sold(house, house.ten)
        for _ in range(3):
            await used(house, trial, service_id=house.facial)
    for status, expected in ((Status.PENDING, pending), (Status.USED_UP, trial)):
        with on(MONDAY):
            assert await found(house.owner, statuses=(status,)) == [expected]
    for days, status in ((180, Status.ACTIVE), (181, Status.IN_GRACE), (195, Status.EXPIRED)):
        with on(MONDAY + timedelta(days=days)):
            assert await found(house.owner, statuses=(status,)) == [ten]
            assert set(await found(house.owner, statuses=tuple(Status))) == {pending, trial, ten}


async def test_a_customer_finds_their_own_with_and_without_a_household(house: Harbour) -> None:
    own = await sold(house, house.ten)
    shared = await sold(house, house.buy_3_free_1)
    assert await found(await customer_actor(house, house.ana)) == [shared, own]
    assert await found(await customer_actor(house, house.rui)) == [shared]
    assert await found(await customer_actor(house, house.eva)) == []


async def test_branch_staff_find_what_is_at_home_or_was_used_there(house: Harbour) -> None:
    package = await sold(house, house.ten)
    assert await found(house.manager_lis) == [package]
    assert await found(house.manager_mad) == []
    await used(house, package, branch_id=house.mad)
    assert await found(house.manager_mad) == [package]
    assert await found(house.other_owner) == []


async def test_low_balances_and_early_last_days_are_found(house: Harbour) -> None:
    with on(MONDAY):
        ten, four = await sold(house, house.ten), await sold(house, house.buy_3_free_1)
        assert await found(house.owner, remaining_at_most=4) == [four]
        assert await found(house.owner, remaining_at_most=10) == [four, ten]
        last = (await reading.by_ids(house.owner, [four]))[four].expires_on
        assert await found(house.owner, expiring_before=last + timedelta(days=1)) == [four]
        assert await found(house.owner, expiring_before=last) == []
        assert await found(house.owner, expiring_before=date(2999, 1, 1)) == [four, ten]
        assert await found(house.owner, service_id=house.massage) == [four]
        assert await found(house.owner, branch_id=house.mad) == []
        assert await found(house.owner, holder_id=house.ana, definition_id=house.ten) == [ten]


async def test_pages_follow_one_another_without_gap_or_repetition_also_when_sold_at_the_same_instant(
    house: Harbour,
) -> None:
    with on(MONDAY):
        every = [await sold(house, house.ten) for _ in range(5)]
    seen: list[str] = []
    for order, expected in ((NEWEST, every[::-1]), (PackageOrder.SOLD_FIRST_FIRST, every)):
        seen, after = [], None
        while page := await reading.page(house.owner, PackageFilter(), order, 2, after):
            seen += [package.id for package in page]
            after = Position(page[-1].sold_at, page[-1].id)
        assert seen == expected
