"""What a refusal says fits the act that was refused, and advises what can be done."""

from datetime import timedelta

import pytest

from domain.catalog.set_delivery_cost import SetDeliveryCost
from domain.catalog.terms import Item, Use
from domain.kernel.calendar import between
from domain.kernel.commands import run_command
from domain.kernel.errors import Forbidden, InvalidInput
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.errors import (
    AlreadyReversed,
    BadVisitTime,
    NotPaidFor,
    PackageClosed,
    PackageDisputed,
    PaymentExceedsOutstanding,
)
from domain.packages.redeem_session import RedeemSession
from domain.payments.closing_errors import SaleUsed
from domain.payments.open_dispute import OpenDispute
from domain.payments.reverse_charge import ReverseCharge
from domain.payments.void_sale import VoidSale
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, refused, sold, used
from tests.fixtures.money_acts import deposited, paying, visited

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_what_is_closed_is_sold_anew_for_use_only(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        void = VoidSale(package_id, "sold twice")
        await run_command(house.owner, void)
        again = await refused(PackageClosed, house.owner, void)
        use = await refused(PackageClosed, house.owner, RedeemSession(house.physio, house.lis, package_id=package_id))
    assert again.message == ("The package is closed. Its sale was void on 2026-03-02. Nothing of it changes any more.")
    assert use.message == "The package is closed. Its sale was void on 2026-03-02. Sell a new one."


async def test_what_is_disputed_is_settled_before_the_sale_is_void(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
        await run_command(house.owner, OpenDispute(package_id, 45000, "EUR", "stolen card"))
        refusal = await refused(PackageDisputed, house.owner, VoidSale(package_id, "sold twice"))
    assert refusal.message == "A payment for the package is disputed. Settle the dispute first."


async def test_a_sale_that_was_used_stands(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await used(house, package_id)
        refusal = await refused(SaleUsed, house.owner, VoidSale(package_id, "sold twice"))
    assert refusal.message == (
        "Of the package 1 sessions are used, 0 have lapsed, 0 moved on and 0 were taken back. "
        "Reverse the use first, or let the sale stand."
    )


async def test_what_is_paid_is_not_said_to_be_used_up(house: Harbour) -> None:
    up_to_paid = terms(Item((house.physio,), 10), price_minor=45000, use=Use(up_to_paid=True))
    with on(MONDAY):
        definition = await published(house.owner, "UP-TO-PAID", up_to_paid)
        package_id = await sold(house, definition, payments=cash(3000))
        asked = RedeemSession(house.physio, house.lis, package_id=package_id)
        refusal = await refused(NotPaidFor, house.owner, asked)
    assert refusal.message == (
        "30.00 EUR is paid and 420.00 EUR is outstanding; this would use more than is paid for. Record a payment first."
    )


async def test_what_is_too_much_may_be_kept_where_money_came_in(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=cash(40000))
        refusal = await refused(PaymentExceedsOutstanding, house.desk_lis, paying(house, package_id, 5001))
        await deposited(house, 6000)
        credit = paying(house, package_id, 5001, method=PaymentMethod.CUSTOMER_CREDIT)
        of_credit = await refused(PaymentExceedsOutstanding, house.desk_lis, credit)
    said = "50.01 EUR was offered and 50.00 EUR is outstanding. Record at most what is outstanding"
    assert refusal.message == f"{said}, or keep the rest as credit with keepExcess."
    assert of_credit.message == f"{said}."


def test_a_time_of_less_than_a_minute_is_told_with_its_seconds() -> None:
    assert between(MONDAY, MONDAY + 60 * SECOND) == "between 2026-03-02 10:00 and 2026-03-02 10:01 UTC"
    assert between(MONDAY, MONDAY + SECOND) == "between 2026-03-02 10:00:00 and 2026-03-02 10:00:01 UTC"
    assert BadVisitTime(MONDAY, MONDAY, MONDAY).message == "The visit must be at 2026-03-02 10:00:00 UTC."


async def test_a_cost_says_what_it_may_be(house: Harbour) -> None:
    with on(MONDAY):
        asked = SetDeliveryCost(house.physio, house.lis, -1, "EUR", MONDAY.date())
        refusal = await refused(InvalidInput, house.owner, asked)
    (problem,) = refusal.problems
    assert problem.message == "cost must not be negative, nor larger than Carnet keeps."


async def test_a_charge_is_reversed_as_a_charge(house: Harbour) -> None:
    operation_id = await visited(house, MONDAY + timedelta(days=2), house.lis, house.physio)
    with on(MONDAY + timedelta(days=3)):
        reverse = ReverseCharge(operation_id, "another customer")
        await run_command(house.owner, reverse)
        refusal = await refused(AlreadyReversed, house.owner, reverse)
    assert refusal.message == "The charge was reversed on 2026-03-05 10:00 UTC. There is nothing left to do."


def test_who_may_not_is_told_what_needs_what() -> None:
    needs = "the role OWNER for the whole chain"
    assert Forbidden("run_settlement", needs).message == f"You may not do that here: runSettlement needs {needs}."
    assert Forbidden("read the journal", needs).message == f"You may not read the journal here; it needs {needs}."
