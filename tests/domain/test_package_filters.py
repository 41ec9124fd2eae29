"""Every filter of packages finds exactly what it says, for whoever may see it, on both databases."""

from datetime import date, timedelta
from itertools import product

import pytest

from domain.catalog.terms import Activation, Item, Use
from domain.kernel.access import Actor
from domain.kernel.db import execute
from domain.packages import reading
from domain.packages.closing_store import close
from domain.packages.rules import Status
from domain.packages.sold import Closing
from domain.packages.view import PackageFilter, PackageOrder, Position
from tests.fixtures.blocked import disputed, frozen
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


async def test_blocks_that_overlap_are_found_as_the_package_itself_says(house: Harbour) -> None:
    """Every combination of waiting, disputed, frozen, lapsed, used up and closed has one status, in both places."""
    day = timedelta(days=1)
    freezes = {"none": None, "over": (-2, 0), "holds": (0, 1), "planned": (1, 2)}
    disputes = {"none": None, "now": 0}
    contents = ("left", "used up", "expired", "lapsed", "in grace")
    packages: dict[tuple[bool, str, str, str], str] = {}
    with on(MONDAY):
        for active, freeze, dispute, content in product((True, False), freezes, disputes, contents):
            package_id = packages[active, freeze, dispute, content] = await sold(house, house.ten)
            if not active:
                await execute("UPDATE package SET activated_at = NULL WHERE id = $1", package_id)
            if (period := freezes[freeze]) is not None:
                await frozen(package_id, MONDAY + period[0] * day, MONDAY + period[1] * day)
            if disputes[dispute] is not None:
                await disputed(package_id, MONDAY)
            await filled(package_id, content)
        closed = {closing: await sold(house, house.ten) for closing in Closing}
        for closing, package_id in closed.items():
            await close(package_id, closing, MONDAY)
        views = await reading.by_ids(house.owner, [*packages.values(), *closed.values()])
        for status in Status:
            expected = {package_id for package_id, view in views.items() if view.status is status}
            assert set(await found(house.owner, statuses=(status,))) == expected and expected
        said = {case: views[package_id].status for case, package_id in packages.items()}
    ended = (Status.VOIDED, Status.CHARGED_BACK, Status.UPGRADED, Status.REFUNDED)
    assert [views[closed[closing]].status for closing in Closing] == list(ended)
    assert {status for (active, *_), status in said.items() if not active} == {Status.PENDING}
    assert said[True, "holds", "now", "left"] is said[True, "planned", "now", "in grace"] is Status.DISPUTED
    assert said[True, "holds", "none", "left"] is said[True, "holds", "none", "in grace"] is Status.FROZEN
    assert said[True, "over", "none", "left"] is said[True, "planned", "none", "left"] is Status.ACTIVE
    assert said[True, "holds", "none", "lapsed"] is said[True, "planned", "now", "lapsed"] is Status.EXPIRED
    assert said[True, "holds", "now", "expired"] is Status.EXPIRED
    assert said[True, "over", "none", "in grace"] is Status.IN_GRACE


async def filled(package_id: str, content: str) -> None:
    """Give the package's one lot what the name says; its dates are moved, its sessions used or gone."""
    where = {"used up": "consumed", "expired": "expired"}.get(content)
    if where is not None:
        await execute(
            f"UPDATE lot SET available = 0, {where} = issued, value_left_minor = 0 WHERE package_id = $1", package_id
        )
    expires, lapses = {"lapsed": (-2, -1), "in grace": (-1, 1)}.get(content, (1, 2))
    await execute(
        "UPDATE lot SET expires_at = $2, lapses_at = $3 WHERE package_id = $1",
        package_id,
        MONDAY + timedelta(days=expires),
        MONDAY + timedelta(days=lapses),
    )


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
