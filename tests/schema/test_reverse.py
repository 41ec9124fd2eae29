"""Redemptions are reversed over HTTP: once, in time, and without losing a session to a lapse."""

from datetime import timedelta

import pytest

from domain.catalog.terms import Item
from domain.kernel.ids import new_id
from tests.fixtures.chain import harbour, published, terms
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import REVERSE, refused, undoing

pytestmark = pytest.mark.anyio


async def test_the_sessions_come_back(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    redemption = await used(house, package_id, sessions=3)
    async with graph() as app:
        answer = await app.act(house.desk_lis, REVERSE, input=undoing(redemption.operation_id))
    assert answer.pop("operationId") != redemption.operation_id
    assert answer == {
        "__typename": "ReverseRedemptionPayload",
        "replayed": False,
        "sessions": 3,
        "remaining": 10,
        "replacementLotId": None,
        "package": {
            "id": package_id,
            "version": 3,
            "balance": {
                "issued": 10,
                "available": 10,
                "held": 0,
                "consumed": 0,
                "expired": 0,
                "refunded": 0,
                "moved": 0,
                "remaining": 10,
            },
        },
    }


async def test_a_second_reversal_is_refused_with_the_first(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        redemption = await used(house, await sold(house, house.ten))
        async with graph() as app:
            first = await app.act(house.owner, REVERSE, input=undoing(redemption.operation_id))
            assert await refused(app, house.owner, REVERSE, undoing(redemption.operation_id)) == (
                "AlreadyReversed",
                {
                    "path": [],
                    "redemptionId": redemption.operation_id,
                    "reversalId": first["operationId"],
                    "reversedAt": "2026-03-02T10:00:00Z",
                },
            )


async def test_after_two_days_it_takes_a_manager(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        redemption = await used(house, await sold(house, house.ten))
    async with graph() as app:
        with on(MONDAY + timedelta(hours=48, seconds=1)):
            assert await refused(app, house.desk_lis, REVERSE, undoing(redemption.operation_id)) == (
                "ReversalTooLate",
                {"path": [], "redemptionId": redemption.operation_id, "until": "2026-03-04T10:00:00Z"},
            )
            done = await app.act(house.manager_lis, REVERSE, input=undoing(redemption.operation_id))
            assert done["remaining"] == 10


async def test_a_session_whose_lot_has_lapsed_is_replaced_when_the_business_was_at_fault(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        short = await published(house.owner, "SHORT", terms(Item((house.physio,), 5), price_minor=20000, days=1))
        redemptions = {}
        for fault in ("BUSINESS", "CUSTOMER"):
            redemptions[fault] = (await used(house, await sold(house, short))).operation_id
    async with graph() as app:
        with on(MONDAY + timedelta(days=3)):
            given = {fault: undoing(redemption, fault=fault) for fault, redemption in redemptions.items()}
            business = await app.act(house.manager_lis, REVERSE, input=given["BUSINESS"])
            customer = await app.act(house.manager_lis, REVERSE, input=given["CUSTOMER"])
    assert business["replacementLotId"].startswith("lot_")
    assert (business["remaining"], business["package"]["balance"]["moved"]) == (1, 1)
    assert customer["replacementLotId"] is None
    assert (customer["remaining"], customer["package"]["balance"]["expired"]) == (0, 5)


async def test_what_is_no_redemption_is_not_found(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    async with graph() as app:
        sale = await app.ask(house.owner, '{ operations(filter: {act: "sell_package"}) { nodes { id } } }')
        for nothing in (sale["operations"]["nodes"][0]["id"], new_id("op"), package_id, ""):
            assert await refused(app, house.owner, REVERSE, undoing(nothing)) == (
                "NotFound",
                {"path": ["redemptionId"], "noun": "redemption", "id": nothing},
            )
