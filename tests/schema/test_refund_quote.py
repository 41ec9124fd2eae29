"""The quote of a refund over HTTP: every basis side by side, and every refusal with its facts; and business days."""

from datetime import timedelta
from typing import Any

import pytest

from domain.catalog.terms import RefundBasis
from domain.kernel.db import counting
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.given_back import paid as bought
from tests.fixtures.given_back import returnable
from tests.fixtures.graph import graph
from tests.fixtures.money_acts import paid
from tests.fixtures.package_acts import MONEY, euros, mutation
from tests.fixtures.visits import booked

pytestmark = pytest.mark.anyio

ARGUMENTS = {
    "package": "ID!",
    "sessions": "Int",
    "release": "[ID!]",
    "hardship": "Boolean",
    "goodwill": "MoneyInput",
    "credit": "Boolean",
}
QUOTE = f"""query({", ".join(f"${name}: {kind}" for name, kind in ARGUMENTS.items())}) {{
  refundQuote(packageId: $package, sessions: $sessions, releaseBookingIds: $release, hardship: $hardship,
    goodwill: $goodwill, toCredit: $credit) {{ __typename
    ... on UserError {{ code path }} ... on NothingToRefund {{ remaining held }}
    ... on RefundAboveRest {{ asked refundable held }} ... on WrongCurrency {{ currency expected }}
    ... on GoodwillAboveRest {{ goodwill {MONEY} comesBack {MONEY} rest {MONEY} }}
    ... on RefundQuote {{ quoteHash quotedPackageId quotedSessions refund {MONEY} goodwill {MONEY} total {MONEY}
      quotedFee {MONEY} waived {MONEY} cleared {MONEY} quotedTax {MONEY} quotedCredit {MONEY}
      coolingOffUntil needsApproval policyVersion
      reckonings {{ by binding usedValue {MONEY} remainder {MONEY} penalty {MONEY} withheld {MONEY} refund {MONEY}
        steps {{ label formula sessions amount {MONEY} }} }}
      lots {{ sessions bonus }} bookings {{ bookingId startsAt sessions released }}
      paidBackTo {{ refundedPaymentId method amount {MONEY} branch {{ code }} }} }} }} }}"""
SET = mutation(
    "setBusinessDays", 'operationId branch { weekend holidays(from: "2027-01-01", to: "2027-12-31") { day name } }'
)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_quote_tells_every_basis_with_its_steps_and_where_the_money_goes(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten)
        first, second = await paid(house, mine, 30000), await paid(house, mine, 15000, branch_id=house.mad)
        await used(house, mine, sessions=3)
        visit = await booked(house, package_id=mine)
        async with graph() as app:
            with counting() as counter:
                told = (await app.ask(house.desk_lis, QUOTE, package=mine))["refundQuote"]
    assert len(counter) == 8, counter.statements  # who asks, six for the quote, the branches of the payments
    reckonings = told.pop("reckonings")
    assert {each["by"]: each["refund"]["amount"] for each in reckonings} == {
        "PAID_SESSIONS": "270.00",
        "ALL_SESSIONS": "270.00",
        "LIST_PRICE": "250.00",
        "NONE": "0.00",
    }
    [binding] = [each for each in reckonings if each["binding"]]
    assert binding == {
        "by": "PAID_SESSIONS",
        "binding": True,
        "usedValue": euros("180.00"),
        "remainder": euros("270.00"),
        "penalty": euros("0.00"),
        "withheld": euros("0.00"),
        "refund": euros("270.00"),
        "steps": [
            {"label": "Paid", "formula": "450.00", "sessions": None, "amount": euros("450.00")},
            {
                "label": "Value of 3 sessions used and 1 kept",
                "formula": "450.00 × 4 / 10 = 180.00",  # noqa: RUF001
                "sessions": 4,
                "amount": euros("180.00"),
            },
            {
                "label": "Refund",
                "formula": "450.00 - 180.00 = 270.00",
                "sessions": 6,
                "amount": euros("270.00"),
            },
        ],
    }
    assert told.pop("quoteHash")
    assert told == {
        "__typename": "RefundQuote",
        "quotedPackageId": mine,
        "quotedSessions": 6,
        "refund": euros("270.00"),
        "goodwill": euros("0.00"),
        "total": euros("270.00"),
        "quotedFee": euros("0.00"),
        "waived": euros("0.00"),
        "cleared": euros("0.00"),
        "quotedTax": euros("0.00"),
        "quotedCredit": euros("0.00"),
        "coolingOffUntil": None,
        "needsApproval": False,
        "policyVersion": 1,
        "lots": [{"sessions": 6, "bonus": False}],
        "bookings": [{"bookingId": visit, "startsAt": "2026-03-09T10:00:00Z", "sessions": 1, "released": False}],
        "paidBackTo": [
            {
                "refundedPaymentId": second,
                "method": "CASH",
                "amount": euros("150.00"),
                "branch": {"code": "MAD"},
            },
            {
                "refundedPaymentId": first,
                "method": "CASH",
                "amount": euros("120.00"),
                "branch": {"code": "LIS"},
            },
        ],
    }


async def test_a_quote_may_waive_release_add_goodwill_and_give_credit(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(45000))
        visit = await booked(house, package_id=mine)
        async with graph() as app:
            told = (
                await app.ask(
                    house.desk_lis,
                    QUOTE,
                    package=mine,
                    sessions=5,
                    release=[visit],
                    hardship=True,
                    goodwill=euros("5.00"),
                    credit=True,
                )
            )["refundQuote"]
    assert (told["quotedSessions"], told["total"], told["needsApproval"]) == (5, euros("230.00"), True)
    assert [part["method"] for part in told["paidBackTo"]] == ["CUSTOMER_CREDIT"]
    assert [each["released"] for each in told["bookings"]] == [True]


