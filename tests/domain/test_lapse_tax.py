"""What a lapse does with tax that was not due yet: nothing, or it falls due; and that is what comes back with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.bookings.complete_booking import CompleteBooking
from domain.branches.settings import LapseTax
from domain.catalog.terms import Item, Price, TaxPoint, ValidityStart
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.ledger.audit import audit_ledgers
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, posted, sold, used
from tests.fixtures.time_acts import LAPSES, TICK, booked, extended, swept

pytestmark = pytest.mark.anyio

DEFERRED, REVENUE, BREAKAGE, TAX = "DEFERRED_REVENUE", "REVENUE", "BREAKAGE_REVENUE", "TAX_PAYABLE"
LATE = LAPSES + timedelta(days=2)


async def lapse_tax(house: Harbour, policy: LapseTax) -> None:
    """What the lapses of the chain do with tax from now on."""
    await execute("UPDATE chain SET lapse_tax = $2 WHERE id = $1", house.chain_id, policy.value)


async def taxed(house: Harbour, point: TaxPoint = TaxPoint.AT_REDEMPTION) -> str:
    """Ten sessions for 450.00 and 20 % of tax, sold on Monday."""
    price = Price(54000, "EUR", 2000, tax_point=point)
    whole = replace(terms(Item((house.physio,), 10), price_minor=54000, grace_days=14), price=price)
    with on(MONDAY):
        return await sold(house, await published(house.owner, "TAXED", whole))


async def lapse_of(package_id: str) -> list[tuple[str, str, int]]:
    """The lines of the newest lapse of the package."""
    found = await rows(
        "SELECT id FROM operation WHERE package_id = $1 AND act = 'lapse_package' ORDER BY seq DESC", package_id
    )
    return await posted(found[0]["id"])


async def told(package_id: str) -> list[tuple[str, str, int, int, int]]:
    """What moved into EXPIRED and out of it: value, tax and breakage."""
    found = await rows(
        """SELECT source, target, value_minor, tax_minor, breakage_minor FROM movement
        WHERE package_id = $1 AND (source = 'EXPIRED' OR target = 'EXPIRED') ORDER BY id""",
        package_id,
    )
    return [tuple(row.values()) for row in found]


@pytest.fixture
async def house(db: str) -> Harbour:
    house = await harbour(db)
    await lapse_tax(house, LapseTax.DUE)
    return house


async def test_the_tax_of_what_lapses_falls_due_and_the_rest_is_breakage(house: Harbour) -> None:
    package_id = await taxed(house)
    with on(MONDAY):
        await used(house, package_id, sessions=2)
    with on(LAPSES):
        await swept()

    assert await lapse_of(package_id) == [
        (DEFERRED, house.lis, 43200),
        (BREAKAGE, house.lis, -36000),
        (TAX, house.lis, -7200),
    ]
    assert await told(package_id) == [("AVAILABLE", "EXPIRED", 43200, 7200, 36000)]
    assert await audit_ledgers(house.chain_id) == []


async def test_without_it_nothing_was_supplied_and_all_of_it_is_breakage(house: Harbour) -> None:
    package_id = await taxed(house)
    await lapse_tax(house, LapseTax.NONE)
    with on(LAPSES):
        await swept()

    assert await lapse_of(package_id) == [(DEFERRED, house.lis, 54000), (BREAKAGE, house.lis, -54000)]
    assert await told(package_id) == [("AVAILABLE", "EXPIRED", 54000, 9000, 54000)]


async def test_tax_that_fell_due_at_the_sale_is_not_recovered(house: Harbour) -> None:
    package_id = await taxed(house, TaxPoint.AT_SALE)
    with on(LAPSES):
        await swept()

    assert await lapse_of(package_id) == [(DEFERRED, house.lis, 45000), (BREAKAGE, house.lis, -45000)]


@pytest.mark.parametrize("posted_first", [True, False], ids=["swept before", "not swept"])
async def test_a_reinstatement_takes_back_what_the_lapse_posted_whatever_the_chain_has_decided_since(
    house: Harbour, posted_first: bool
) -> None:
    package_id = await taxed(house)
    with on(LATE):
        if posted_first:
            await swept()
            await lapse_tax(house, LapseTax.NONE)
        done = await extended(house, package_id, LATE.date() + timedelta(days=30))

    lines = await posted(done.operation_id)
    assert lines[-3:] == [(DEFERRED, house.lis, -54000), (BREAKAGE, house.lis, 45000), (TAX, house.lis, 9000)]
    assert await told(package_id) == [
        ("AVAILABLE", "EXPIRED", 54000, 9000, 45000),
        ("EXPIRED", "AVAILABLE", 54000, 9000, 45000),
    ]
    assert await audit_ledgers(house.chain_id) == []


async def test_a_visit_that_is_told_after_the_lapse_takes_the_tax_back_before_it_falls_due_with_the_use(
    house: Harbour,
) -> None:
    package_id = await taxed(house)
    with on(LATE):
        await swept()
        done = await used(house, package_id, visited_at=LAPSES - TICK)

    assert await posted(done.operation_id) == [
        (DEFERRED, house.lis, -54000),
        (BREAKAGE, house.lis, 45000),
        (TAX, house.lis, 9000),
        (DEFERRED, house.lis, 5400),
        (TAX, house.lis, -900),
        (REVENUE, house.lis, -4500),
    ]
    assert await audit_ledgers(house.chain_id) == []


async def test_a_first_visit_that_is_completed_late_and_then_reversed_takes_all_of_it_back(house: Harbour) -> None:
    price = Price(54000, "EUR", 2000, tax_point=TaxPoint.AT_REDEMPTION)
    whole = replace(terms(Item((house.physio,), 10), price_minor=54000, days=60), price=price)
    starting = replace(whole.validity, starts=ValidityStart.FIRST_USE, start_within_days=10)
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "STARTS", replace(whole, validity=starting)))
        booking_id = await booked(house, package_id, MONDAY + timedelta(days=8))
    with on(MONDAY + timedelta(days=12)):
        assert await swept() == 1
        assert (await lapse_of(package_id))[1:] == [(BREAKAGE, house.lis, -40500), (TAX, house.lis, -8100)]
        done = await run_command(house.owner, CompleteBooking(booking_id))
    assert (await posted(done.operation_id))[:3] == [
        (DEFERRED, house.lis, -48600),
        (BREAKAGE, house.lis, 40500),
        (TAX, house.lis, 8100),
    ]
    with on(MONDAY + timedelta(days=13)):
        await run_command(house.owner, ReverseRedemption(done.operation_id, Fault.CUSTOMER, "never came"))
        await swept()

    assert await lapse_of(package_id) == [
        (DEFERRED, house.lis, 48600),
        (BREAKAGE, house.lis, -40500),
        (TAX, house.lis, -8100),
        (DEFERRED, house.lis, 5400),
        (BREAKAGE, house.lis, -4500),
        (TAX, house.lis, -900),
    ]
    assert await audit_ledgers(house.chain_id) == []
