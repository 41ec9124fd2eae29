"""The auditor names refunds, upgrades and prices that are not what the ledgers say."""

import pytest

from domain.kernel.db import execute, rows
from domain.ledger.audit import Check, Finding, audit_ledgers
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.given_back import given_back, paid, paid_out, returnable
from tests.fixtures.ledgers import unguard
from tests.fixtures.upgraded import bought, changing, larger, upgraded

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def refunded(house: Harbour) -> tuple[str, str, str]:
    """Four of ten given back for 180.00 of the 450.00 that one payment brought: package, refund and payment."""
    with on(MONDAY):
        package_id = await paid(house, await returnable(house))
        refund_id = (await given_back(house, package_id, 4)).outcome.refund_id
    (payment,) = await rows("SELECT id FROM payment")
    assert await audit_ledgers(house.chain_id) == []
    return package_id, refund_id, payment["id"]


async def test_parts_that_are_not_the_refund(house: Harbour) -> None:
    package_id, refund_id, _ = await refunded(house)
    await execute("UPDATE refund_part SET amount_minor = 17000")
    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.REFUNDS, refund_id, "PARTS", 18000, 17000),
        Finding(Check.REFUND_PAYABLE, package_id, house.lis, 17000, 18000),
    ]
    assert await audit_ledgers(house.other_owner.chain_id) == []


async def test_more_goes_back_on_a_payment_than_it_brought(house: Harbour) -> None:
    *_, payment_id = await refunded(house)
    await unguard()
    await execute("UPDATE payment SET amount_minor = 17999")
    found = await audit_ledgers(house.chain_id)
    assert Finding(Check.REFUNDS, payment_id, "REFUNDED", 17999, 18000) in found


async def test_a_package_that_says_another_sum_went_back(house: Harbour) -> None:
    package_id, *_ = await refunded(house)
    await execute("UPDATE package SET refunded_minor = 100")
    assert await audit_ledgers(house.chain_id) == [Finding(Check.REFUNDED, package_id, "REFUNDED", 18000, 100)]


async def test_a_refund_that_is_owed_although_it_was_paid_out(house: Harbour) -> None:
    package_id, refund_id, _ = await refunded(house)
    await paid_out(house, refund_id)
    assert await audit_ledgers(house.chain_id) == []
    await execute("UPDATE refund_part SET paid_out_at = NULL, operation_id = NULL")
    assert await audit_ledgers(house.chain_id) == [Finding(Check.REFUND_PAYABLE, package_id, house.lis, 18000, 0)]


async def test_prices_and_what_an_upgrade_brought(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        package_id = await bought(house, await changing(house, to))
        into_id = (await upgraded(house, package_id, to)).outcome.into_package_id
    assert await audit_ledgers(house.chain_id) == []
    await execute("UPDATE package SET price_minor = price_minor + 1, credited_minor = credited_minor + 1")
    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.PRICES, package_id, "PRICE", 45000, 45001),
        Finding(Check.PRICES, into_id, "BROUGHT", 45001, 45000),
    ]
