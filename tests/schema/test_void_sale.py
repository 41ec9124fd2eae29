"""Sales are declared void over HTTP: what goes back is told payment by payment, and every refusal has its facts."""

from datetime import timedelta

import pytest

from domain.kernel.commands import run_command
from domain.ledger.accounts import PaymentMethod, Received
from domain.payments.open_dispute import OpenDispute
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.graph import graph
from tests.fixtures.money_acts import CREDIT, paid
from tests.fixtures.package_acts import VOID, euros, key, refused, voiding
from tests.fixtures.time_acts import LAPSES, booked

pytestmark = pytest.mark.anyio


async def test_a_void_sale_is_told_in_full_and_only_once(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten, payments=cash(20000))
        payment = await paid(house, package_id, 26000, method=PaymentMethod.CARD, keep_excess=True)
        given = voiding(package_id)
        async with graph() as app:
            told = await app.act(house.desk_lis, VOID, input=given)
            assert told.pop("operationId").startswith("op_") and told["payments"][0].pop("paymentId").startswith("pay_")
            assert told == {
                "__typename": "VoidSalePayload",
                "replayed": False,
                "sessions": 10,
                "credited": euros("450.00"),
                "payments": [
                    {"branchId": house.lis, "method": "CASH", "amount": euros("200.00"), "kept": euros("0.00")},
                    {
                        "paymentId": payment,
                        "branchId": house.lis,
                        "method": "CARD",
                        "amount": euros("260.00"),
                        "kept": euros("10.00"),
                    },
                ],
                "package": {
                    "status": "VOIDED",
                    "closedAs": "VOIDED",
                    "closedAt": "2026-03-02T10:00:00Z",
                    "outstanding": euros("0.00"),
                },
            }
            assert (await app.act(house.desk_lis, VOID, input=given))["replayed"] is True
            assert await refused(app, house.desk_lis, VOID, given | {"idempotencyKey": key()}) == (
                "PackageClosed",
                {
                    "path": [],
                    "packageId": package_id,
                    "closedAs": "VOIDED",
                    "closedAt": "2026-03-02T10:00:00Z",
                    "upgradedToPackageId": None,
                },
            )


async def test_what_keeps_a_sale_from_being_void(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        async with graph() as app:
            used_up = await sold(house, house.ten)
            await used(house, used_up, sessions=2)
            assert await refused(app, house.owner, VOID, voiding(used_up)) == (
                "SaleUsed",
                {"path": [], "packageId": used_up, "used": 2, "lapsed": 0, "moved": 0, "refunded": 0, "added": 0},
            )
            promised = await sold(house, house.ten)
            booking = await booked(house, promised, MONDAY + timedelta(days=2))
            assert await refused(app, house.owner, VOID, voiding(promised)) == (
                "PackageBooked",
                {
                    "path": [],
                    "packageId": promised,
                    "bookings": [{"bookingId": booking, "startsAt": "2026-03-04T10:00:00Z"}],
                },
            )
            online = (Received(PaymentMethod.ONLINE_LINK, 45000),)
            disputed = await sold(house, house.ten, payments=online)
            await run_command(house.owner, OpenDispute(disputed, 45000, "EUR", "stolen card"))
            assert await refused(app, house.owner, VOID, voiding(disputed)) == (
                "PackageDisputed",
                {"path": [], "packageId": disputed, "disputedAt": "2026-03-02T10:00:00Z"},
            )
            spent = await sold(house, house.ten)
            payment = await paid(house, spent, 46000, keep_excess=True)
            await sold(house, house.trial, payments=(Received(CREDIT, 1),))
            kind, facts = await refused(app, house.owner, VOID, voiding(spent))
            assert (kind, facts["paymentId"], facts["kept"], facts["available"]) == (
                "CreditSpent",
                payment,
                euros("10.00"),
                euros("9.99"),
            )
            late = await sold(house, house.ten)
            with on(MONDAY + timedelta(days=3)):
                assert await refused(app, house.desk_lis, VOID, voiding(late)) == (
                    "VoidTooLate",
                    {"path": [], "packageId": late, "until": "2026-03-04T10:00:00Z"},
                )
            with on(LAPSES):
                kind, facts = await refused(app, house.owner, VOID, voiding(late))
                assert (kind, facts["lapsed"]) == ("SaleUsed", 10)


async def test_input_that_cannot_be(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    async with graph() as app:
        kind, facts = await refused(app, house.owner, VOID, voiding(package_id, reason=" "))
        assert (kind, facts["path"]) == ("InvalidInput", ["reason"])
        absent = voiding("pkg_none")
        assert await refused(app, house.owner, VOID, absent) == (
            "NotFound",
            {"path": ["packageId"], "noun": "package", "id": "pkg_none"},
        )
