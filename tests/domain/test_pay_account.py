"""What a customer owes for visits without a package is paid where it is owed, the oldest visit first."""

from datetime import date, timedelta

import pytest

from domain.branches.errors import BooksClosed, WrongCurrency
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod
from domain.ledger.audit import audit_ledgers
from domain.ledger.charges import owed_by
from domain.ledger.credit import credit_of
from domain.packages.errors import (
    AlreadyReversed,
    BranchClosed,
    NotEnoughCredit,
    PaymentAboveLimit,
    PaymentExceedsOutstanding,
    ReversalTooLate,
)
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.payments.errors import BadPaymentTime, CreditSpent
from domain.payments.pay_account import AccountPaid
from domain.payments.reverse_charge import ChargeReversed, ReverseCharge
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, posted, refused, sold, used
from tests.fixtures.money_acts import (
    CREDIT,
    deposited,
    depositing,
    kept_payments,
    mistaken,
    paid,
    payments_of,
    visited,
)
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
LATER = MONDAY + 20 * DAY


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def two_visits(house: Harbour) -> tuple[str, str]:
    """A massage in Madrid for 65.00, and five days later physiotherapy in Lisbon for 50.00."""
    return (
        await visited(house, MONDAY + 5 * DAY, house.mad, house.massage),
        await visited(house, MONDAY + 10 * DAY, house.lis, house.physio),
    )


async def test_the_oldest_visit_is_paid_first_and_owed_on_to_where_it_was(house: Harbour) -> None:
    await two_visits(house)
    assert await owed_by(house.ana) == {house.lis: 5000, house.mad: 6500}
    with on(LATER):
        done = await run_command(house.desk_lis, depositing(house, 7000, keep_excess=False))
    assert done.outcome == AccountPaid(house.ana, 7000, 4500, 0, "EUR")
    assert await posted(done.operation_id) == [
        ("CASH", house.lis, 7000),
        ("DUE_TO_BRANCH", house.lis, -6500),
        ("DUE_FROM_BRANCH", house.mad, 6500),
        ("RECEIVABLE", house.mad, -6500),
        ("RECEIVABLE", house.lis, -500),
    ]
    assert await owed_by(house.ana) == {house.lis: 4500}
    (payment,) = await rows("SELECT package_id, customer_id, branch_id FROM payment")
    assert payment == {"package_id": None, "customer_id": house.ana, "branch_id": house.lis}
    assert await audit_ledgers(house.chain_id) == []


async def test_what_is_more_is_kept_only_when_asked_for(house: Harbour) -> None:
    await two_visits(house)
    with on(LATER):
        refusal = await refused(PaymentExceedsOutstanding, house.desk_lis, depositing(house, 11501, keep_excess=False))
        assert (refusal.outstanding, refusal.offered) == (Money(11500, "EUR"), Money(11501, "EUR"))
        done = await run_command(house.desk_lis, depositing(house, 12000))
    assert done.outcome == AccountPaid(house.ana, 12000, 0, 500, "EUR")
    assert await credit_of(house.ana) == {house.lis: 500}
    assert await audit_ledgers(house.chain_id) == []


async def test_without_anything_owed_money_is_a_deposit(house: Harbour) -> None:
    refusal = await refused(PaymentExceedsOutstanding, house.desk_lis, depositing(house, 5000, keep_excess=False))
    assert refusal.outstanding == Money(0, "EUR")
    done = await run_command(house.desk_lis, depositing(house, 5000))
    assert await posted(done.operation_id) == [("CASH", house.lis, 5000), ("CUSTOMER_CREDIT", house.lis, -5000)]
    assert await kept_payments() == [("CASH", 5000, 5000)]


