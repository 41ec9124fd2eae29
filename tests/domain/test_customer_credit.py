"""What is paid too much is the customer's credit where it came in, and pays for packages from there; never twice."""

from datetime import date, datetime, timedelta

import pytest

from domain.branches.errors import BooksClosed
from domain.catalog.terms import Activation, Item, Use
from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute, rows
from domain.kernel.errors import InvalidInput
from domain.kernel.money import Money
from domain.ledger.audit import audit_ledgers
from domain.ledger.credit import credit_of
from domain.packages.errors import (
    NotEnoughCredit,
    PackageClosed,
    PaymentAboveLimit,
    PaymentExceedsOutstanding,
)
from domain.payments.errors import BadPaymentTime
from domain.payments.record_payment import PaymentRecorded
from domain.payments.void_sale import VoidSale
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, package, posted, refused, sold
from tests.fixtures.money_acts import CREDIT, deposited, kept_payments, paying
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_what_exceeds_the_price_is_kept_when_asked_for_and_refused_otherwise(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=cash(40000))
    refusal = await refused(PaymentExceedsOutstanding, house.desk_lis, paying(house, package_id, 10000))
    assert (refusal.outstanding, refusal.offered) == (Money(5000, "EUR"), Money(10000, "EUR"))

    done = await run_command(house.desk_lis, paying(house, package_id, 10000, keep_excess=True))

    assert done.outcome == PaymentRecorded(package_id, 10000, 0, "EUR", activated=False, kept_minor=5000)
    assert await posted(done.operation_id) == [
        ("CASH", house.lis, 10000),
        ("CUSTOMER_CREDIT", house.lis, -5000),
        ("RECEIVABLE", house.lis, -5000),
    ]
    assert await credit_of(house.ana) == {house.lis: 5000}
    assert await kept_payments() == [("CASH", 40000, 0), ("CASH", 10000, 5000)]
    assert (await package(house, package_id)).paid_minor == 45000
    assert await audit_ledgers(house.chain_id) == []


async def test_what_is_paid_for_a_paid_package_is_all_kept_and_then_set_against_a_receivable(house: Harbour) -> None:
    full = await sold(house, house.ten, payments=cash(45000))
    over = await run_command(house.desk_lis, paying(house, full, 5000, keep_excess=True))
    assert await posted(over.operation_id) == [("CASH", house.lis, 5000), ("CUSTOMER_CREDIT", house.lis, -5000)]

    owed = await sold(house, house.ten)
    used = await run_command(house.desk_lis, paying(house, owed, 5000, method=CREDIT))

    assert await posted(used.operation_id) == [("CUSTOMER_CREDIT", house.lis, 5000), ("RECEIVABLE", house.lis, -5000)]
    assert used.outcome == PaymentRecorded(owed, 5000, 40000, "EUR", activated=False)
    assert await credit_of(house.ana) == {}
    assert await audit_ledgers(house.chain_id) == []


async def test_credit_is_taken_from_the_home_branch_first_and_owed_on_from_others(house: Harbour) -> None:
    await deposited(house, 3000, branch_id=house.mad)
    await deposited(house, 2000)
    package_id = await sold(house, house.ten)
    done = await run_command(house.desk_lis, paying(house, package_id, 4000, method=CREDIT))
    assert await posted(done.operation_id) == [
        ("CUSTOMER_CREDIT", house.lis, 2000),
        ("RECEIVABLE", house.lis, -2000),
        ("CUSTOMER_CREDIT", house.mad, 2000),
        ("DUE_TO_BRANCH", house.mad, -2000),
        ("DUE_FROM_BRANCH", house.lis, 2000),
        ("RECEIVABLE", house.lis, -2000),
    ]
    found = await rows("SELECT branch_id, amount_minor FROM payment WHERE package_id = $1 ORDER BY id", package_id)
    assert found == [{"branch_id": branch, "amount_minor": 2000} for branch in (house.lis, house.mad)]
    assert await credit_of(house.ana) == {house.mad: 1000}
    assert await audit_ledgers(house.chain_id) == []


async def test_more_credit_than_there_is_and_that_of_others(house: Harbour) -> None:
    await deposited(house, 3000)
    package_id = await sold(house, house.ten)
    refusal = await refused(NotEnoughCredit, house.desk_lis, paying(house, package_id, 3001, method=CREDIT))
    assert (refusal.customer_id, refusal.available, refusal.asked, refusal.path) == (
        house.ana,
        Money(3000, "EUR"),
        Money(3001, "EUR"),
        ("amount",),
    )
    of_rui = await sold(house, house.ten, customer_id=house.rui)
    refusal = await refused(NotEnoughCredit, house.desk_lis, paying(house, of_rui, 1, method=CREDIT))
    assert (refusal.customer_id, refusal.available) == (house.rui, Money(0, "EUR"))


