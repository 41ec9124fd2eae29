"""Payments and customers' accounts over HTTP: what was paid, kept, owed and taken back, and who may see it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.access import Scope
from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute
from domain.ledger.accounts import PaymentMethod, Received
from tests.fixtures.account_acts import (
    ACCOUNT,
    PAYOUT,
    REVERSE_CHARGE,
    REVERSE_PAYMENT,
    forgiving,
    into_account,
    paying_out,
    taking_back,
)
from tests.fixtures.askers import askers, key_for
from tests.fixtures.chain import Harbour, customer, customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.money_acts import CREDIT, deposited, depositing, paid, paying, payments_of, visited
from tests.fixtures.package_acts import MONEY, PAY, euros, mutation, payment, refused

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
LATER = MONDAY + 20 * DAY

PAID = """query($id: ID!) { package(id: $id) { payments {
  id method amount { amount } kept { amount } receivedAt reversedAt packageId branch { code } operation { act }
} } }"""
STANDS = """query($id: ID!) { customer(id: $id) { account {
  creditTotal { amount currency } owed { amount } credit { amount { amount } branch { code } }
  charges { amount { amount } branch { code } }
  payments { method amount { amount } kept { amount } branch { code } packageId }
} } }"""
KEEPS = "query($yes: Boolean) { customers(filter: {withCredit: $yes}) { totalCount nodes { firstName } } }"
PAGE = """{ customers(first: 50) { nodes { name account {
  creditTotal { amount } owed { amount } credit { branch { code } amount { amount } }
  charges { branch { code } } payments { branch { code } }
} } } }"""
PAGE_OF_PACKAGES = "{ packages(first: 50) { nodes { id payments { id branch { code } operation { act } } } } }"


async def busy(house: Harbour) -> None:
    """Ana owes for a visit in Madrid, and has credit in Lisbon and Madrid."""
    with on(MONDAY + 4 * DAY):
        await deposited(house, 3000)
        await deposited(house, 1000, branch_id=house.mad)
    await visited(house, MONDAY + 6 * DAY, house.mad, house.massage)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_the_payments_of_a_package_with_what_became_of_them(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=cash(10000))
        mistake = await paid(house, package_id, 5000, method=PaymentMethod.CARD)
        async with graph() as app:
            answer = await app.act(house.desk_lis, REVERSE_PAYMENT, input=taking_back(mistake))
            assert answer.pop("operationId").startswith("op_")
            assert answer == {
                "__typename": "ReversePaymentPayload",
                "replayed": False,
                "paymentId": mistake,
                "pending": False,
                "amount": euros("50.00"),
                "kept": euros("0.00"),
                "package": {"id": package_id, "version": 3},
            }
            kept = payment(house, package_id, "400.00", keepExcess=True, receivedAt="2026-03-02T10:00:00Z")
            paid_off = await app.act(house.desk_lis, mutation("recordPayment", f"kept {MONEY}"), input=kept)
            assert paid_off == {"__typename": "RecordPaymentPayload", "kept": euros("50.00")}
            found = (await app.ask(house.desk_lis, PAID, id=package_id))["package"]["payments"]
    common = {"receivedAt": "2026-03-02T10:00:00Z", "packageId": package_id, "branch": {"code": "LIS"}}
    assert [each | {"id": ""} for each in found] == [
        {
            "id": "",
            "method": method,
            "amount": {"amount": amount},
            "kept": {"amount": kept},
            "reversedAt": reversed_at,
            "operation": {"act": act},
        }
        | common
        for method, amount, kept, reversed_at, act in (
            ("CASH", "100.00", "0.00", None, "sell_package"),
            ("CARD", "50.00", "0.00", "2026-03-02T10:00:00Z", "record_payment"),
            ("CASH", "400.00", "50.00", None, "record_payment"),
        )
    ]


async def test_how_a_customer_stands(house: Harbour) -> None:
    await busy(house)
    with on(LATER):
        async with graph() as app:
            found = (await app.ask(house.owner, STANDS, id=house.ana))["customer"]["account"]
            assert found == {
                "creditTotal": euros("40.00"),
                "owed": {"amount": "65.00"},
                "credit": [
                    {"amount": {"amount": "30.00"}, "branch": {"code": "LIS"}},
                    {"amount": {"amount": "10.00"}, "branch": {"code": "MAD"}},
                ],
                "charges": [{"amount": {"amount": "65.00"}, "branch": {"code": "MAD"}}],
                "payments": [
                    {
                        "method": "CASH",
                        "amount": {"amount": amount},
                        "kept": {"amount": amount},
                        "branch": {"code": code},
                        "packageId": None,
                    }
                    for amount, code in (("10.00", "MAD"), ("30.00", "LIS"))
                ],
            }
            nobody = (await app.ask(house.owner, STANDS, id=house.rui))["customer"]["account"]
            assert nobody == {
                "creditTotal": euros("0.00"),
                "owed": {"amount": "0.00"},
                "credit": [],
                "charges": [],
                "payments": [],
            }


async def test_credit_that_paid_for_a_package_is_told_of_and_is_less(house: Harbour) -> None:
    await busy(house)
    with on(LATER):
        package_id = await sold(house, house.ten)
        await run_command(house.owner, paying(house, package_id, 500, method=CREDIT))
        async with graph() as app:
            found = (await app.ask(house.owner, STANDS, id=house.ana))["customer"]["account"]
    assert found["creditTotal"] == euros("35.00")
    assert found["payments"][0] == {
        "method": "CUSTOMER_CREDIT",
        "amount": {"amount": "5.00"},
        "kept": {"amount": "0.00"},
        "branch": {"code": "LIS"},
        "packageId": package_id,
    }


async def test_who_sees_an_account_and_how_much_of_it(house: Harbour) -> None:
    await busy(house)
    with on(LATER):
        rui = await customer_actor(house, house.rui)
        async with graph() as app:
            seen: dict[str, Any] = {}
            for name, asker in (await askers(house)).items():
                found = (await app.ask(asker.credentials, STANDS, id=house.ana))["customer"]
                if found is None or found["account"] is None:
                    seen[name] = None
                    continue
                account = found["account"]
                branches = [each["branch"]["code"] for each in account["credit"]]
                seen[name] = (account["creditTotal"]["amount"], branches, len(account["payments"]))
            assert (await app.ask(rui, STANDS, id=house.ana))["customer"] == {"account": None}
    everything, at_lis = ("40.00", ["LIS", "MAD"], 2), ("40.00", ["LIS"], 1)
    assert {name: found for name, found in seen.items() if found} == {
        "owner": everything,
        "manager there": at_lis,
        "manager elsewhere": ("40.00", ["MAD"], 1),
        "desk": at_lis,
        "practitioner": at_lis,
        "accountant": everything,
        "holder": everything,
        "key READ": everything,
    }


async def test_those_whose_money_the_chain_keeps(house: Harbour) -> None:
    await busy(house)
    with on(LATER):
        async with graph() as app:
            for yes, names in ((True, ["Ana"]), (False, ["Rui", "Eva"]), (None, ["Ana", "Rui", "Eva"])):
                found = (await app.ask(house.owner, KEEPS, yes=yes))["customers"]
                assert [node["firstName"] for node in found["nodes"]] == names
                assert found["totalCount"] == len(names)
            rui = await customer_actor(house, house.rui)
            assert (await app.ask(rui, KEEPS, yes=True))["customers"]["nodes"] == []
            assert (await app.ask(rui, KEEPS, yes=False))["customers"]["nodes"] == [{"firstName": "Rui"}]
        await run_command(house.owner, depositing(house, 4000, method=CREDIT, keep_excess=False))
        async with graph() as app:
            assert (await app.ask(house.owner, KEEPS, yes=True))["customers"]["nodes"] == []


async def test_an_account_is_paid_and_a_charge_forgiven(house: Harbour) -> None:
    visit = await visited(house, MONDAY + 6 * DAY, house.lis, house.massage)
    with on(MONDAY + 7 * DAY):
        async with graph() as app:
            answer = await app.act(house.desk_lis, ACCOUNT, input=into_account(house, "70.00", keepExcess=True))
            assert answer.pop("operationId").startswith("op_")
            assert answer == {
                "__typename": "PayAccountPayload",
                "replayed": False,
                "owed": euros("0.00"),
                "kept": euros("10.00"),
                "customer": {"id": house.ana},
            }
            answer = await app.act(house.desk_lis, REVERSE_CHARGE, input=forgiving(visit))
            assert answer.pop("operationId").startswith("op_")
            assert answer == {
                "__typename": "ReverseChargePayload",
                "replayed": False,
                "sessions": 1,
                "amount": euros("60.00"),
                "credited": euros("60.00"),
                "customer": {"id": house.ana},
            }
            assert (await app.ask(house.owner, STANDS, id=house.ana))["customer"]["account"]["creditTotal"] == euros(
                "70.00"
            )
            kind, facts = await refused(app, house.desk_lis, REVERSE_CHARGE, forgiving(visit))
            assert (kind, facts["redemptionId"]) == ("AlreadyReversed", visit)


async def test_a_payout_over_http(house: Harbour) -> None:
    with on(MONDAY):
        await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
        async with graph() as app:
            answer = await app.act(
                house.accountant, PAYOUT, input=paying_out(house, "450.00", fee=euros("15.96"), paidOutOn="2026-03-02")
            )
            assert answer.pop("operationId").startswith("op_")
            assert answer == {
                "__typename": "RecordPayoutPayload",
                "replayed": False,
                "paidOutOn": "2026-03-02",
                "arrived": euros("434.04"),
                "fee": euros("15.96"),
            }
            assert await refused(app, house.owner, PAYOUT, paying_out(house, "0.01")) == (
                "PayoutExceedsCollected",
                {"path": [], "branchId": house.lis, "collected": euros("0.00"), "gross": euros("0.01")},
            )
            kind, facts = await refused(app, house.owner, PAYOUT, paying_out(house, "1.00", paidOutOn="2026-03-03"))
            assert (kind, facts) == (
                "BadPayoutDay",
                {"path": ["paidOutOn"], "paidOutOn": "2026-03-03", "latest": "2026-03-02"},
            )


async def test_bad_payments_are_refused_with_what_is_so(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(LATER):
        await execute("UPDATE chain SET books_open_from = $1, largest_payment_minor = 40000", MONDAY.date() + 10 * DAY)
        async with graph() as app:
            for given, expected in (
                (
                    payment(house, package_id, "1.00", receivedAt="2026-03-03T10:00:00Z"),
                    ("BooksClosed", {"path": ["receivedAt"], "day": "2026-03-03", "openFrom": "2026-03-12"}),
                ),
                (
                    payment(house, package_id, "1.00", receivedAt="2027-03-03T10:00:00Z"),
                    (
                        "BadPaymentTime",
                        {
                            "path": ["receivedAt"],
                            "receivedAt": "2027-03-03T10:00:00Z",
                            "earliest": "2026-03-02T10:00:00Z",
                            "latest": "2026-03-22T10:00:00Z",
                        },
                    ),
                ),
                (
                    payment(house, package_id, "400.01"),
                    (
                        "PaymentAboveLimit",
                        {"path": ["amount"], "largestPayment": euros("400.00"), "offered": euros("400.01")},
                    ),
                ),
                (
                    payment(house, package_id, "1.00", method="CUSTOMER_CREDIT"),
                    (
                        "NotEnoughCredit",
                        {
                            "path": ["amount"],
                            "customerId": house.ana,
                            "available": euros("0.00"),
                            "asked": euros("1.00"),
                        },
                    ),
                ),
            ):
                assert await refused(app, house.desk_lis, PAY, given) == expected


async def test_reversals_that_are_refused_tell_what_to_do(house: Harbour) -> None:
    with on(MONDAY):
        first = await sold(house, house.ten, payments=cash(45000))
        over = await run_command(house.owner, paying(house, first, 5000, keep_excess=True))
        (kept,) = await payments_of(over)
        second = await sold(house, house.ten)
        await run_command(house.owner, paying(house, second, 2000, method=CREDIT))
        async with graph() as app:
            assert await refused(app, house.owner, REVERSE_PAYMENT, taking_back(kept)) == (
                "CreditSpent",
                {
                    "path": [],
                    "paymentId": kept,
                    "customerId": house.ana,
                    "kept": euros("50.00"),
                    "available": euros("30.00"),
                },
            )
    with on(LATER):
        async with graph() as app:
            assert await refused(app, house.desk_lis, REVERSE_PAYMENT, taking_back(kept)) == (
                "PaymentReversalTooLate",
                {"path": [], "paymentId": kept, "until": "2026-03-03T00:00:00Z"},
            )


async def test_a_page_of_accounts_is_six_statements(house: Harbour) -> None:
    await busy(house)
    with on(LATER):
        async with graph() as app:
            found = []
            for more in range(2):
                for number in range(5 * more):
                    who = await customer(house.owner, f"Bia{number}", "Rocha", house.mad)
                    await deposited(house, 100, customer_id=who)
                with counting() as counter:
                    await app.ask(house.owner, PAGE)
                found.append(len(counter))
    # who asks, the page, how they stand, what was charged, what was paid, the branches
    assert found == [6, 6], counter.statements


async def test_the_payments_of_a_page_of_packages_are_three_more_statements(house: Harbour) -> None:
    async with graph() as app:
        for _ in range(2):
            for _ in range(3):
                await paid(house, await sold(house, house.ten, payments=cash(100)), 100)
            with counting() as counter:
                await app.ask(house.owner, PAGE_OF_PACKAGES)
            # who asks, the page, their payments, the branches, the operations
            assert len(counter) == 5, counter.statements


async def test_a_key_that_sells_pays_into_an_account_it_may_not_see(house: Harbour) -> None:
    async with graph() as app:
        seller = await key_for(house, Scope.SELL)
        answer = await app.act(seller, ACCOUNT, input=into_account(house, "1.00", keepExcess=True))
        assert (answer["__typename"], answer["customer"]) == ("PayAccountPayload", None)
