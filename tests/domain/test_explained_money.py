"""An explanation tells what every step did to the money of a package, as the journal has it, at any instant."""

# ruff: noqa: E501, RUF001 - a table of sentences, with the signs that people read

from datetime import date, timedelta

import pytest

from domain.branches.settings import LapseTax
from domain.catalog.terms import Expiry, Item, Price, TaxPoint, Terms, Validity
from domain.kernel.commands import run_command
from domain.kernel.db import execute
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.payments.reverse_payment import ReversePayment
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.explained import as_booked, explained, taxed, told
from tests.fixtures.money_acts import CREDIT, deposited, paid
from tests.fixtures.time_acts import extended, swept

pytestmark = pytest.mark.anyio

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LAPSED = MONDAY + 200 * DAY


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_package_from_its_sale_to_a_use_elsewhere(house: Harbour) -> None:
    online = (Received(PaymentMethod.ONLINE_LINK, 20000), *cash(10000))
    with on(MONDAY):
        package_id = await sold(house, await taxed(house), payments=online)
    with on(MONDAY + HOUR):
        use = await used(house, package_id, branch_id=house.mad, sessions=2)
    with on(MONDAY + 2 * HOUR):
        await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.BUSINESS, "typed twice"))
        await used(house, package_id)
    explanation = await as_booked(house, package_id, MONDAY + DAY)
    assert [(formula, change) for _, formula, change in told(explanation)] == [
        ("450.00 × 500.00 / 500.00 = 450.00; 450.00 + 90.00 tax = 540.00", {"price": 54000, "deferred": 45000, "tax": 9000}),
        ("540.00 - 200.00 = 340.00 outstanding", {"paid": 20000}),
        ("340.00 - 100.00 = 240.00 outstanding", {"paid": 10000}),
        ("450.00 × 2 / 10 = 90.00", {"deferred": -9000, "recognised": 9000}),
        ("360.00 + 90.00 = 450.00", {"deferred": 9000, "recognised": -9000}),
        ("450.00 × 1 / 10 = 45.00", {"deferred": -4500, "recognised": 4500}),
    ]  # fmt: skip
    assert explanation.identity == "540.00 price = 45.00 recognised + 90.00 tax + 405.00 deferred."
    then = await explained(house, package_id, MONDAY + DAY, MONDAY + HOUR)
    assert then.identity == "540.00 price = 90.00 recognised + 90.00 tax + 360.00 deferred."
    before = await explained(house, package_id, MONDAY + DAY, MONDAY - HOUR)
    assert before.identity == "0.00 price = 0.00 recognised."


@pytest.mark.parametrize(
    ("lapse_tax", "formula", "change", "identity"),
    [
        (
            LapseTax.NONE,
            "432.00 × 8 / 8 = 432.00",
            {"deferred": -43200, "breakage": 43200},
            "540.00 price = 90.00 recognised + 432.00 breakage + 18.00 tax.",
        ),
        (
            LapseTax.DUE,
            "432.00 × 8 / 8 = 432.00; 432.00 = 360.00 breakage + 72.00 tax",
            {"deferred": -43200, "breakage": 36000, "tax": 7200},
            "540.00 price = 90.00 recognised + 360.00 breakage + 90.00 tax.",
        ),
    ],
)
async def test_a_lapse_is_told_alike_before_and_after_it_is_written_down(
    house: Harbour, lapse_tax: LapseTax, formula: str, change: dict[str, int], identity: str
) -> None:
    await execute("UPDATE chain SET lapse_tax = $1", lapse_tax.value)
    with on(MONDAY):
        package_id = await sold(house, await taxed(house, TaxPoint.AT_REDEMPTION))
        await used(house, package_id, sessions=2)
    before = await explained(house, package_id, LAPSED)
    with on(LAPSED):
        assert await swept() == 1
    after = await as_booked(house, package_id, LAPSED)
    assert told(before) == told(after)
    assert told(after)[1:] == [
        (
            "2 sessions of Physiotherapy 45 were used at Lisbon Chiado.",
            "540.00 × 2 / 10 = 108.00; 108.00 = 90.00 + 18.00 tax",
            {"deferred": -10800, "recognised": 9000, "tax": 1800},
        ),
        ("8 sessions lapsed at Lisbon Chiado.", formula, change),
    ]
    assert before.identity == after.identity == identity
    with on(LAPSED + DAY):
        await extended(house, package_id, date(2026, 12, 31))
    back = await as_booked(house, package_id, LAPSED + DAY)
    assert told(back)[3][2] == {name: -amount for name, amount in change.items()}
    assert back.identity == "540.00 price = 90.00 recognised + 18.00 tax + 432.00 deferred."