async def test_credit_is_used_now_and_never_kept_as_itself(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    for changed, path in (({"keep_excess": True}, "keepExcess"), ({"received_at": MONDAY}, "receivedAt")):
        asked = paying(house, package_id, 100, method=CREDIT, **changed)
        assert (await refused(InvalidInput, house.owner, asked)).path == (path,)


async def test_two_spend_the_same_credit_at_once(house: Harbour) -> None:
    await deposited(house, 5000)
    packages = [await sold(house, house.ten) for _ in range(4)]
    answers = await at_once(
        *(run_command(house.desk_lis, paying(house, each, 5000, method=CREDIT)) for each in packages)
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", *["NotEnoughCredit"] * 3]
    assert await credit_of(house.ana) == {}
    assert await audit_ledgers(house.chain_id) == []


async def test_a_payment_may_be_written_down_later_for_the_day_it_came_in(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(MONDAY + 3 * DAY):
        then = MONDAY + DAY
        done = await run_command(house.desk_lis, paying(house, package_id, 45000, received_at=then))
        (entry,) = await rows(
            "SELECT posted_on, effective_at FROM journal_entry WHERE operation_id = $1", done.operation_id
        )
        assert entry == {"posted_on": date(2026, 3, 3), "effective_at": then}
        (payment,) = await rows("SELECT received_at FROM payment WHERE operation_id = $1", done.operation_id)
        assert payment == {"received_at": then}


async def test_a_package_was_active_from_when_so_much_had_come_in(house: Harbour) -> None:
    waits = terms(Item((house.physio,), 10), price_minor=45000, use=Use(activation=Activation.FULL_PAYMENT))
    definition = await published(house.owner, "WAITS", waits)
    with on(MONDAY):
        alone, after = await sold(house, definition), await sold(house, definition)
    with on(MONDAY + 5 * DAY):
        await run_command(house.owner, paying(house, after, 20000, received_at=MONDAY + 3 * DAY))
        for package_id, amount, since in ((alone, 45000, DAY), (after, 25000, 3 * DAY)):
            paid = paying(house, package_id, amount, received_at=MONDAY + DAY)
            assert (await run_command(house.owner, paid)).outcome.activated
            assert (await package(house, package_id)).activated_at == MONDAY + since


@pytest.mark.parametrize("at", [MONDAY - timedelta(seconds=1), MONDAY + 3 * DAY + timedelta(seconds=1)])
async def test_money_neither_comes_in_before_the_sale_nor_in_the_future(house: Harbour, at: datetime) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(MONDAY + 3 * DAY):
        refusal = await refused(BadPaymentTime, house.desk_lis, paying(house, package_id, 100, received_at=at))
    assert (refusal.received_at, refusal.earliest, refusal.latest) == (at, MONDAY, MONDAY + 3 * DAY)
    assert refusal.path == ("receivedAt",)


async def test_a_day_in_closed_books_takes_no_payment_but_the_day_after_does(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    await execute("UPDATE chain SET books_open_from = $1", date(2026, 3, 4))
    with on(MONDAY + 3 * DAY):
        closed = paying(house, package_id, 100, received_at=MONDAY + DAY)
        refusal = await refused(BooksClosed, house.desk_lis, closed)
        assert (refusal.day, refusal.open_from, refusal.path) == (
            date(2026, 3, 3),
            date(2026, 3, 4),
            ("receivedAt",),
        )
        await run_command(house.desk_lis, paying(house, package_id, 100, received_at=MONDAY + 2 * DAY))


async def test_more_at_once_than_the_chain_takes(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await execute("UPDATE chain SET largest_payment_minor = 20000")
    refusal = await refused(PaymentAboveLimit, house.desk_lis, paying(house, package_id, 20001))
    assert (refusal.limit, refusal.offered, refusal.path) == (
        Money(20000, "EUR"),
        Money(20001, "EUR"),
        ("amount",),
    )
    await run_command(house.desk_lis, paying(house, package_id, 20000))


async def test_a_closed_package_takes_no_money(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await run_command(house.owner, VoidSale(package_id, "typed twice"))
    assert (await refused(PackageClosed, house.desk_lis, paying(house, package_id, 100))).closed_as == "VOIDED"


async def test_a_payment_from_two_branches_takes_as_many_statements_as_from_one(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    found = []
    for amount, branches in ((1000, (house.lis,)), (3000, (house.lis, house.mad))):
        for branch_id in branches:
            await deposited(house, amount // len(branches), branch_id=branch_id)
        with counting() as counter:
            await run_command(house.desk_lis, paying(house, package_id, amount, method=CREDIT))
        found.append(len(counter))
    assert found == [found[0]] * 2
