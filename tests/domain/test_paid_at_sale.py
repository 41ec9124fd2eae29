"""What is paid with a sale may be the customer's own credit, and no payment is larger than the chain takes."""

import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import execute
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import audit_ledgers
from domain.ledger.credit import credit_of
from domain.packages.errors import NotEnoughCredit, PaymentAboveLimit, PaymentExceedsOutstanding
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, cash, on, package, posted, refused
from tests.fixtures.money_acts import deposited, kept_payments
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def credit(amount_minor: int) -> tuple[Received, ...]:
    """One payment with credit of the customer."""
    return (Received(PaymentMethod.CUSTOMER_CREDIT, amount_minor),)


async def test_credit_is_used_from_the_selling_branch_first(house: Harbour) -> None:
    await deposited(house, 30000, branch_id=house.mad)
    await deposited(house, 10000)
    sale = SellPackage(house.ten, house.ana, house.lis, credit(25000) + cash(5000))
    done = await run_command(house.desk_lis, sale)
    assert done.outcome.paid_minor == 30000
    assert await posted(done.operation_id) == [
        ("RECEIVABLE", house.lis, 45000),
        ("DEFERRED_REVENUE", house.lis, -45000),
        ("CUSTOMER_CREDIT", house.lis, 10000),
        ("RECEIVABLE", house.lis, -10000),
        ("CUSTOMER_CREDIT", house.mad, 15000),
        ("DUE_TO_BRANCH", house.mad, -15000),
        ("DUE_FROM_BRANCH", house.lis, 15000),
        ("RECEIVABLE", house.lis, -15000),
        ("CASH", house.lis, 5000),
        ("RECEIVABLE", house.lis, -5000),
    ]
    assert await credit_of(house.ana) == {house.mad: 15000}
    assert (await kept_payments())[2:] == [
        ("CUSTOMER_CREDIT", 10000, 0),
        ("CUSTOMER_CREDIT", 15000, 0),
        ("CASH", 5000, 0),
    ]
    assert (await package(house, done.outcome.package_id)).outstanding == Money(15000, "EUR")
    assert await audit_ledgers(house.chain_id) == []


async def test_more_credit_than_there_is_and_that_of_others_is_refused(house: Harbour) -> None:
    await deposited(house, 10000)
    twice = SellPackage(house.ten, house.ana, house.lis, credit(8000) + credit(2001))
    refusal = await refused(NotEnoughCredit, house.desk_lis, twice)
    assert (refusal.customer_id, refusal.available, refusal.asked, refusal.path) == (
        house.ana,
        Money(2000, "EUR"),
        Money(2001, "EUR"),
        ("payments", "1", "amount"),
    )
    of_rui = SellPackage(house.ten, house.rui, house.lis, credit(1))
    assert (await refused(NotEnoughCredit, house.desk_lis, of_rui)).available == Money(0, "EUR")


async def test_the_same_credit_is_not_spent_twice_at_once(house: Harbour) -> None:
    await deposited(house, 10000)
    sale = SellPackage(house.ten, house.ana, house.lis, credit(6000), confirmed_duplicate=True)
    answers = await at_once(*(run_command(house.owner, sale) for _ in range(3)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "NotEnoughCredit", "NotEnoughCredit"]
    assert await credit_of(house.ana) == {house.lis: 4000}
    assert await audit_ledgers(house.chain_id) == []


async def test_a_payment_above_the_limit_of_the_chain(house: Harbour) -> None:
    await execute("UPDATE chain SET largest_payment_minor = 20000")
    too_much = SellPackage(house.ten, house.ana, house.lis, cash(20000) + cash(20001))
    refusal = await refused(PaymentAboveLimit, house.desk_lis, too_much)
    assert (refusal.limit, refusal.offered) == (Money(20000, "EUR"), Money(20001, "EUR"))
    assert refusal.path == ("payments", "1", "amount")
    await run_command(house.desk_lis, SellPackage(house.ten, house.ana, house.lis, cash(20000) * 2))


async def test_credit_above_the_price_is_refused(house: Harbour) -> None:
    await deposited(house, 50000)
    too_much = SellPackage(house.ten, house.ana, house.lis, credit(45001))
    assert (await refused(PaymentExceedsOutstanding, house.desk_lis, too_much)).offered == Money(45001, "EUR")
