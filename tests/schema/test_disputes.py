"""Disputes are opened and won over HTTP, and every refusal has its facts."""

from datetime import timedelta

import pytest

from domain.ledger.accounts import PaymentMethod, Received
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import DISPUTE, WIN, disputing, euros, key, refused, settling

pytestmark = pytest.mark.anyio


async def test_a_dispute_from_its_beginning_to_its_end(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
        opening = disputing(package_id, amount=euros("450.00"), fee=euros("15.00"))
        winning = settling(package_id)
        async with graph() as app:
            assert await refused(app, house.owner, WIN, winning) == (
                "NotDisputed",
                {"path": [], "packageId": package_id},
            )
            assert await refused(app, house.owner, DISPUTE, opening | {"amount": euros("450.01")}) == (
                "DisputeExceedsPaid",
                {"path": [], "packageId": package_id, "paid": euros("450.00"), "disputed": euros("450.01")},
            )
            opened = await app.act(house.manager_lis, DISPUTE, input=opening)
            assert opened.pop("operationId").startswith("op_")
            assert opened == {
                "__typename": "OpenDisputePayload",
                "replayed": False,
                "disputedAt": "2026-03-02T10:00:00Z",
                "package": {"id": package_id, "status": "DISPUTED", "disputedAt": "2026-03-02T10:00:00Z"},
            }
            assert (await app.act(house.manager_lis, DISPUTE, input=opening))["replayed"] is True
            assert await refused(app, house.owner, DISPUTE, opening | {"idempotencyKey": key()}) == (
                "AlreadyDisputed",
                {"path": [], "packageId": package_id, "disputedAt": "2026-03-02T10:00:00Z"},
            )
            with on(MONDAY + timedelta(days=9)):
                settled = await app.act(house.manager_lis, WIN, input=winning)
            assert settled.pop("operationId").startswith("op_") and settled["lots"][0].pop("lotId").startswith("lot_")
            assert settled == {
                "__typename": "WinDisputePayload",
                "replayed": False,
                "thawedOn": "2026-03-11",
                "remaining": 10,
                "lots": [{"lastDay": "2026-09-07"}],
                "package": {"status": "ACTIVE"},
            }
            assert await app.errors(house.desk_lis, DISPUTE, input=opening) == ["FORBIDDEN"]