async def test_refusals_come_with_their_facts_and_foreign_packages_as_absent_ones(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(45000))
        await used(house, mine, sessions=4)
        rui = await customer_actor(house, house.rui)
        async with graph() as app:

            async def refused(actor: Any = house.owner, package: str = mine, **asked: object) -> dict[str, Any]:
                found: dict[str, Any] = (await app.ask(actor, QUOTE, package=package, **asked))["refundQuote"]
                return found

            assert await refused(sessions=7) == {
                "__typename": "RefundAboveRest",
                "code": "REFUND_ABOVE_REST",
                "path": ["sessions"],
                "asked": 7,
                "refundable": 6,
                "held": 0,
            }
            assert await refused(goodwill=euros("180.01")) == {
                "__typename": "GoodwillAboveRest",
                "code": "GOODWILL_ABOVE_REST",
                "path": ["goodwill"],
                "goodwill": euros("180.01"),
                "comesBack": euros("270.00"),
                "rest": euros("450.00"),
            }
            other = await refused(goodwill={"amount": "1.00", "currency": "USD"})
            assert (other["code"], other["path"]) == ("WRONG_CURRENCY", ["goodwill", "currency"])
            bad = await refused(goodwill=euros("1.001"))
            assert (bad["code"], bad["path"]) == ("INVALID_INPUT", ["goodwill", "amount"])
            unknown = await refused(release=["bkg_none"])
            assert (unknown["code"], unknown["path"]) == ("NOT_FOUND", ["releaseBookingIds", "0"])
            for actor, package in ((rui, mine), (house.manager_mad, mine), (house.other_owner, mine)):
                absent = {"__typename": "NotFound", "code": "NOT_FOUND", "path": ["packageId"]}
                assert await refused(actor, package) == absent == await refused(house.owner, "pkg_none")
            ana = await customer_actor(house, house.ana)
            for path, granted in (("hardship", {"hardship": True}), ("goodwill", {"goodwill": euros("1.00")})):
                assert (await refused(ana, **granted))["path"] == [path]
            await used(house, mine, sessions=6)
            nothing = await refused()
            assert (nothing["code"], nothing["remaining"], nothing["held"]) == ("NOTHING_TO_REFUND", 0, 0)


async def test_where_nothing_comes_back_every_basis_is_told_all_the_same(house: Harbour) -> None:
    told = f"""query($package: ID!, $sessions: Int) {{ refundQuote(packageId: $package, sessions: $sessions) {{
      ... on NothingToRefund {{ remaining leastSessions reckonings {{ by binding refund {MONEY} }} }}
      ... on RefundQuote {{ reckonings {{ by }} }} }} }}"""
    with on(MONDAY):
        definition = await returnable(house, refund={"basis": RefundBasis.LIST_PRICE})
        mine = await bought(house, definition)
        async with graph() as app:
            with counting() as counter:
                nothing = (await app.ask(house.desk_lis, told, package=mine, sessions=1))["refundQuote"]
            assert len((await app.ask(house.desk_lis, told, package=mine))["refundQuote"]["reckonings"]) == 4
    assert len(counter) == 6, counter.statements
    assert nothing == {
        "remaining": 10,
        "leastSessions": 2,
        "reckonings": [
            {"by": by, "binding": by == "LIST_PRICE", "refund": euros(amount)}
            for by, amount in (
                ("PAID_SESSIONS", "45.00"),
                ("ALL_SESSIONS", "45.00"),
                ("LIST_PRICE", "0.00"),
                ("NONE", "0.00"),
            )
        ],
    }


async def test_business_days_are_set_and_read_at_the_branch(house: Harbour) -> None:
    async with graph() as app:
        asked = {
            "branchId": house.lis,
            "weekend": ["SUNDAY"],
            "holidays": [
                {"day": "2027-04-25", "name": "Freedom Day"},
                {"day": "2027-02-09", "name": "Carnival"},
                {"day": "2028-01-01", "name": "New Year"},
            ],
        }
        done = await app.act(house.manager_lis, SET, input=asked)
        assert done["branch"] == {
            "weekend": ["SUNDAY"],
            "holidays": [{"day": "2027-02-09", "name": "Carnival"}, {"day": "2027-04-25", "name": "Freedom Day"}],
        }
        week = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY".split()
        never = await app.act(house.manager_lis, SET, input=asked | {"weekend": week})
        assert (never["__typename"], never["path"]) == ("InvalidInput", ["weekend"])
        with counting() as counter:
            found = await app.ask(house.desk_lis, "{ branches { nodes { code weekend holidays { day } } } }")
        assert len(counter) == 3, counter.statements  # who asks, the branches, the holidays of all of them
        assert [(each["code"], len(each["holidays"])) for each in found["branches"]["nodes"]] == [
            ("LIS", 3),
            ("MAD", 0),
            ("PDL", 0),
        ]


async def test_a_lapsed_package_is_told_as_used_up(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(45000))
    with on(MONDAY + timedelta(days=200)):
        async with graph() as app:
            told = (await app.ask(house.owner, QUOTE, package=mine))["refundQuote"]
    assert (told["code"], told["remaining"]) == ("NOTHING_TO_REFUND", 0)
