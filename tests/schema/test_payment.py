"""Payments are recorded over HTTP: less is outstanding, a waiting package becomes active, too much is refused."""

from datetime import UTC, datetime

import pytest

from domain.catalog.terms import Activation, Item, Use
from domain.kernel.db import execute
from domain.kernel.ids import new_id
from tests.fixtures.chain import harbour, published, terms
from tests.fixtures.desk import cash, sold
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import PAY, euros, payment, refused

pytestmark = pytest.mark.anyio

STATUS = "query($id: ID!) { package(id: $id) { status paymentState activatedAt paid { amount } } }"


async def test_a_payment_lowers_what_is_outstanding(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten, payments=cash(10000))
    async with graph() as app:
        answer = await app.act(house.desk_lis, PAY, input=payment(house, package_id, "150.00", method="BANK_TRANSFER"))
        assert answer.pop("operationId").startswith("op_")
        assert answer == {
            "__typename": "RecordPaymentPayload",
            "replayed": False,
            "activated": False,
            "outstanding": euros("200.00"),
            "package": {"id": package_id, "version": 2},
        }
        assert (await app.ask(house.desk_lis, STATUS, id=package_id))["package"] | {"activatedAt": ""} == {
            "status": "ACTIVE",
            "paymentState": "PARTIALLY_PAID",
            "activatedAt": "",
            "paid": {"amount": "250.00"},
        }


async def test_the_payment_that_completes_the_price_activates_a_waiting_package(db: str) -> None:
    house = await harbour(db)
    waiting = terms(Item((house.physio,), 5), price_minor=20000, use=Use(activation=Activation.FULL_PAYMENT))
    package_id = await sold(house, await published(house.owner, "WAIT", waiting))
    async with graph() as app:
        part = await app.act(house.owner, PAY, input=payment(house, package_id, "199.99"))
        between = (await app.ask(house.owner, STATUS, id=package_id))["package"]
        rest = await app.act(house.owner, PAY, input=payment(house, package_id, "0.01", method="CARD"))
        after = (await app.ask(house.owner, STATUS, id=package_id))["package"]
    assert (part["activated"], part["outstanding"]) == (False, euros("0.01"))
    assert (between["status"], between["paymentState"], between["activatedAt"]) == ("PENDING", "PARTIALLY_PAID", None)
    assert (rest["activated"], rest["outstanding"]) == (True, euros("0.00"))
    assert (after["status"], after["paymentState"]) == ("ACTIVE", "PAID")


async def test_money_that_does_not_fit_is_refused(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten, payments=cash(40000))
    pounds = payment(house, package_id, "1.00") | {"amount": {"amount": "1.00", "currency": "GBP"}}
    async with graph() as app:
        assert await refused(app, house.owner, PAY, payment(house, package_id, "50.01")) == (
            "PaymentExceedsOutstanding",
            {"path": [], "outstanding": euros("50.00"), "offered": euros("50.01")},
        )
        assert await refused(app, house.owner, PAY, pounds) == (
            "WrongCurrency",
            {"path": ["amount", "currency"], "currency": "GBP", "expected": "EUR"},
        )


async def test_a_closed_branch_takes_no_money(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", datetime(2026, 1, 31, 18, tzinfo=UTC), house.lis)
    async with graph() as app:
        assert await refused(app, house.owner, PAY, payment(house, package_id, "1.00")) == (
            "BranchClosed",
            {"path": [], "branchId": house.lis, "closedAt": "2026-01-31T18:00:00Z"},
        )


async def test_what_is_not_there_is_named(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    async with graph() as app:
        for field, prefix in (("package", "pkg"), ("branch", "brn")):
            nobody = new_id(prefix)
            given = payment(house, package_id, "1.00") | {f"{field}Id": nobody}
            assert await refused(app, house.owner, PAY, given) == (
                "NotFound",
                {"path": [f"{field}Id"], "noun": field, "id": nobody},
            )
