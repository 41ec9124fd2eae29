"""A package that is frozen or disputed says so over HTTP, and says when that ends where it is known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.catalog.terms import Item, Validity, ValidityStart
from tests.fixtures.blocked import disputed, frozen
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import REDEEM, refused, use

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ASK = "query($id: ID!) { package(id: $id) { status frozenFrom thawsAt thawsOn disputedAt startBy } }"


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_freeze_is_shown_from_when_it_is_planned_until_it_is_over(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    await frozen(package_id, MONDAY + DAY, MONDAY + 8 * DAY)
    freeze = {"frozenFrom": "2026-03-03T10:00:00Z", "thawsAt": "2026-03-10T10:00:00Z", "thawsOn": "2026-03-10"}
    nothing: dict[str, None] = dict.fromkeys(freeze)
    async with graph() as app:
        for days, status, shown in ((0, "ACTIVE", freeze), (1, "FROZEN", freeze), (8, "ACTIVE", nothing)):
            with on(MONDAY + days * DAY):
                found = await app.ask(house.desk_lis, ASK, id=package_id)
            assert found["package"] == {"status": status, "disputedAt": None, "startBy": None, **shown}


async def test_the_day_of_the_thaw_is_that_of_the_home_branch(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, branch_id=house.mad)
        midnight_in_madrid = MONDAY.replace(hour=23) + 5 * DAY
        await frozen(package_id, MONDAY, midnight_in_madrid)
        async with graph() as app:
            found = (await app.ask(house.owner, ASK, id=package_id))["package"]
            assert (found["thawsAt"], found["thawsOn"]) == ("2026-03-07T23:00:00Z", "2026-03-08")
            assert await refused(app, house.owner, REDEEM, use(house, package_id)) == (
                "PackageFrozen",
                {
                    "path": [],
                    "packageId": package_id,
                    "frozenFrom": "2026-03-02T10:00:00Z",
                    "thawsAt": "2026-03-07T23:00:00Z",
                    "thawsOn": "2026-03-08",
                },
            )


async def test_a_disputed_package_refuses_use_whatever_else_it_is(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await frozen(package_id, MONDAY, MONDAY + DAY)
        await disputed(package_id, MONDAY)
        async with graph() as app:
            found = (await app.ask(house.owner, ASK, id=package_id))["package"]
            assert (found["status"], found["disputedAt"]) == ("DISPUTED", "2026-03-02T10:00:00Z")
            assert await refused(app, house.owner, REDEEM, use(house, package_id)) == (
                "PackageDisputed",
                {"path": [], "packageId": package_id, "disputedAt": "2026-03-02T10:00:00Z"},
            )


async def test_the_last_day_to_start_is_shown_where_the_first_use_starts_validity(house: Harbour) -> None:
    validity = Validity(days=90, starts=ValidityStart.FIRST_USE, start_within_days=30)
    by_first_use = terms(Item((house.physio,), 5), price_minor=20000)
    with on(MONDAY):
        definition = await published(house.owner, "FIRST", replace(by_first_use, validity=validity))
        package_id = await sold(house, definition)
        async with graph() as app:
            assert (await app.ask(house.owner, ASK, id=package_id))["package"]["startBy"] == "2026-04-01"
