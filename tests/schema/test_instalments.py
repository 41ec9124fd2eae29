"""Instalments are agreed, followed and looked for over HTTP."""

from datetime import UTC, date, datetime

import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import counting
from domain.packages.rules import Planned
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.money_acts import mistaken, paid
from tests.fixtures.package_acts import PLAN, SELL, agreeing, euros, key, refused, sale

pytestmark = pytest.mark.anyio

SHOWN = """query($id: ID!) { package(id: $id) { overdue overdueAmount { amount currency }
    beyondInstalments { amount } instalments {
    number dueOn amount { amount } paid { amount } open { amount } overdue } } }"""
LATE = "{ packages(filter: {overdue: true}) { totalCount nodes { id overdueAmount { amount } } } }"
AFTER_APRIL = datetime(2026, 4, 1, 23, tzinfo=UTC)


def part(due_on: str, amount: str) -> dict[str, object]:
    return {"dueOn": due_on, "amount": euros(amount)}


async def test_a_plan_from_the_sale_to_the_day_it_is_overdue(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        paid_now = [{"method": "CASH", "amount": euros("100.00")}]
        two = [part("2026-04-01", "150.00"), part("2026-05-01", "200.00")]
        async with graph() as app:
            told = await app.act(house.desk_lis, SELL, input=sale(house, payments=paid_now, instalments=two))
            package_id = told["packageId"]
            await paid(house, package_id, 5000)
            with on(AFTER_APRIL):
                shown = (await app.ask(house.desk_lis, SHOWN, id=package_id))["package"]
                late = (await app.ask(house.desk_lis, LATE))["packages"]
                again = agreeing(package_id, ("2026-05-01", "300.00"), reason="on the phone")
                agreed = await app.act(house.desk_lis, PLAN, input=again)
                after = (await app.ask(house.desk_lis, SHOWN, id=package_id))["package"]
    assert shown == {
        "overdue": True,
        "overdueAmount": euros("100.00"),
        "beyondInstalments": {"amount": "0.00"},
        "instalments": [
            {
                "number": 1,
                "dueOn": "2026-04-01",
                "amount": {"amount": "150.00"},
                "paid": {"amount": "50.00"},
                "open": {"amount": "100.00"},
                "overdue": True,
            },
            {
                "number": 2,
                "dueOn": "2026-05-01",
                "amount": {"amount": "200.00"},
                "paid": {"amount": "0.00"},
                "open": {"amount": "200.00"},
                "overdue": False,
            },
        ],
    }
    assert late == {"totalCount": 1, "nodes": [{"id": package_id, "overdueAmount": {"amount": "100.00"}}]}
    assert agreed["package"] == {"id": package_id, "version": 3}
    assert (after["overdue"], after["overdueAmount"]) == (False, euros("0.00"))
    assert [each["open"] for each in after["instalments"]] == [{"amount": "300.00"}]


async def test_a_package_without_a_plan_has_none(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    async with graph() as app:
        shown = (await app.ask(house.desk_lis, SHOWN, id=package_id))["package"]
    assert shown == {
        "overdue": False,
        "overdueAmount": euros("0.00"),
        "beyondInstalments": {"amount": "0.00"},
        "instalments": [],
    }


async def test_what_no_instalment_covers_is_shown_and_overdue_at_once(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
        first = await paid(house, package_id, 10000)
        async with graph() as app:
            await app.act(house.desk_lis, PLAN, input=agreeing(package_id, ("2026-04-01", "350.00")))
            await run_command(house.owner, mistaken(first))
            shown = (await app.ask(house.desk_lis, SHOWN, id=package_id))["package"]
            late = (await app.ask(house.desk_lis, LATE))["packages"]
    assert (shown["overdue"], shown["overdueAmount"]) == (True, euros("100.00"))
    assert shown["beyondInstalments"] == {"amount": "100.00"}
    assert [(each["open"], each["overdue"]) for each in shown["instalments"]] == [({"amount": "350.00"}, False)]
    assert late == {"totalCount": 1, "nodes": [{"id": package_id, "overdueAmount": {"amount": "100.00"}}]}


async def test_the_plans_of_a_page_are_one_statement_however_many_there_are(db: str) -> None:
    page = "{ packages { nodes { id %s } } }"
    with on(MONDAY):
        house = await harbour(db)
        for _ in range(5):
            await sold(house, house.ten, instalments=(Planned(date(2026, 4, 1), 45000, "EUR"),))
        async with graph() as app:
            with counting() as alone:
                await app.ask(house.owner, page % "")
            with counting() as planned:
                await app.ask(
                    house.owner,
                    page % "overdue beyondInstalments { amount } overdueAmount { amount } instalments { number }",
                )
    assert len(planned) == len(alone) + 1


async def test_plans_that_are_refused(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
        async with graph() as app:
            assert await refused(app, house.desk_lis, PLAN, agreeing(package_id, ("2026-04-01", "449.99"))) == (
                "InstalmentsDiffer",
                {"path": ["instalments"], "outstanding": euros("450.00"), "planned": euros("449.99")},
            )
            kind, facts = await refused(app, house.desk_lis, PLAN, agreeing(package_id, ("2026-03-01", "450.00")))
            assert (kind, facts["path"]) == ("InvalidInput", ["instalments", "0", "dueOn"])
            pounds = agreeing(package_id)
            pounds["instalments"] = [{"dueOn": "2026-04-01", "amount": {"amount": "450.00", "currency": "GBP"}}]
            kind, facts = await refused(app, house.desk_lis, PLAN, pounds)
            assert (kind, facts["path"]) == ("WrongCurrency", ["instalments", "0", "amount", "currency"])
            wrong = sale(house, instalments=[part("2026-04-01", "1.00")])
            assert (await refused(app, house.desk_lis, SELL, wrong))[0] == "InstalmentsDiffer"


async def test_the_same_sale_a_moment_later_is_asked_about(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        async with graph() as app:
            asked = sale(house, confirmDuplicate=False)
            package_id = (await app.act(house.desk_lis, SELL, input=asked))["packageId"]
            again = asked | {"idempotencyKey": key()}
            assert await refused(app, house.desk_lis, SELL, again) == (
                "DuplicateSale",
                {
                    "path": ["confirmDuplicate"],
                    "soldPackageId": package_id,
                    "soldAt": "2026-03-02T10:00:00Z",
                    "minutes": 0,
                },
            )
            confirmed = await app.act(house.desk_lis, SELL, input=again | {"confirmDuplicate": True})
            assert confirmed["packageId"] != package_id
