"""An explanation tells how a sale ended before its sessions did, and what was agreed about paying for it."""

# ruff: noqa: RUF001 - the sign of multiplication is the one that people read

from datetime import date, timedelta

import pytest

from domain.kernel.commands import run_command
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.agree_instalments import AgreeInstalments
from domain.packages.rules import Planned
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.void_sale import VoidSale
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.explained import Told, as_booked, taxed, told

pytestmark = pytest.mark.anyio

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_sale_that_was_voided(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, await taxed(house), payments=cash(54000))
    with on(MONDAY + HOUR):
        await run_command(house.owner, VoidSale(package_id, "wrong person"))
    explanation = await as_booked(house, package_id, MONDAY + DAY)
    assert told(explanation, 2) == [
        (
            "540.00 EUR that was paid in cash was taken back at Lisbon Chiado.",
            "0.00 + 540.00 = 540.00 outstanding",
            {"paid": -54000},
        ),
        (
            "10 sessions were taken back with the sale at Lisbon Chiado.",
            "450.00 × 10 / 10 = 450.00",
            {"deferred": -45000, "credited": 45000},
        ),
        ("The sale was voided.", "450.00 + 90.00 = 540.00", {"tax": -9000, "credited": 9000}),
    ]
    assert explanation.identity == "540.00 price - 540.00 credited = 0.00 recognised."
    assert (explanation.balance.outstanding_minor, explanation.balance.available) == (0, 0)


async def test_a_dispute_that_was_lost(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, await taxed(house), payments=(Received(PaymentMethod.ONLINE_LINK, 54000),))
        await used(house, package_id, sessions=4)
        await run_command(house.owner, OpenDispute(package_id, 54000, "EUR", "stolen card", fee_minor=1500))
    with on(MONDAY + DAY):
        await run_command(house.owner, LoseDispute(package_id, "no signature"))
    explanation = await as_booked(house, package_id, MONDAY + 2 * DAY)
    assert told(explanation, 3) == [
        (
            "A payment of 540.00 EUR was disputed.",
            "540.00 + 15.00 fee = 555.00",
            {"disputed": 54000, "provider_fees": 1500},
        ),
        (
            "6 sessions were taken away for the lost dispute at Lisbon Chiado.",
            "270.00 × 6 / 6 = 270.00",
            {"deferred": -27000, "refunded": 27000},
        ),
        (
            "The dispute was lost, and 540.00 EUR never comes back.",
            "270.00 + 54.00 + 216.00 = 540.00",
            {"disputed": -54000, "refunded": 27000, "tax": -5400, "bad_debt": 21600},
        ),
    ]
    lost = "540.00 price = 180.00 recognised + 36.00 tax + 540.00 refunded - 216.00 bad debt."
    assert explanation.identity == lost


async def test_instalments_agreed_with_the_sale_and_later(house: Harbour) -> None:
    plan = (Planned(date(2026, 4, 1), 15000, "EUR"), Planned(date(2026, 5, 1), 20000, "EUR"))
    with on(MONDAY):
        package_id, other = [await sold(house, house.ten, payments=cash(10000), instalments=plan) for _ in range(2)]
    with on(MONDAY + DAY):
        await run_command(house.owner, AgreeInstalments(package_id, (Planned(date(2026, 6, 1), 35000, "EUR"),)))
    explanation = await as_booked(house, package_id, MONDAY + 2 * DAY)
    agreed: Told = ("2 instalments were agreed, the last due on 2026-05-01.", "150.00 + 200.00 = 350.00", {})
    assert told(explanation, 2) == [
        agreed,
        ("1 instalment was agreed, due on 2026-06-01.", "350.00 = 350.00", {}),
    ]
    assert told(await as_booked(house, other, MONDAY + 2 * DAY), 2) == [agreed]
