"""The audit log over HTTP: newest first, filtered, and only what happened where whoever asks may look."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.access import Actor
from domain.kernel.db import counting
from domain.ledger.seal import seal_operations
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.graph import Graph, graph
from tests.fixtures.ledgers import traded
from tests.fixtures.package_acts import REVERSE, SELL, sale, undoing

pytestmark = pytest.mark.anyio

OPERATIONS = """query($first: Int, $after: String, $filter: OperationFilterInput) {
  operations(first: $first, after: $after, filter: $filter) { totalCount nodes { id act branch { code }
    reverses { id } position } pageInfo { hasNextPage endCursor } } }"""


async def acts(app: Graph, actor: Actor, **which: Any) -> list[str]:
    """What was done, newest first."""
    found = (await app.ask(actor, OPERATIONS, first=100, filter=which))["operations"]
    return [node["act"] for node in found["nodes"]]


async def test_operations_come_newest_first_page_by_page(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    async with graph() as app:
        which = {"packageId": trade.package_id}
        one = (await app.ask(house.owner, OPERATIONS, first=3, filter=which))["operations"]
        after = one["pageInfo"]["endCursor"]
        two = (await app.ask(house.owner, OPERATIONS, first=3, after=after, filter=which))["operations"]
    assert (one["pageInfo"]["hasNextPage"], two["pageInfo"]["hasNextPage"]) == (True, False)
    nodes = one["nodes"] + two["nodes"]
    assert [node["act"] for node in nodes] == [
        "redeem_session",
        "reverse_redemption",
        "redeem_session",
        "redeem_session",
        "sell_package",
    ]
    assert nodes[0]["id"] == trade.redeemed_in_madrid and nodes[0]["branch"] == {"code": "MAD"}
    assert nodes[1]["reverses"] == {"id": nodes[2]["id"]}
    assert one["totalCount"] is None


async def test_operations_are_found_by_each_part_of_a_filter(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
    with on(MONDAY + timedelta(hours=1)):
        package_id = await sold(house, house.ten)
        await sold(house, house.bundle, customer_id=house.eva, branch_id=house.mad)
    with on(MONDAY + timedelta(hours=2)):
        await used(house, package_id, branch_id=house.mad)
    async with graph() as app:
        late, later = "2026-03-02T11:00:00Z", "2026-03-02T12:00:00Z"
        for which, expected in (
            ({"act": "redeem_session"}, ["redeem_session"]),
            ({"packageId": package_id}, ["redeem_session", "sell_package"]),
            ({"customerId": house.eva, "act": "sell_package"}, ["sell_package"]),
            ({"principalId": house.owner.id}, ["redeem_session", "sell_package", "sell_package"]),
            ({"branchId": house.mad, "recordedFrom": late}, ["redeem_session", "sell_package"]),
            ({"recordedFrom": late, "recordedBefore": later}, ["sell_package", "sell_package"]),
            ({"recordedFrom": later}, ["redeem_session"]),
            ({"recordedBefore": "0001-01-01T00:00:00Z"}, []),
            ({"act": "no_such_act"}, []),
        ):
            assert await acts(app, house.owner, **which) == expected, which


async def test_the_staff_see_what_happened_at_their_branches(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    async with graph() as app:
        assert (await acts(app, house.manager_mad))[0] == "redeem_session"
        assert "sell_package" not in await acts(app, house.manager_mad)
        assert await acts(app, house.manager_mad, branchId=house.lis) == []
        assert (await acts(app, house.practitioner_lis))[:2] == ["reverse_redemption", "redeem_session"]
        assert "create_api_key" in await acts(app, house.accountant)
        assert "create_api_key" not in await acts(app, house.desk_lis)
        assert set(await acts(app, house.other_owner)) == {
            "found_chain",
            "open_branch",
            "grant_role",
            "register_customer",
        }


async def test_customers_see_what_was_done_for_them_and_nothing_else(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    async with graph() as app:
        ana, eva = await customer_actor(house, house.ana), await customer_actor(house, house.eva)
        assert await acts(app, ana) == [
            "redeem_session",
            "reverse_redemption",
            "redeem_session",
            "redeem_session",
            "sell_package",
            "form_household",
            "register_customer",
        ]
        assert await acts(app, ana, customerId=house.eva) == []
        assert await acts(app, eva) == ["register_customer"]


async def test_a_sealed_operation_has_its_gapless_position(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    sealed = await seal_operations(house.chain_id)
    async with graph() as app:
        nodes = (await app.ask(house.owner, OPERATIONS, first=100))["operations"]["nodes"]
    assert [node["position"] for node in nodes] == list(range(sealed, 0, -1))


async def test_a_page_with_branches_and_what_is_mirrored_is_four_statements(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for _ in range(3):
            await traded(house)
            with counting() as counter:
                await app.ask(house.owner, OPERATIONS, first=100)
            assert len(counter) == 4, counter.statements  # who asks, the page, branches, what is mirrored


async def test_an_act_over_http_is_in_the_log_with_who_did_it_and_why(db: str) -> None:
    house = await harbour(db)
    log = """query($id: ID!) { node(id: $id) { ... on Operation { act reason principal { kind id } customerId } } }"""
    async with graph() as app:
        sold_now = await app.act(house.desk_lis, SELL, input=sale(house, reason=" by telephone "))
        told = (await app.ask(house.manager_lis, log, id=sold_now["operationId"]))["node"]
        assert (await app.act(house.desk_lis, REVERSE, input=undoing(sold_now["operationId"])))[
            "__typename"
        ] == "NotFound"
    assert told == {
        "act": "sell_package",
        "reason": "by telephone",
        "principal": {"kind": "STAFF", "id": house.desk_lis.id},
        "customerId": house.ana,
    }
