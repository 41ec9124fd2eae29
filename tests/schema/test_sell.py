"""Packages are sold over HTTP: what was sold is told in full, and what cannot be sold with every fact."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.catalog.retire_package_definition import RetirePackageDefinition
from domain.catalog.terms import Item
from domain.kernel.commands import run_command
from domain.kernel.db import execute
from domain.kernel.ids import new_id
from tests.fixtures.chain import harbour, published, terms
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import SELL, euros, mutation, refused, sale

pytestmark = pytest.mark.anyio

IN_FULL = mutation(
    "sellPackage",
    """replayed package {
    reference name status version soldAt activatedAt expiresOn paymentState
    price { amount currency } tax { amount } paid { amount } outstanding { amount } valueLeft { amount }
    branch { code } sellingBranch { code } holder { name } definition { code }
    terms { sessions validity { days graceDays } }
    balance { issued available held consumed expired refunded moved remaining
      byService { remaining service { code } } }
    lots { origin bonus issuedAt lastDay expiresAt lapsesAt valueIssued { amount } valueLeft { amount }
      services { code } balance { issued available remaining } }
    }""",
)


async def test_a_sold_package_is_told_in_full(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        paid = [
            {"method": "CASH", "amount": euros("100.00")},
            {"method": "ONLINE_LINK", "amount": euros("20.50")},
        ]
        given = sale(house, definitionId=house.buy_3_free_1, payments=paid, reference="R-1", reason="walk-in")
        async with graph() as app:
            sold = await app.act(house.desk_lis, IN_FULL, input=given)
    lot = {
        "issuedAt": "2026-03-02T10:00:00Z",
        "lastDay": "2026-06-30",
        "expiresAt": "2026-06-30T23:00:00Z",  # midnight in Lisbon, in summer time
        "lapsesAt": "2026-07-07T23:00:00Z",
        "services": [{"code": "MAS60"}],
    }
    assert sold == {
        "__typename": "SellPackagePayload",
        "replayed": False,
        "package": {
            "reference": "R-1",
            "name": "Package MASB3F1",
            "status": "ACTIVE",
            "version": 1,
            "soldAt": "2026-03-02T10:00:00Z",
            "activatedAt": "2026-03-02T10:00:00Z",
            "expiresOn": "2026-06-30",
            "paymentState": "PARTIALLY_PAID",
            "price": euros("180.00"),
            "tax": {"amount": "0.00"},
            "paid": {"amount": "120.50"},
            "outstanding": {"amount": "59.50"},
            "valueLeft": {"amount": "180.00"},
            "branch": {"code": "LIS"},
            "sellingBranch": {"code": "LIS"},
            "holder": {"name": "Ana Silva"},
            "definition": {"code": "MASB3F1"},
            "terms": {"sessions": 4, "validity": {"days": 120, "graceDays": 7}},
            "balance": {
                "issued": 4,
                "available": 4,
                "held": 0,
                "consumed": 0,
                "expired": 0,
                "refunded": 0,
                "moved": 0,
                "remaining": 4,
                "byService": [{"remaining": 4, "service": {"code": "MAS60"}}],
            },
            "lots": [
                {
                    "origin": "PURCHASE",
                    "bonus": False,
                    "valueIssued": {"amount": "135.00"},
                    "valueLeft": {"amount": "135.00"},
                    "balance": {"issued": 3, "available": 3, "remaining": 3},
                }
                | lot,
                {
                    "origin": "BONUS",
                    "bonus": True,
                    "valueIssued": {"amount": "45.00"},
                    "valueLeft": {"amount": "45.00"},
                    "balance": {"issued": 1, "available": 1, "remaining": 1},
                }
                | lot,
            ],
        },
    }


async def test_a_sale_tells_what_it_has_renewed(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        soft = terms(Item((house.physio,), 5), price_minor=20000, days=10, grace_days=14)
        soft = replace(soft, validity=replace(soft.validity, renewal_in_grace=True))
        definition = await published(house.owner, "SOFT", soft)
        old = await sold(house, definition)
    renewing = mutation("sellPackage", "renewed { packageId sessions } package { balance { issued remaining } }")
    async with graph() as app:
        with on(MONDAY + timedelta(days=12)):
            given = [sale(house, definitionId=definition) for _ in range(2)]
            first, second = [await app.act(house.desk_lis, renewing, input=each) for each in given]
    assert (first["renewed"], first["package"]["balance"]) == (
        [{"packageId": old, "sessions": 5}],
        {"issued": 10, "remaining": 10},
    )
    assert (second["renewed"], second["package"]["balance"]) == ([], {"issued": 5, "remaining": 5})


async def test_what_is_not_on_sale_is_refused(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, RetirePackageDefinition(house.ten))
    async with graph() as app:
        assert await refused(app, house.owner, SELL, sale(house)) == (
            "NotOnSale",
            {"path": [], "definitionId": house.ten},
        )


async def test_a_customer_at_the_limit_is_refused(db: str) -> None:
    house = await harbour(db)
    trial = {"definitionId": house.trial}
    async with graph() as app:
        await app.act(house.owner, SELL, input=sale(house, **trial))
        assert await refused(app, house.owner, SELL, sale(house, **trial)) == (
            "LimitPerCustomerReached",
            {"path": [], "definitionId": house.trial, "limit": 1},
        )


async def test_a_closed_branch_sells_nothing(db: str) -> None:
    house = await harbour(db)
    await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", datetime(2026, 1, 31, 18, tzinfo=UTC), house.lis)
    async with graph() as app:
        assert await refused(app, house.owner, SELL, sale(house)) == (
            "BranchClosed",
            {"path": [], "branchId": house.lis, "closedAt": "2026-01-31T18:00:00Z"},
        )


async def test_a_reference_in_use_is_refused_with_the_package_that_has_it(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        first = await app.act(house.owner, SELL, input=sale(house, reference=" R-1 "))
        assert await refused(app, house.owner, SELL, sale(house, reference="R-1", customerId=house.rui)) == (
            "ReferenceTaken",
            {"path": [], "reference": "R-1", "takenByPackageId": first["package"]["id"]},
        )


async def test_money_that_does_not_fit_is_refused(db: str) -> None:
    house = await harbour(db)
    pounds = {"method": "CASH", "amount": {"amount": "1.00", "currency": "GBP"}}
    too_much = [{"method": "CASH", "amount": euros("450.00")}, {"method": "CARD", "amount": euros("0.01")}]
    async with graph() as app:
        assert await refused(app, house.owner, SELL, sale(house, payments=[pounds])) == (
            "WrongCurrency",
            {"path": ["payments", "0", "amount", "currency"], "currency": "GBP", "expected": "EUR"},
        )
        assert await refused(app, house.owner, SELL, sale(house, payments=too_much)) == (
            "PaymentExceedsOutstanding",
            {"path": [], "outstanding": euros("450.00"), "offered": euros("450.01")},
        )


async def test_what_is_not_there_is_named(db: str) -> None:
    house = await harbour(db)
    absent = [
        ("definitionId", "package definition", "def"),
        ("customerId", "customer", "cus"),
        ("branchId", "branch", "brn"),
    ]
    async with graph() as app:
        for field, noun, prefix in absent:
            nobody = new_id(prefix)
            assert await refused(app, house.owner, SELL, sale(house, **{field: nobody})) == (
                "NotFound",
                {"path": [field], "noun": noun, "id": nobody},
            )
