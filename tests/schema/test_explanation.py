"""A balance explains itself over HTTP: every step with its arithmetic, now and at any past instant."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import counting
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.graph import graph
from tests.fixtures.time_acts import booked

pytestmark = pytest.mark.anyio

STANDING = "issued available held consumed expired refunded moved valueLeft { amount } outstanding { amount }"
EXPLAIN = f"""query($id: ID!, $at: DateTime) {{ package(id: $id) {{ explanation(at: $at) {{
  at balance {{ {STANDING} }}
  steps {{ operationId act recordedAt effectiveAt label formula sessionsChange valueChange {{ amount }}
    branch {{ code }} service {{ code }} lotId after {{ {STANDING} }} }} }} }} }}"""

NAMES = (
    "price credited paid outstanding deferred recognised breakage tax refunded fees badDebt concessions movedIn "
    "usedBefore disputed providerFees"
)
FIGURES = " ".join(f"{name} {{ amount currency }}" for name in NAMES.split())
MONEY = f"""query($id: ID!) {{ package(id: $id) {{ explanation {{ identity balance {{ money {{ {FIGURES} }} }}
  steps {{ money {{ {FIGURES} }} after {{ money {{ {FIGURES} }} }} }} }} }} }}"""


def amounts(money: dict[str, Any]) -> dict[str, str]:
    """The figures that are not zero."""
    assert {each["currency"] for each in money.values()} == {"EUR"} and list(money) == NAMES.split()
    return {name: each["amount"] for name, each in money.items() if each["amount"] != "0.00"}


def standing(issued: int, available: int, consumed: int, value_left: str, outstanding: str) -> dict[str, Any]:
    """Where the package stands when nothing is held, expired, refunded or moved."""
    return {
        "issued": issued,
        "available": available,
        "held": 0,
        "consumed": consumed,
        "expired": 0,
        "refunded": 0,
        "moved": 0,
        "valueLeft": {"amount": value_left},
        "outstanding": {"amount": outstanding},
    }


async def test_every_step_says_what_happened_and_how_it_was_reckoned(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten, payments=cash(20000))
        redeemed = await used(house, package_id, branch_id=house.mad, sessions=2)
        with on(MONDAY + timedelta(hours=1)):
            back = await run_command(
                house.owner, ReverseRedemption(redeemed.operation_id, Fault.BUSINESS, "wrong person")
            )
            await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
            async with graph() as app:
                told = (await app.ask(house.desk_lis, EXPLAIN, id=package_id))["package"]["explanation"]
    steps = told["steps"]
    assert [
        (step["label"], step["formula"], step["sessionsChange"], step["valueChange"]["amount"], step["after"])
        for step in steps
    ] == [
        (
            "10 sessions were bought at Lisbon Chiado.",
            "450.00 × 500.00 / 500.00 = 450.00",  # noqa: RUF001
            10,
            "450.00",
            standing(10, 10, 0, "450.00", "450.00"),
        ),
        (
            "200.00 EUR was paid in cash at Lisbon Chiado.",
            "450.00 - 200.00 = 250.00 outstanding",
            0,
            "0.00",
            standing(10, 10, 0, "450.00", "250.00"),
        ),
        (
            "2 sessions of Physiotherapy 45 were used at Madrid Salamanca.",
            "450.00 × 2 / 10 = 90.00",  # noqa: RUF001
            -2,
            "-90.00",
            standing(10, 8, 2, "360.00", "250.00"),
        ),
        (
            "2 sessions of Physiotherapy 45 were given back at Madrid Salamanca.",
            "360.00 + 90.00 = 450.00",
            2,
            "90.00",
            standing(10, 10, 0, "450.00", "250.00"),
        ),
        (
            "1 session was granted as goodwill at Lisbon Chiado.",
            "0.00 + 0.00 = 0.00",
            1,
            "0.00",
            standing(11, 11, 0, "450.00", "250.00"),
        ),
    ]
    assert steps[3] | {"label": "", "formula": "", "after": {}, "lotId": ""} == {
        "operationId": back.operation_id,
        "act": "reverse_redemption",
        "recordedAt": "2026-03-02T11:00:00Z",
        "effectiveAt": "2026-03-02T11:00:00Z",
        "label": "",
        "formula": "",
        "sessionsChange": 2,
        "valueChange": {"amount": "90.00"},
        "branch": {"code": "MAD"},
        "service": {"code": "PHY45"},
        "lotId": "",
        "after": {},
    }
    assert told["balance"] == steps[-1]["after"]
    assert (steps[0]["lotId"], steps[1]["lotId"], steps[0]["service"]) == (steps[2]["lotId"], None, None)


async def test_a_past_instant_is_explained_as_it_was_recorded_then(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
    with on(MONDAY + timedelta(days=2)):  # a visit of the day before, typed in late
        await used(house, package_id, visited_at=MONDAY + timedelta(days=1))
    async with graph() as app:
        for at, available, value in (
            ("2026-03-02T09:59:59Z", None, "0.00"),
            ("2026-03-03T23:00:00+02:00", 10, "450.00"),
            ("2026-03-04T09:59:59.999999Z", 10, "450.00"),
            ("2026-03-04T10:00:00Z", 9, "405.00"),
            ("9999-12-31T23:59:59Z", 9, "405.00"),
        ):
            told = (await app.ask(house.owner, EXPLAIN, id=package_id, at=at))["package"]["explanation"]
            assert told["balance"]["valueLeft"]["amount"] == value, at
            assert [step["after"]["available"] for step in told["steps"]][-1:] == ([available] if available else []), at
        nothing = (await app.ask(house.owner, EXPLAIN, id=package_id, at="0001-01-01T00:00:00Z"))["package"]
    assert nothing["explanation"] == {
        "at": "0001-01-01T00:00:00Z",
        "steps": [],
        "balance": standing(0, 0, 0, "0.00", "0.00"),
    }


async def test_the_customer_is_told_the_same_as_the_business(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten, payments=cash(100))
        await used(house, package_id, sessions=3)
        async with graph() as app:
            business = await app.ask(house.owner, EXPLAIN, id=package_id)
            customer = await app.ask(await customer_actor(house, house.ana), EXPLAIN, id=package_id)
            stranger = await app.ask(await customer_actor(house, house.eva), EXPLAIN, id=package_id)
    assert customer == business
    assert stranger == {"package": None}


async def test_all_packages_of_a_page_are_explained_by_three_statements_for_each_instant(db: str) -> None:
    house = await harbour(db)
    same = " ".join(f"e{n}: explanation {{ steps {{ label }} }}" for n in range(30))
    instants = " ".join(f'e{n}: explanation(at: "2030-01-0{n}T00:00:00Z") {{ steps {{ label }} }}' for n in range(1, 4))
    async with graph() as app:
        for packages in (1, 9):
            for _ in range(packages):
                await used(house, await sold(house, house.ten))
            for explanations, statements in ((same, 5), (instants, 11)):
                with counting() as counter:
                    page = await app.ask(house.owner, f"{{ packages(first: 10) {{ nodes {{ {explanations} }} }} }}")
                assert len(counter) == statements, counter.statements  # who asks and the page come before them
        assert len(page["packages"]["nodes"]) == 10
        assert {len(told["steps"]) for node in page["packages"]["nodes"] for told in node.values()} == {2}


async def test_one_package_at_two_instants_is_told_each_by_itself(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        first, second = await sold(house, house.ten), await sold(house, house.ten, payments=cash(100))
    with on(MONDAY + timedelta(hours=1)):
        await used(house, first, sessions=3)
    async with graph() as app:
        told = await app.ask(
            house.owner,
            """query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Package {
              before: explanation(at: "2026-03-02T10:59:59Z") { balance { available outstanding { amount } } }
              after: explanation(at: "2026-03-02T11:00:00Z") { balance { available outstanding { amount } } }
              elsewhere: explanation(at: "2026-03-02T13:00:00+02:00") { balance { available } } } } }""",
            ids=[second, first],
        )
    assert told["nodes"] == [
        {
            "id": package_id,
            "before": {"balance": {"available": 10, "outstanding": {"amount": outstanding}}},
            "after": {"balance": {"available": available, "outstanding": {"amount": outstanding}}},
            "elsewhere": {"balance": {"available": available}},
        }
        for package_id, available, outstanding in ((second, 10, "449.00"), (first, 7, "450.00"))
    ]


async def test_a_step_names_the_booking_it_was_for(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
        booking = await booked(house, package_id, MONDAY + timedelta(days=2))
        async with graph() as app:
            told = await app.ask(
                house.desk_lis,
                "query($id: ID!) { package(id: $id) { explanation { steps { label bookingId } } } }",
                id=package_id,
            )
    assert told["package"]["explanation"]["steps"] == [
        {"label": "10 sessions were bought at Lisbon Chiado.", "bookingId": None},
        {
            "label": "1 session of Physiotherapy 45 was reserved for 2026-03-04 10:00 at Lisbon Chiado.",
            "bookingId": booking,
        },
    ]


async def test_each_step_has_its_money_and_the_balance_what_became_of_the_price(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten, payments=cash(20000))
        await used(house, package_id, sessions=2)
        async with graph() as app:
            asked = await app.ask(house.owner, MONEY, id=package_id)
            own = await app.ask(await customer_actor(house, house.ana), MONEY, id=package_id)
    told = asked["package"]["explanation"]
    assert [amounts(step["money"]) for step in told["steps"]] == [
        {"price": "450.00", "outstanding": "450.00", "deferred": "450.00"},
        {"paid": "200.00", "outstanding": "-200.00"},
        {"deferred": "-90.00", "recognised": "90.00"},
    ]
    assert amounts(told["balance"]["money"]) == {
        "price": "450.00",
        "paid": "200.00",
        "outstanding": "250.00",
        "deferred": "360.00",
        "recognised": "90.00",
    }
    assert told["steps"][-1]["after"]["money"] == told["balance"]["money"]
    assert told["identity"] == "450.00 price = 90.00 recognised + 360.00 deferred."
    nothing = {"money": None, "after": {"money": None}}
    assert own["package"]["explanation"] == {"identity": None, "balance": {"money": None}, "steps": [nothing] * 3}
