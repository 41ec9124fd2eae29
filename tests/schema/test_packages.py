"""Packages are read over HTTP: page by page, filtered, as far as whoever asks may see, and in few statements."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.access import Actor
from domain.kernel.db import counting
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.graph import Graph, graph

pytestmark = pytest.mark.anyio

IDS = """query($first: Int, $after: String, $filter: PackageFilterInput, $order: PackageOrder!) {
  packages(first: $first, after: $after, filter: $filter, orderBy: $order) { totalCount nodes { id }
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
FIFTY = """{ packages(first: 50) { nodes { name status branch { name } definition { code }
  history(last: 5) { nodes { act sessionsChange } } } } }"""
MOBILE = """{ viewer { packages(first: 20) { nodes { name status balance { available held } expiresOn branch { name }
  history(last: 5) { nodes { act effectiveAt sessionsChange branch { name } } } } } } }"""
EVERYTHING = """{ packages(first: 20) { totalCount nodes { name branch { code } sellingBranch { code }
  holder { name homeBranch { code } household { name members { name } } } definition { current { version } }
  terms { items { services { name } } where { branches { code } } } balance { byService { service { name } } }
  lots { services { code } } history(first: 3) { nodes { branch { code } reverses { id } } } } } }"""


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def found(app: Graph, actor: Actor, **which: Any) -> list[str]:
    """The ids that a filter finds, oldest sale first; the count agrees with them."""
    page = (await app.ask(actor, IDS, first=100, filter=which, order="SOLD_FIRST_FIRST"))["packages"]
    ids = [node["id"] for node in page["nodes"]]
    assert page["totalCount"] == len(ids)
    return ids


async def sold_daily(house: Harbour, packages: int) -> list[str]:
    """So many packages of ten, sold to Ana one a day."""
    ids = []
    for day in range(packages):
        with on(MONDAY + timedelta(days=day)):
            ids.append(await sold(house, house.ten))
    return ids


async def test_pages_go_through_all_packages_in_either_order(house: Harbour) -> None:
    ids = await sold_daily(house, 5)
    async with graph() as app:
        for order, expected in (("SOLD_FIRST_FIRST", ids), ("SOLD_LAST_FIRST", ids[::-1])):
            seen: list[str] = []
            after, more = None, True
            while more:
                page = (await app.ask(house.owner, IDS, first=2, after=after, order=order))["packages"]
                info = page["pageInfo"]
                cursors = [edge["cursor"] for edge in page["edges"]]
                assert (info["startCursor"], info["endCursor"]) == (cursors[0], cursors[-1])
                assert (page["totalCount"], info["hasPreviousPage"]) == (5, bool(seen))
                seen += [node["id"] for node in page["nodes"]]
                after, more = info["endCursor"], info["hasNextPage"]
            assert seen == expected


async def test_a_cursor_is_good_only_for_its_own_filter_and_order(house: Harbour) -> None:
    await sold_daily(house, 2)
    async with graph() as app:
        page = (await app.ask(house.owner, IDS, first=1, order="SOLD_FIRST_FIRST"))["packages"]
        cursor = page["pageInfo"]["endCursor"]
        for other in ({"order": "SOLD_LAST_FIRST"}, {"order": "SOLD_FIRST_FIRST", "filter": {"branchId": house.lis}}):
            assert await app.errors(house.owner, IDS, after=cursor, **other) == ["BAD_USER_INPUT"]


async def test_packages_are_found_by_each_part_of_a_filter(house: Harbour) -> None:
    with on(MONDAY):
        ten = await sold(house, house.ten, reference="R-1")
        massages = await sold(house, house.buy_3_free_1, customer_id=house.eva, branch_id=house.mad)
        empty = await sold(house, house.trial, customer_id=house.rui)
        await used(house, empty, service_id=house.facial, sessions=3)
        async with graph() as app:
            assert await found(app, house.owner) == [ten, massages, empty]
            for which, expected in (
                ({"branchId": house.mad}, [massages]),
                ({"holderId": house.ana}, [ten]),
                ({"definitionId": house.trial}, [empty]),
                ({"serviceId": house.massage}, [massages]),
                ({"reference": "R-1"}, [ten]),
                ({"reference": "r-1"}, []),
                ({"statuses": ["USED_UP"]}, [empty]),
                ({"statuses": ["ACTIVE", "USED_UP", "ACTIVE"]}, [ten, massages, empty]),
                ({"statuses": ["PENDING", "EXPIRED", "IN_GRACE"]}, []),
                ({"expiringBefore": "2026-07-01"}, [massages]),
                ({"expiringBefore": "2026-06-30"}, []),
                ({"remainingAtMost": 4}, [massages, empty]),
                ({"remainingAtMost": 0}, [empty]),
                ({"branchId": house.lis, "statuses": ["ACTIVE"]}, [ten]),
                ({"branchId": house.other_branch}, []),
            ):
                assert await found(app, house.owner, **which) == expected, which


async def test_the_staff_see_what_is_at_home_sold_or_used_at_their_branches(house: Harbour) -> None:
    home = await sold(house, house.ten)
    away = await sold(house, house.ten, branch_id=house.mad, customer_id=house.eva)
    async with graph() as app:
        assert await found(app, house.manager_lis) == [home]
        assert await found(app, house.manager_mad) == [away]
        await used(house, home, branch_id=house.mad)
        assert await found(app, house.manager_mad) == [home, away]
        for everywhere in (house.owner, house.accountant):
            assert await found(app, everywhere) == [home, away]
        assert await found(app, house.other_owner) == []


async def test_customers_see_their_own_packages_and_those_their_household_shares(house: Harbour) -> None:
    own = await sold(house, house.ten)
    shared = await sold(house, house.bundle, customer_id=house.rui)
    alone = await sold(house, house.ten, customer_id=house.rui)
    elsewhere = await sold(house, house.bundle, customer_id=house.eva)
    one = "query($id: ID!) { package(id: $id) { id holder { name phone } } }"
    async with graph() as app:
        ana, eva = await customer_actor(house, house.ana), await customer_actor(house, house.eva)
        assert await found(app, ana) == [own, shared]
        assert await found(app, ana, holderId=house.rui) == [shared]
        assert await found(app, eva) == [elsewhere]
        for hidden in (alone, elsewhere):
            assert (await app.ask(ana, one, id=hidden))["package"] is None
        seen = (await app.ask(ana, one, id=shared))["package"]
    assert seen == {"id": shared, "holder": {"name": "Rui Silva", "phone": None}}


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        pytest.param(FIFTY, 5, id="who asks, the page, branches, definitions, histories"),
        pytest.param(MOBILE, 4, id="who asks, the page, branches, histories"),
        pytest.param(EVERYTHING, 11, id="everything of every noun that a package leads to"),
    ],
)
async def test_a_page_takes_as_many_statements_for_five_packages_as_for_fifty(
    house: Harbour, query: str, statements: int
) -> None:
    async with graph() as app:
        for packages in (5, 45):
            for number in range(packages):
                branch, who = ((house.lis, house.ana), (house.mad, house.eva))[number % 2]
                package_id = await sold(house, house.ten, branch_id=branch, customer_id=who)
                await used(house, package_id, branch_id=branch)
            with counting() as counter:
                answer = await app.ask(house.owner, query)
            assert len(counter) == statements, counter.statements
        nodes = answer.get("viewer", answer)["packages"]["nodes"]
        assert len(nodes) == (50 if query is FIFTY else 20)
        assert [len(node["history"]["nodes"]) for node in nodes] == [2] * len(nodes)


async def test_packages_found_by_their_ids_are_two_statements(house: Harbour) -> None:
    ids = [await sold(house, house.ten) for _ in range(5)]
    async with graph() as app:
        for some in (ids[:1], ids):
            with counting() as counter:
                found = await app.ask(house.owner, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=some)
            assert [node["id"] for node in found["nodes"]] == some
            assert len(counter) == 2, counter.statements  # who asks, and the packages