async def test_visits_are_paid_from_credit_of_several_branches(house: Harbour) -> None:
    await two_visits(house)
    with on(LATER):
        await run_command(house.owner, depositing(house, 11500 + 6000, branch_id=house.pdl))
        assert await owed_by(house.ana) == {}
        await run_command(house.owner, depositing(house, 1000))
    await visited(house, LATER + 2 * DAY, house.mad, house.massage)
    with on(LATER + 3 * DAY):
        asked = depositing(house, 6500, method=CREDIT, keep_excess=False)
        done = await run_command(house.desk_lis, asked)
        refusal = await refused(PaymentExceedsOutstanding, house.desk_lis, asked)
    assert refusal.outstanding == Money(0, "EUR")
    assert await posted(done.operation_id) == [
        ("CUSTOMER_CREDIT", house.lis, 1000),
        ("DUE_TO_BRANCH", house.lis, -1000),
        ("DUE_FROM_BRANCH", house.mad, 1000),
        ("RECEIVABLE", house.mad, -1000),
        ("CUSTOMER_CREDIT", house.pdl, 5500),
        ("DUE_TO_BRANCH", house.pdl, -5500),
        ("DUE_FROM_BRANCH", house.mad, 5500),
        ("RECEIVABLE", house.mad, -5500),
    ]
    assert await credit_of(house.ana) == {house.pdl: 500}
    assert await audit_ledgers(house.chain_id) == []


async def test_no_more_credit_than_there_is_pays_for_a_visit(house: Harbour) -> None:
    await deposited(house, 1000)
    await two_visits(house)
    with on(LATER):
        asked = depositing(house, 2000, method=CREDIT, keep_excess=False)
        assert (await refused(NotEnoughCredit, house.desk_lis, asked)).available == Money(1000, "EUR")