async def test_payments_that_are_kept_used_as_credit_and_taken_back(house: Harbour) -> None:
    with on(MONDAY):
        await deposited(house, 10000)
        package_id = await sold(house, house.ten)
        await paid(house, package_id, 10000, method=CREDIT)
    with on(MONDAY + DAY):
        mistake = await paid(house, package_id, 40000, keep_excess=True, received_at=MONDAY + HOUR)
    with on(MONDAY + DAY + HOUR):
        await run_command(house.owner, ReversePayment(mistake, "typed twice"))
    explanation = await as_booked(house, package_id, MONDAY + 2 * DAY)
    assert told(explanation, 1) == [
        (
            "100.00 EUR was paid from credit at Lisbon Chiado.",
            "450.00 - 100.00 = 350.00 outstanding",
            {"paid": 10000},
        ),
        (
            "400.00 EUR was paid in cash at Lisbon Chiado, 50.00 of it kept as credit.",
            "400.00 - 50.00 kept as credit = 350.00; 350.00 - 350.00 = 0.00 outstanding",
            {"paid": 35000},
        ),
        (
            "400.00 EUR that was paid in cash was taken back at Lisbon Chiado.",
            "400.00 - 50.00 kept as credit = 350.00; 0.00 + 350.00 = 350.00 outstanding",
            {"paid": -35000},
        ),
    ]
    assert [step.effective_at for step in explanation.steps[2:]] == [MONDAY + HOUR, MONDAY + DAY + HOUR]
    known = [
        (await explained(house, package_id, MONDAY + 2 * DAY, at)).balance.outstanding_minor
        for at in (MONDAY + 2 * HOUR, MONDAY + DAY, MONDAY + DAY + HOUR)
    ]
    assert known == [35000, 0, 35000]


async def test_value_that_moves_into_the_package_that_renews_another(house: Harbour) -> None:
    soft = Validity(days=10, expiry=Expiry.SOFT, grace_days=14, renewal_in_grace=True)
    terms = Terms((Item((house.physio,), 5),), Price(20000, "EUR"), soft)
    with on(MONDAY):
        definition = await published(house.owner, "SOFT", terms)
        old = await sold(house, definition)
        await used(house, old)
    with on(MONDAY + 12 * DAY):
        new = await sold(house, definition, branch_id=house.mad)
    left = await as_booked(house, old, MONDAY + 12 * DAY)
    taken_over = await as_booked(house, new, MONDAY + 12 * DAY)
    assert left.identity == "200.00 price - 160.00 moved on = 40.00 recognised."
    assert taken_over.identity == "200.00 price + 160.00 taken over = 360.00 deferred."


async def test_what_a_lapsed_lot_gives_back_moves_on_inside_the_package(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        use = await used(house, package_id, sessions=2)
    with on(LAPSED):
        await swept()
        await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.BUSINESS, "nobody came"))
    explanation = await as_booked(house, package_id, LAPSED + HOUR)
    assert [change for _, _, change in told(explanation, 3)] == [
        {"deferred": 9000, "recognised": -9000},
        {"deferred": -9000, "moved_in": -9000},
        {"deferred": 9000, "moved_in": 9000},
    ]
    assert explanation.identity == "450.00 price = 360.00 breakage + 90.00 deferred."
