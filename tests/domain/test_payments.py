"""A payment lowers what is receivable, activates what waits for it, and is owed on where another branch took it in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.branches.errors import WrongCurrency
from domain.catalog.terms import Activation, Item, Use
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod
from domain.packages.errors import BranchClosed, PackagePending, PaymentExceedsOutstanding
from domain.packages.redeem_session import RedeemSession
from domain.packages.rules import Status
from domain.packages.view import PaymentState
from domain.payments.record_payment import PaymentRecorded, RecordPayment
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, package, posted, refused, sold

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def paying(house: Harbour, package_id: str, amount_minor: int, branch_id: str = "") -> RecordPayment:
    return RecordPayment(package_id, branch_id or house.lis, PaymentMethod.CARD, amount_minor, "EUR")


async def test_paying_off_goes_from_open_to_paid(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    assert (await package(house, package_id)).payment_state is PaymentState.OPEN

    first = await run_command(house.desk_lis, paying(house, package_id, 20000))
    assert first.outcome == PaymentRecorded(package_id, 20000, 25000, "EUR", activated=False)
    assert await posted(first.operation_id) == [("CASH", house.lis, 20000), ("RECEIVABLE", house.lis, -20000)]
    assert (await package(house, package_id)).payment_state is PaymentState.PARTIALLY_PAID

    last = await run_command(house.desk_lis, paying(house, package_id, 25000))
    assert last.outcome == PaymentRecorded(package_id, 25000, 0, "EUR", activated=False)
    assert (await package(house, package_id)).payment_state is PaymentState.PAID
    found = await rows("SELECT method, amount_minor, currency, branch_id FROM payment ORDER BY amount_minor")
    assert found == [
        {"method": "CARD", "amount_minor": amount, "currency": "EUR", "branch_id": house.lis}
        for amount in (20000, 25000)
    ]


async def test_money_taken_in_by_another_branch_is_owed_to_the_home_branch(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    done = await run_command(house.manager_mad, paying(house, package_id, 20000, house.mad))
    assert await posted(done.operation_id) == [
        ("CASH", house.mad, 20000),
        ("DUE_TO_BRANCH", house.mad, -20000),
        ("DUE_FROM_BRANCH", house.lis, 20000),
        ("RECEIVABLE", house.lis, -20000),
    ]


@pytest.mark.parametrize(
    ("activation", "at_sale", "payments", "active"),
    [
        (Activation.AT_SALE, 0, (), True),
        (Activation.FIRST_PAYMENT, 0, (), False),
        (Activation.FIRST_PAYMENT, 1, (), True),
        (Activation.FIRST_PAYMENT, 0, (1,), True),
        (Activation.FULL_PAYMENT, 44999, (), False),
        (Activation.FULL_PAYMENT, 45000, (), True),
        (Activation.FULL_PAYMENT, 10000, (34999,), False),
        (Activation.FULL_PAYMENT, 10000, (34999, 1), True),
    ],
)
async def test_activation(
    house: Harbour, activation: Activation, at_sale: int, payments: tuple[int, ...], active: bool
) -> None:
    waits = terms(Item((house.physio,), 10), price_minor=45000, use=Use(activation=activation))
    definition = await published(house.owner, "WAITS", waits)
    with on(MONDAY):
        package_id = await sold(house, definition, payments=cash(at_sale) if at_sale else ())
    with on(MONDAY + timedelta(days=1)):
        activated = [(await run_command(house.owner, paying(house, package_id, n))).outcome.activated for n in payments]
        assert activated == [active and n == len(payments) - 1 for n in range(len(payments))]
        view = await package(house, package_id)
    assert view.status is (Status.ACTIVE if active else Status.PENDING)
    assert view.activated_at == (None if not active else MONDAY + timedelta(days=bool(payments)))


async def test_a_package_that_waits_for_its_payment_cannot_be_used(house: Harbour) -> None:
    waits = terms(Item((house.physio,), 10), price_minor=45000, use=Use(activation=Activation.FULL_PAYMENT))
    package_id = await sold(house, await published(house.owner, "WAITS", waits), payments=cash(40000))
    use = RedeemSession(house.physio, house.lis, package_id)
    refusal = await refused(PackagePending, house.desk_lis, use)
    assert (refusal.package_id, refusal.outstanding) == (package_id, Money(5000, "EUR"))
    await run_command(house.desk_lis, paying(house, package_id, 5000))
    assert (await run_command(house.desk_lis, use)).outcome.remaining == 9


async def test_more_than_is_outstanding(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=cash(40000))
    refusal = await refused(PaymentExceedsOutstanding, house.desk_lis, paying(house, package_id, 5001))
    assert (refusal.outstanding, refusal.offered) == (Money(5000, "EUR"), Money(5001, "EUR"))


async def test_another_currency(house: Harbour) -> None:
    in_pounds = replace(paying(house, await sold(house, house.ten), 100), currency="GBP")
    refusal = await refused(WrongCurrency, house.desk_lis, in_pounds)
    assert (refusal.currency, refusal.expected) == ("GBP", "EUR")


@pytest.mark.parametrize("amount_minor", [0, -1, 10**15])
async def test_amounts_that_are_none(house: Harbour, amount_minor: int) -> None:
    package_id = await sold(house, house.ten)
    refusal = await refused(InvalidInput, house.desk_lis, paying(house, package_id, amount_minor))
    assert refusal.path == ("amount",)


async def test_a_payment_is_posted_on_the_day_of_the_home_branch_wherever_it_came_in(house: Harbour) -> None:
    with on(datetime(2026, 3, 5, 23, 30, tzinfo=UTC)):  # half past midnight in Madrid, not yet in Lisbon
        package_id = await sold(house, house.ten)
        done = await run_command(house.owner, RecordPayment(package_id, house.mad, PaymentMethod.CASH, 1000, "EUR"))
        found = await rows("SELECT posted_on FROM journal_entry WHERE operation_id = $1", done.operation_id)
    assert [row["posted_on"] for row in found] == [date(2026, 3, 5)]


async def test_a_closed_branch_takes_no_money(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", MONDAY, house.mad)
    refusal = await refused(BranchClosed, house.owner, paying(house, package_id, 100, house.mad))
    assert (refusal.branch_id, refusal.closed_at) == (house.mad, MONDAY)


async def test_unknown_packages_and_those_without_a_grant(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    assert (await refused(NotFound, house.owner, paying(house, "pkg_none", 1))).noun == "package"
    await refused(NotFound, house.other_owner, paying(house, package_id, 1))
    for actor in (house.manager_mad, house.practitioner_lis, house.accountant):
        await refused(Forbidden, actor, paying(house, package_id, 1))
