"""An explanation tells what breakage was expected: along with each use, and whenever it is estimated anew."""

# ruff: noqa: RUF001 - the sign of multiplication is the one that people read

from datetime import timedelta

import pytest

from domain.accounting import breakage_runs
from domain.accounting.change_breakage_method import ChangeBreakageMethod
from domain.accounting.estimate_breakage import EstimateBreakage
from domain.branches.settings import BreakageMethod
from domain.catalog.terms import Item
from domain.kernel.commands import run_command
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.explained import as_booked, explained, told

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
LAPSED = MONDAY + 200 * DAY


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        house = await harbour(db)
        await run_command(house.owner, ChangeBreakageMethod(BreakageMethod.PROPORTIONAL, "from the start"))
    await estimated(house, 2000)
    return house


async def estimated(house: Harbour, rate_bp: int, days: int = 0) -> None:
    """Another share of the ten sessions is expected to lapse, and all that was sold is caught up with that."""
    with on(MONDAY + days * DAY):
        await run_command(house.owner, EstimateBreakage(house.ten, rate_bp, "as it was last year"))
        for run_id in await breakage_runs.unfinished():
            while await breakage_runs.carry_on(run_id) is not None:
                pass


async def test_uses_release_what_is_expected_to_lapse_and_estimates_catch_up(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await used(house, package_id)
        use = await used(house, package_id, sessions=3)
    await estimated(house, 0, days=1)
    with on(MONDAY + 2 * DAY):
        await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.BUSINESS, "typed twice"))
    explanation = await as_booked(house, package_id, MONDAY + 3 * DAY)
    assert [(step.act, *rest) for step, (_, *rest) in zip(explanation.steps, told(explanation), strict=True)][1:] == [
        (
            "redeem_session",
            "450.00 × 1 / 8 = 56.25; 56.25 = 45.00 + 11.25 breakage",
            {"deferred": -5625, "recognised": 4500, "breakage": 1125},
        ),
        (
            "redeem_session",
            "450.00 × 4 / 8 = 225.00; 225.00 - 56.25 = 168.75; 168.75 = 135.00 + 33.75 breakage",
            {"deferred": -16875, "recognised": 13500, "breakage": 3375},
        ),
        (
            "reestimate_package",
            "450.00 × 4 / 10 = 180.00; 45.00 back to deferred",
            {"deferred": 4500, "breakage": -4500},
        ),
        (
            "reverse_redemption",
            "270.00 + 168.75 = 438.75",
            {"deferred": 16875, "recognised": -13500, "breakage": -3375},
        ),
        (
            "reverse_redemption",
            "450.00 × 1 / 10 = 45.00; 33.75 more recognised",
            {"deferred": -3375, "breakage": 3375},
        ),
    ]
    assert explanation.steps[3].label == "0 % of the sessions are expected never to be used."
    assert explanation.identity == "450.00 price = 45.00 recognised + 405.00 deferred."
    then = await explained(house, package_id, MONDAY + 3 * DAY, MONDAY + DAY / 2)
    assert then.identity == "450.00 price = 180.00 recognised + 45.00 breakage + 225.00 deferred."


async def test_what_lapses_after_an_estimate_is_what_that_has_left(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await used(house, package_id, sessions=4)
    await estimated(house, 5000, days=1)
    explanation = await explained(house, package_id, LAPSED)
    assert told(explanation, 2) == [
        (
            "50 % of the sessions are expected never to be used.",
            "450.00 × 4 / 5 = 360.00; 135.00 more recognised",
            {"deferred": -13500, "breakage": 13500},
        ),
        (
            "6 sessions lapsed at Lisbon Chiado.",
            "90.00 × 6 / 6 = 90.00",
            {"deferred": -9000, "breakage": 9000},
        ),
    ]
    assert explanation.identity == "450.00 price = 180.00 recognised + 270.00 breakage."


async def test_equal_uses_that_round_differently_tell_why(house: Harbour) -> None:
    eight = terms(Item((house.physio,), 8), price_minor=7700)
    with on(MONDAY):
        definition = await published(house.owner, "EIGHT", eight)
        await run_command(house.owner, EstimateBreakage(definition, 2000, "as it was last year"))
        package_id = await sold(house, definition)
        for _ in range(7):
            await used(house, package_id)
    explanation = await as_booked(house, package_id, MONDAY + DAY)
    assert [formula for _, formula, _ in told(explanation, 1)][2:] == [
        "77.00 × 3 / 6.4 ≈ 36.09; 36.09 - 24.06 = 12.03; 12.03 = 9.63 + 2.40 breakage",
        "77.00 × 4 / 6.4 ≈ 48.13; 48.13 - 36.09 = 12.04; 12.04 = 9.62 + 2.42 breakage",
        "77.00 × 5 / 6.4 ≈ 60.16; 60.16 - 48.13 = 12.03; 12.03 = 9.63 + 2.40 breakage",
        "77.00 × 6 / 6.4 ≈ 72.19; 72.19 - 60.16 = 12.03; 12.03 = 9.62 + 2.41 breakage",
        "77.00 × 7 / 6.4 ≈ 84.22, at most 77.00; 77.00 - 72.19 = 4.81; 4.81 = 9.63 - 4.82 breakage",
    ]
