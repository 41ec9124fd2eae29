"""The history of a package is read from either end, page by page."""

from typing import Any

import pytest

from domain.kernel.access import Actor
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.graph import Graph, graph
from tests.fixtures.ledgers import Traded, traded

pytestmark = pytest.mark.anyio

HISTORY = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { package(id: $id) {
  history(first: $first, after: $after, last: $last, before: $before) {
    nodes { id } edges { cursor node { packageVersion } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
IN_FULL = """query($id: ID!) { package(id: $id) { history { nodes {
  id act principal { kind id } effectiveAt recordedAt reason packageVersion sessionsChange position packageId customerId
  branch { code } reverses { id act } } } } }"""


async def page(app: Graph, actor: Actor, package_id: str, **part: Any) -> tuple[list[int], dict[str, Any]]:
    """The versions on a page of the history, and where the page lies."""
    history = (await app.ask(actor, HISTORY, id=package_id, **part))["package"]["history"]
    assert len(history["nodes"]) == len(history["edges"])
    return [edge["node"]["packageVersion"] for edge in history["edges"]], history["pageInfo"]


async def five_operations(db: str) -> tuple[Harbour, Traded]:
    """A sale, two redemptions, the reversal of the second one, and a redemption in Madrid."""
    with on(MONDAY):
        house = await harbour(db)
        return house, await traded(house)


async def test_every_operation_is_told_in_full(db: str) -> None:
    house, trade = await five_operations(db)
    async with graph() as app:
        nodes = (await app.ask(house.desk_lis, IN_FULL, id=trade.package_id))["package"]["history"]["nodes"]
    same = {
        "principal": {"kind": "STAFF", "id": house.owner.id},
        "effectiveAt": "2026-03-02T10:00:00Z",
        "recordedAt": "2026-03-02T10:00:00Z",
        "reason": "",
        "position": None,
        "packageId": trade.package_id,
        "customerId": house.ana,
        "branch": {"code": "LIS"},
        "reverses": None,
    }
    mistaken = nodes[2]["id"]
    assert nodes == [
        same | {"id": trade.sale, "act": "sell_package", "packageVersion": 1, "sessionsChange": 10},
        same | {"id": trade.redeemed, "act": "redeem_session", "packageVersion": 2, "sessionsChange": -1},
        same | {"id": mistaken, "act": "redeem_session", "packageVersion": 3, "sessionsChange": -1},
        same
        | {"id": trade.reversal, "act": "reverse_redemption", "packageVersion": 4, "sessionsChange": 1}
        | {"reason": "typed twice", "reverses": {"id": mistaken, "act": "redeem_session"}},
        same
        | {"id": trade.redeemed_in_madrid, "act": "redeem_session", "packageVersion": 5, "sessionsChange": -1}
        | {"branch": {"code": "MAD"}},
    ]


async def test_it_goes_forward_from_the_oldest(db: str) -> None:
    house, trade = await five_operations(db)
    async with graph() as app:
        one, info = await page(app, house.owner, trade.package_id, first=2)
        assert (one, info["hasPreviousPage"], info["hasNextPage"]) == ([1, 2], False, True)
        two, info = await page(app, house.owner, trade.package_id, first=2, after=info["endCursor"])
        assert (two, info["hasPreviousPage"], info["hasNextPage"]) == ([3, 4], True, True)
        three, info = await page(app, house.owner, trade.package_id, first=2, after=info["endCursor"])
        assert (three, info["hasPreviousPage"], info["hasNextPage"]) == ([5], True, False)
        none, info = await page(app, house.owner, trade.package_id, first=2, after=info["endCursor"])
        assert none == [] and info["startCursor"] is None and info["endCursor"] is None


async def test_it_goes_backward_from_the_newest_and_keeps_the_order(db: str) -> None:
    house, trade = await five_operations(db)
    async with graph() as app:
        one, info = await page(app, house.owner, trade.package_id, last=2)
        assert (one, info["hasPreviousPage"], info["hasNextPage"]) == ([4, 5], True, False)
        two, info = await page(app, house.owner, trade.package_id, last=2, before=info["startCursor"])
        assert (two, info["hasPreviousPage"], info["hasNextPage"]) == ([2, 3], True, True)
        three, info = await page(app, house.owner, trade.package_id, last=2, before=info["startCursor"])
        assert (three, info["hasPreviousPage"], info["hasNextPage"]) == ([1], False, True)


async def test_a_window_between_two_cursors(db: str) -> None:
    house, trade = await five_operations(db)
    async with graph() as app:
        history = (await app.ask(house.owner, HISTORY, id=trade.package_id))["package"]["history"]
        cursors = [edge["cursor"] for edge in history["edges"]]
        between = {"after": cursors[0], "before": cursors[4]}
        assert (await page(app, house.owner, trade.package_id, **between))[0] == [2, 3, 4]
        assert (await page(app, house.owner, trade.package_id, last=2, **between))[0] == [3, 4]


async def test_what_cannot_be_a_page_is_refused(db: str) -> None:
    house, trade = await five_operations(db)
    async with graph() as app:
        history = (await app.ask(house.owner, HISTORY, id=trade.package_id, first=1))["package"]["history"]
        other = {"id": (await traded(house)).package_id, "after": history["pageInfo"]["endCursor"]}
        for part in ({"first": 0}, {"last": 101}, {"first": 1, "last": 1}, {"before": "nonsense"}, other):
            assert await app.errors(house.owner, HISTORY, **{"id": trade.package_id, **part}) == ["BAD_USER_INPUT"]


async def test_a_customer_reads_the_whole_history_of_a_package(db: str) -> None:
    house, trade = await five_operations(db)
    async with graph() as app:
        ana = await customer_actor(house, house.ana)
        assert (await page(app, ana, trade.package_id))[0] == [1, 2, 3, 4, 5]
