"""What delivering a session costs, over HTTP: set from a day on, read by the business."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.kernel.db import counting
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import on
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import mutation

pytestmark = pytest.mark.anyio

SERVICE = """service { code deliveryCosts { branch { code } startsOn cost { amount currency } }
  prices { branch { code } deliveryCost { amount } } }"""
SET = mutation("setDeliveryCost", f"operationId {SERVICE}")
READ = f"{{ services(first: 1) {{ nodes {{ {SERVICE.removeprefix('service {')} }} }}"


def given(house: Harbour, amount: str, starts_on: str, **changed: Any) -> dict[str, Any]:
    """The input for physiotherapy in Lisbon, unless changed."""
    cost = {"amount": amount, "currency": "EUR"}
    return {"serviceId": house.physio, "branchId": house.lis, "cost": cost, "startsOn": starts_on} | changed


async def test_costs_are_set_from_a_day_on_and_today_s_is_shown_beside_the_price(db: str) -> None:
    house = await harbour(db)
    with on(datetime(2026, 3, 2, 10, tzinfo=UTC)):
        async with graph() as app:
            await app.act(house.owner, SET, input=given(house, "18.00", "2026-01-01"))
            answer = await app.act(house.owner, SET, input=given(house, "20.50", "2026-04-01"))
            (seen,) = (await app.ask(await customer_actor(house, house.ana), READ))["services"]["nodes"]
            with counting() as counter:
                await app.ask(house.owner, READ)
    assert answer["__typename"] == "SetDeliveryCostPayload"
    shown = {each["branch"]["code"]: each["deliveryCost"] for each in answer["service"]["prices"]}
    assert shown == {"LIS": {"amount": "18.00"}, "MAD": None, "PDL": None}
    assert answer["service"]["deliveryCosts"] == [
        {"branch": {"code": "LIS"}, "startsOn": "2026-01-01", "cost": {"amount": "18.00", "currency": "EUR"}},
        {"branch": {"code": "LIS"}, "startsOn": "2026-04-01", "cost": {"amount": "20.50", "currency": "EUR"}},
    ]
    assert (seen["deliveryCosts"], [each["deliveryCost"] for each in seen["prices"]]) == ([], [None] * 3)
    # who asks, the page, costs, prices, branches of the one and the other
    assert len(counter) <= 6, counter.statements


async def test_a_cost_that_cannot_be_is_refused_with_its_place(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for changed, kind, path in (
            ({"cost": {"amount": "-1.00", "currency": "EUR"}}, "InvalidInput", ["cost"]),
            ({"cost": {"amount": "1.001", "currency": "EUR"}}, "InvalidInput", ["cost", "amount"]),
            ({"cost": {"amount": "1.00", "currency": "GBP"}}, "WrongCurrency", ["cost", "currency"]),
            ({"startsOn": "1900-01-01"}, "InvalidInput", ["startsOn"]),
            ({"serviceId": "srv_none"}, "NotFound", ["serviceId"]),
            ({"branchId": house.other_branch}, "NotFound", ["branchId"]),
        ):
            answer = await app.act(house.owner, SET, input=given(house, "1.00", "2026-01-01", **changed))
            assert (answer["__typename"], answer["path"]) == (kind, path)
