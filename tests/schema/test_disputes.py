"""Disputes are opened, won and lost over HTTP, and every refusal has its facts."""

from datetime import timedelta

import pytest

from domain.ledger.accounts import PaymentMethod, Received
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import DISPUTE, LOSE, WIN, disputing, euros, key, refused, settling
from tests.fixtures.time_acts import booked

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


async def test_a_dispute_that_is_lost(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
        losing = settling(package_id, reason="the bank believes the card holder")
        async with graph() as app:
            assert await refused(app, house.owner, LOSE, losing) == (
                "NotDisputed",
                {"path": [], "packageId": package_id},
            )
            await app.act(house.manager_lis, DISPUTE, input=disputing(package_id, amount=euros("100.00")))
            with on(MONDAY + timedelta(days=1)):
                lost = await app.act(house.manager_lis, LOSE, input=losing)
                assert (await app.act(house.manager_lis, LOSE, input=losing))["replayed"] is True
            assert lost.pop("operationId").startswith("op_") and lost["lots"][0].pop("lotId").startswith("lot_")
            assert lost == {
                "__typename": "LoseDisputePayload",
                "replayed": False,
                "thawedOn": "2026-03-03",
                "sessions": 2,
                "closed": False,
                "remaining": 8,
                "lots": [{"lastDay": "2026-08-30"}],
                "lost": euros("100.00"),
                "value": euros("90.00"),
                "tax": euros("0.00"),
                "badDebt": euros("10.00"),
                "package": {"status": "ACTIVE"},
            }
            assert await app.errors(house.desk_lis, LOSE, input=losing) == ["FORBIDDEN"]


async def test_bookings_that_keep_a_dispute_from_being_lost_are_named(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
        booking = await booked(house, package_id, MONDAY + timedelta(days=2))
        async with graph() as app:
            await app.act(house.manager_lis, DISPUTE, input=disputing(package_id, amount=euros("450.00")))
            assert await refused(app, house.owner, LOSE, settling(package_id)) == (
                "PackageBooked",
                {
                    "path": [],
                    "packageId": package_id,
                    "bookings": [{"bookingId": booking, "startsAt": "2026-03-04T10:00:00Z"}],
                },
            )
