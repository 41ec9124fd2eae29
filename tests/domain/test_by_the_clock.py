"""What anybody sees of a package is the same whether the sweep of lapses has run or not."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.expiry.lapse_packages import lapse_packages
from domain.ledger.audit import audit_ledgers
from domain.packages.explanation import explain
from domain.packages.rules import Status
from tests.fixtures.blocked import disputed
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, package, sold, used

pytestmark = pytest.mark.anyio

LAPSED = MONDAY + timedelta(days=140)
"""Buy 3 Free 1 has 120 days and 7 of grace."""


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def seen(house: Harbour, package_id: str, at: datetime) -> Any:
    """Everything that is read of a package, but for what only the sweep's own operation can say."""
    with on(at):
        found = await package(house, package_id)
        explanation = await explain(house.owner, package_id)
    assert explanation is not None
    steps = [replace(step, operation_id=None, recorded_at=at) for step in explanation.steps]
    return replace(found, version=0), steps, explanation.balance


async def test_before_and_after_the_sweep(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.buy_3_free_1)
        await used(house, package_id, service_id=house.massage)
    before = await seen(house, package_id, LAPSED)
    with on(LAPSED):
        assert await lapse_packages() == 1
    after = await seen(house, package_id, LAPSED)
    assert before == after
    view, steps, balance = after
    assert (view.status, view.remaining, sum(lot.value_left_minor for lot in view.lots)) == (Status.EXPIRED, 0, 0)
    assert (balance.available, balance.expired, balance.value_left_minor) == (0, 3, 0)
    assert [step.label for step in steps[-2:]] == [
        "2 sessions lapsed at Lisbon Chiado.",
        "1 session lapsed at Lisbon Chiado.",
    ]


async def test_what_is_held_keeps_its_value(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await booked(house, MONDAY + timedelta(days=190), package_id=package_id)
    at = MONDAY + timedelta(days=195)
    before = await seen(house, package_id, at)
    with on(at):
        await lapse_packages()
    assert before == await seen(house, package_id, at)
    assert (before[2].held, before[2].available, before[2].expired, before[2].value_left_minor) == (1, 0, 9, 4500)
    assert await audit_ledgers(house.chain_id) == []


async def test_while_a_payment_is_disputed_nothing_lapses(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.buy_3_free_1)
        await disputed(package_id, MONDAY)
    before = await seen(house, package_id, LAPSED)
    with on(LAPSED):
        assert await lapse_packages() == 0
    assert before == await seen(house, package_id, LAPSED)
    assert (before[0].status, before[0].remaining) == (Status.DISPUTED, 4)
