"""Goodwill is granted over HTTP: free sessions with a last day of their own."""

import pytest

from domain.kernel.ids import new_id
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import GOODWILL, gift, refused

pytestmark = pytest.mark.anyio

LOTS = """query($id: ID!) { package(id: $id) { valueLeft { amount } lots { id origin bonus lastDay lapsesAt
  valueIssued { amount } services { code } } } }"""


async def test_free_sessions_last_thirty_days_unless_dated(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.bundle)
        async with graph() as app:
            given = await app.act(house.manager_lis, GOODWILL, input=gift(package_id))
            dated = gift(package_id, sessions=1, serviceIds=[house.facial], lastDay="2026-03-02")
            today = await app.act(house.manager_lis, GOODWILL, input=dated)
            package = (await app.ask(house.manager_lis, LOTS, id=package_id))["package"]
    assert given.pop("operationId").startswith("op_")
    assert given == {
        "__typename": "GrantGoodwillPayload",
        "replayed": False,
        "lotId": package["lots"][2]["id"],
        "lastDay": "2026-04-01",
        "remaining": 8,
        "package": {
            "id": package_id,
            "version": 2,
            "balance": {
                "issued": 8,
                "available": 8,
                "held": 0,
                "consumed": 0,
                "expired": 0,
                "refunded": 0,
                "moved": 0,
                "remaining": 8,
            },
        },
    }
    assert (today["lastDay"], today["remaining"], today["lotId"]) == ("2026-03-02", 9, package["lots"][3]["id"])
    assert package["valueLeft"] == {"amount": "319.90"}
    assert [{**lot, "id": "", "services": len(lot["services"])} for lot in package["lots"][2:]] == [
        {
            "id": "",
            "origin": "GOODWILL",
            "bonus": True,
            "lastDay": day,
            "lapsesAt": lapses_at,
            "valueIssued": {"amount": "0.00"},
            "services": services,
        }
        for day, lapses_at, services in (
            ("2026-04-01", "2026-04-01T23:00:00Z", 2),
            ("2026-03-02", "2026-03-03T00:00:00Z", 1),
        )
    ]
    assert package["lots"][3]["services"] == [{"code": "FAC50"}]


async def test_services_that_the_package_is_not_for_are_refused(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    async with graph() as app:
        assert await refused(app, house.owner, GOODWILL, gift(package_id, serviceIds=[house.facial])) == (
            "WrongService",
            {"path": [], "packageId": package_id, "serviceId": house.facial, "services": [house.physio]},
        )


async def test_a_package_that_is_not_there_is_named(db: str) -> None:
    house = await harbour(db)
    nothing = new_id("pkg")
    async with graph() as app:
        assert await refused(app, house.owner, GOODWILL, gift(nothing)) == (
            "NotFound",
            {"path": ["packageId"], "noun": "package", "id": nothing},
        )


async def test_a_last_day_must_be_ahead_and_near(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
        problem = {"path": ["lastDay"], "message": "The last day lies between 2026-03-02 and 2036-03-09."}
        async with graph() as app:
            for day in ("2026-03-01", "2036-03-10", "9999-12-31", "0001-01-01"):
                assert await refused(app, house.owner, GOODWILL, gift(package_id, lastDay=day)) == (
                    "InvalidInput",
                    {"path": ["lastDay"], "problems": [problem]},
                )