async def test_one_credit_pays_for_visits_at_once_only_once(house: Harbour) -> None:
    await deposited(house, 5000)
    await two_visits(house)
    with on(LATER):
        asked = depositing(house, 5000, method=CREDIT, keep_excess=False)
        answers = await at_once(*(run_command(house.desk_lis, asked) for _ in range(8)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", *["NotEnoughCredit"] * 7]
    assert await audit_ledgers(house.chain_id) == []


async def test_a_payment_into_the_account_is_taken_back(house: Harbour) -> None:
    await two_visits(house)
    with on(LATER):
        done = await run_command(house.desk_lis, depositing(house, 12000))
        (payment_id,) = await payments_of(done)
        back = await run_command(house.desk_lis, mistaken(payment_id))
    assert (back.outcome.package_id, back.outcome.amount_minor, back.outcome.kept_minor) == (None, 12000, 500)
    assert await posted(back.operation_id) == [
        (account, branch, -amount) for account, branch, amount in await posted(done.operation_id)
    ]
    assert await owed_by(house.ana) == {house.lis: 5000, house.mad: 6500}
    assert await credit_of(house.ana) == {}
    assert await audit_ledgers(house.chain_id) == []


async def test_the_charge_of_a_visit_without_a_package_is_taken_back_once(house: Harbour) -> None:
    _, visit = await two_visits(house)
    with on(MONDAY + 11 * DAY):
        done = await run_command(house.desk_lis, ReverseCharge(visit, "did not come"))
        assert done.outcome == ChargeReversed(visit, house.ana, 1, 5000, 0, "EUR")
        assert await posted(done.operation_id) == [("RECEIVABLE", house.lis, -5000), ("REVENUE", house.lis, 5000)]
        refusal = await refused(AlreadyReversed, house.desk_lis, ReverseCharge(visit, "did not come"))
        assert refusal.reversal_id == done.operation_id
    assert await owed_by(house.ana) == {house.mad: 6500}
    assert await audit_ledgers(house.chain_id) == []


async def test_what_was_paid_of_a_charge_that_is_taken_back_becomes_credit(house: Harbour) -> None:
    visit = await visited(house, MONDAY + 10 * DAY, house.lis, house.physio)
    with on(MONDAY + 11 * DAY):
        await run_command(house.desk_lis, depositing(house, 2000, keep_excess=False))
        done = await run_command(house.desk_lis, ReverseCharge(visit, "did not come"))
        assert done.outcome == ChargeReversed(visit, house.ana, 1, 5000, 2000, "EUR")
        assert await posted(done.operation_id) == [
            ("RECEIVABLE", house.lis, -5000),
            ("REVENUE", house.lis, 5000),
            ("RECEIVABLE", house.lis, 2000),
            ("CUSTOMER_CREDIT", house.lis, -2000),
        ]
    assert (await owed_by(house.ana), await credit_of(house.ana)) == ({}, {house.lis: 2000})
    assert await audit_ledgers(house.chain_id) == []


async def test_credit_of_a_charge_taken_back_goes_with_the_payment_that_it_came_from(house: Harbour) -> None:
    visit = await visited(house, MONDAY + 10 * DAY, house.lis, house.physio)
    with on(MONDAY + 11 * DAY):
        done = await run_command(house.owner, depositing(house, 5000, branch_id=house.mad, keep_excess=False))
        (payment_id,) = await payments_of(done)
        await run_command(house.owner, ReverseCharge(visit, "did not come"))
        assert (await owed_by(house.ana), await credit_of(house.ana)) == ({}, {house.lis: 5000})
        back = await run_command(house.owner, mistaken(payment_id))
        assert (back.outcome.amount_minor, back.outcome.kept_minor) == (5000, 5000)
        assert await posted(back.operation_id) == [
            ("CASH", house.mad, -5000),
            ("DUE_TO_BRANCH", house.mad, 5000),
            ("DUE_FROM_BRANCH", house.lis, -5000),
            ("RECEIVABLE", house.lis, 5000),
            ("CUSTOMER_CREDIT", house.lis, 5000),
            ("RECEIVABLE", house.lis, -5000),
        ]
        assert (await owed_by(house.ana), await credit_of(house.ana)) == ({}, {})
        assert await audit_ledgers(house.chain_id) == []
        (used_up,) = await payments_of(back)
        again = await run_command(house.owner, mistaken(used_up))
        assert (again.outcome.amount_minor, again.outcome.kept_minor) == (5000, 5000)
        assert (await owed_by(house.ana), await credit_of(house.ana)) == ({}, {})
    assert await audit_ledgers(house.chain_id) == []


async def test_it_stays_while_another_charge_is_owed_instead(house: Harbour) -> None:
    visit = await visited(house, MONDAY + 10 * DAY, house.lis, house.physio)
    with on(MONDAY + 11 * DAY):
        first = await deposited(house, 5000)
        await run_command(house.owner, ReverseCharge(visit, "did not come"))
    await visited(house, MONDAY + 12 * DAY, house.lis, house.physio)
    with on(LATER):
        second = await deposited(house, 3000, keep_excess=False)
        assert (await run_command(house.owner, mistaken(first))).outcome.kept_minor == 2000
        assert (await owed_by(house.ana), await credit_of(house.ana)) == ({house.lis: 5000}, {house.lis: 3000})
        assert (await run_command(house.owner, mistaken(second))).outcome.kept_minor == 3000
        assert (await owed_by(house.ana), await credit_of(house.ana)) == ({house.lis: 5000}, {})
    assert await audit_ledgers(house.chain_id) == []


async def test_credit_of_a_charge_taken_back_that_is_spent_keeps_its_payment(house: Harbour) -> None:
    visit = await visited(house, MONDAY + 10 * DAY, house.lis, house.physio)
    with on(MONDAY + 11 * DAY):
        payment_id = await deposited(house, 6000)
        await run_command(house.owner, ReverseCharge(visit, "did not come"))
        assert await credit_of(house.ana) == {house.lis: 6000}
        package_id = await sold(house, house.ten)
        await paid(house, package_id, 1, method=CREDIT)
        refusal = await refused(CreditSpent, house.owner, mistaken(payment_id))
    assert (refusal.kept, refusal.available) == (Money(6000, "EUR"), Money(5999, "EUR"))
    assert (await owed_by(house.ana), await credit_of(house.ana)) == ({}, {house.lis: 5999})


async def test_so_does_what_a_package_lacked_when_its_redemption_is_reversed(house: Harbour) -> None:
    await two_visits(house)
    with on(LATER):
        await run_command(house.desk_lis, depositing(house, 11500, keep_excess=False))
        package_id = await sold(house, house.ten)
        done = await used(house, package_id, sessions=12)
        await run_command(house.desk_lis, depositing(house, 7000, keep_excess=False))
        await run_command(house.owner, ReverseRedemption(done.operation_id, Fault.BUSINESS, "came alone"))
    assert (await owed_by(house.ana), await credit_of(house.ana)) == ({}, {house.lis: 7000})
    assert await audit_ledgers(house.chain_id) == []


async def test_charges_are_taken_back_at_once_only_once(house: Harbour) -> None:
    visit = await visited(house, MONDAY + 10 * DAY, house.lis, house.physio)
    with on(MONDAY + 11 * DAY):
        answers = await at_once(*(run_command(house.owner, ReverseCharge(visit, "no")) for _ in range(4)))
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyReversed"] * 3 + ["Done"]
    assert await owed_by(house.ana) == {}


async def test_a_charge_is_taken_back_by_the_branch_in_its_time_and_later_by_a_manager(house: Harbour) -> None:
    visit = await visited(house, MONDAY + 10 * DAY, house.lis, house.physio)
    with on(MONDAY + 13 * DAY):
        refusal = await refused(ReversalTooLate, house.desk_lis, ReverseCharge(visit, "did not come"))
        assert refusal.until == MONDAY + 12 * DAY + timedelta(hours=2)
        await refused(Forbidden, house.manager_mad, ReverseCharge(visit, "did not come"))
        await refused(NotFound, house.other_owner, ReverseCharge(visit, "did not come"))
        assert (await refused(InvalidInput, house.owner, ReverseCharge(visit, ""))).path == ("reason",)
        await run_command(house.manager_lis, ReverseCharge(visit, "did not come"))


async def test_a_visit_on_a_package_is_no_charge_of_its_own(house: Harbour) -> None:
    await two_visits(house)
    with on(LATER):
        package_id = await sold(house, house.ten)
        done = await used(house, package_id, sessions=12)
        await refused(NotFound, house.owner, ReverseCharge(done.operation_id, "came alone"))


async def test_bad_payments_into_an_account(house: Harbour) -> None:
    with on(LATER):
        assert (await refused(InvalidInput, house.owner, depositing(house, 0))).path == ("amount",)
        assert (await refused(WrongCurrency, house.owner, depositing(house, 1, currency="GBP"))).expected == "EUR"
        assert (await refused(NotFound, house.owner, depositing(house, 1, customer_id="cus_none"))).noun == "customer"
        early = depositing(house, 1, received_at=MONDAY - timedelta(seconds=1))
        refusal = await refused(BadPaymentTime, house.owner, early)
        assert (refusal.earliest, refusal.latest) == (MONDAY, LATER)
        await execute("UPDATE chain SET books_open_from = $1, largest_payment_minor = 100", date(2026, 3, 5))
        closed = depositing(house, 1, received_at=MONDAY)
        assert (await refused(BooksClosed, house.owner, closed)).day == date(2026, 3, 2)
        assert (await refused(PaymentAboveLimit, house.owner, depositing(house, 101))).limit == Money(100, "EUR")
        await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", MONDAY, house.mad)
        await refused(BranchClosed, house.owner, depositing(house, 1, branch_id=house.mad))
    for actor in (house.manager_mad, house.practitioner_lis, house.accountant):
        await refused(Forbidden, actor, depositing(house, 1))


async def test_what_is_paid_for_a_package_is_not_for_the_account(house: Harbour) -> None:
    await two_visits(house)
    with on(LATER):
        await paid(house, await sold(house, house.ten), 45000, method=PaymentMethod.CARD)
    assert await owed_by(house.ana) == {house.lis: 5000, house.mad: 6500}
