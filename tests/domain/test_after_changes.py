"""What else happens to packages that were upgraded or given back: sweeps, estimates, moves, merges, what is erased."""

# ruff: noqa: RUF001 - the sign of multiplication is the one that people read

from datetime import timedelta

import orjson
import pytest

from domain.catalog.terms import Change, Use
from domain.customers.erase_customer import EraseCustomer
from domain.customers.exporting import document
from domain.customers.merging_errors import CustomerStillHolds
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden
from domain.kernel.money import Money
from domain.ledger.audit import audit_ledgers
from domain.ledger.credit import credit_of
from domain.packages.errors import LimitPerCustomerReached, PackageClosed
from domain.packages.sell_package import SellPackage
from domain.payments.void_sale import VoidSale
from domain.refunds.approve_refund import ApproveRefund
from domain.refunds.errors import PackageHandedOn, RefundQuoteChanged
from domain.refunds.refuse_refund import RefuseRefund
from tests.fixtures.branch_moves import moved
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, package, refused, sold, used
from tests.fixtures.estimates import caught_up, estimated, expecting
from tests.fixtures.every_text import where_it_stands
from tests.fixtures.explained import as_booked, told
from tests.fixtures.given_back import assert_sound, back, given_back, paid, paid_out, returnable
from tests.fixtures.handed import ANYONE, handed_on
from tests.fixtures.persons import merged
from tests.fixtures.topped_up import added
from tests.fixtures.upgraded import bought, changing, larger, sessions, upgraded

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
NONE_LAPSE = "0 % of the sessions are expected never to be used."
LAPSED = MONDAY + 200 * DAY
"""When what was sold on Monday has lapsed, and what was added for thirty days more has not."""


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def lapses(package_id: str) -> list[int]:
    """The sessions of each lapse that was written down."""
    found = await rows(
        "SELECT sessions FROM movement WHERE package_id = $1 AND target = 'EXPIRED' ORDER BY id", package_id
    )
    return [row["sessions"] for row in found]


@pytest.mark.parametrize("change", ["upgraded", "refunded"])
async def test_what_had_lapsed_before_is_written_down_once_afterwards(house: Harbour, change: str) -> None:
    with on(MONDAY):
        to = await larger(house)
        grows = Change(top_up=True, top_up_days=60, upgrade_to=(to,))
        definition = await published(house.owner, "GROWS", sessions(house, 5, 45000, change=grows))
        package_id = await sold(house, definition, payments=cash(45000))
        await added(house, package_id, 5, payments=cash(45000))
    with on(LAPSED):
        if change == "upgraded":
            await upgraded(house, package_id, to)
        else:
            await paid_out(house, (await given_back(house, package_id)).outcome.refund_id)
        assert (await package(house, package_id)).status.value == change.upper()
        await assert_sound(house)
        assert await lapses(package_id) == []
        for _ in range(2):
            await lapse_packages()
        assert await lapses(package_id) == [5]
        await assert_sound(house)
    await as_booked(house, package_id, LAPSED + DAY)


async def test_estimates_pass_over_what_is_gone(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        definition = await changing(house, to, paid=10)
        await expecting(house, definition, 2000)
        package_id = await bought(house, definition)
        await used(house, package_id, sessions=4)
        part = (await given_back(house, package_id, 2)).outcome
        assert part.refund_minor == 9000
    with on(MONDAY + DAY):
        await estimated(house, definition, 1000)
        assert await caught_up() == 1
    with on(MONDAY + 2 * DAY):
        into_id = (await upgraded(house, package_id, to)).outcome.into_package_id
        await estimated(house, definition, 3000)
        assert await caught_up() == 0
        await assert_sound(house)
    steps = told(await as_booked(house, package_id, MONDAY + 3 * DAY))
    assert steps[3:7] == [
        (NONE_LAPSE, "450.00 × 4 / 10 = 180.00; 45.00 back to deferred", {"deferred": 4500, "breakage": -4500}),
        ("2 sessions were refunded at Lisbon Chiado.", "270.00 × 2 / 6 = 90.00", {"deferred": -9000, "refunded": 9000}),
        (
            "20 % of the sessions are expected never to be used.",
            "360.00 × 4 / 6.4 = 225.00; 45.00 more recognised",
            {"deferred": -4500, "breakage": 4500},
        ),
        ("A refund of 90.00 EUR was agreed.", "90.00 value = 90.00", {}),
    ]
    went = "4 sessions were moved into the package that this one was upgraded to at Lisbon Chiado."
    assert steps[8:] == [
        (NONE_LAPSE, "360.00 × 4 / 8 = 180.00; 20.00 back to deferred", {"deferred": 2000, "breakage": -2000}),
        (went, "180.00 × 4 / 4 = 180.00", {"deferred": -18000, "moved_in": -18000}),
        ("The package was upgraded to another.", "160.00 value + 20.00 breakage taken back = 180.00", {}),
    ]
    await as_booked(house, into_id, MONDAY + 3 * DAY)


async def test_a_refund_that_waits_goes_on_waiting_where_the_package_moves(house: Harbour) -> None:
    """The manager of the new home approves it anew, and what the old home owes it pays out."""
    package_id = await paid(house, await returnable(house, refund={"approval_above_minor": 5000}))
    first = (await given_back(house, package_id, 1)).outcome
    asked = (await given_back(house, package_id, 4)).outcome
    assert (first.state, asked.state) == ("APPROVED", "REQUESTED")
    await moved(house, package_id)
    await refused(Forbidden, house.manager_lis, ApproveRefund(asked.refund_id))
    refusal = await refused(RefundQuoteChanged, house.manager_mad, ApproveRefund(asked.refund_id))
    await run_command(house.manager_mad, ApproveRefund(asked.refund_id, refusal.quote_hash))
    await paid_out(house, first.refund_id, house.mad)
    await paid_out(house, asked.refund_id)
    assert await payable() == {}
    await assert_sound(house)
    await as_booked(house, package_id, MONDAY)


async def payable() -> dict[str, int]:
    """What each branch owes as refunds."""
    found = await rows(
        """SELECT branch_id, SUM(credit_minor - debit_minor) AS owed FROM journal_line
        WHERE account = 'REFUND_PAYABLE' GROUP BY branch_id HAVING SUM(credit_minor - debit_minor) <> 0"""
    )
    return {row["branch_id"]: int(row["owed"]) for row in found}


async def test_a_refund_is_paid_to_who_the_customer_is_by_now(house: Harbour) -> None:
    package_id = await paid(house, await returnable(house), customer_id=house.eva)
    refund_id = (await given_back(house, package_id, 4)).outcome.refund_id
    await merged(house)
    await paid_out(house, refund_id, to_credit=True)
    assert await credit_of(house.ana) == {house.lis: 18000}
    await assert_sound(house)


async def test_what_was_upgraded_or_given_back_was_bought_all_the_same(house: Harbour) -> None:
    to = await larger(house)
    once = await changing(house, to, use=Use(limit_per_customer=1))
    await upgraded(house, await bought(house, once), to)
    again = SellPackage(once, house.ana, house.lis, confirmed_duplicate=True)
    await refused(LimitPerCustomerReached, house.owner, again)


async def test_why_something_was_given_back_is_exported_and_then_erased(house: Harbour) -> None:
    package_id = await paid(house, await returnable(house, refund={"penalty_fixed_minor": 1000}))
    asked = (await given_back(house, package_id, reason="Zanzibar", hardship="Timbuktu")).outcome
    await run_command(house.manager_lis, ApproveRefund(asked.refund_id, reason="Ouagadougou"))
    told_ = orjson.loads(await document(house.ana))
    (refund,), (part,) = told_["refunds"], told_["refund_parts"]
    assert (refund["reason"], refund["hardship"], refund["decision"]) == ("Zanzibar", "Timbuktu", "Ouagadougou")
    assert (refund["refund_minor"], refund["to_credit"], part["amount_minor"]) == (45000, False, 45000)

    refusal = await refused(CustomerStillHolds, house.owner, EraseCustomer(house.ana, "asked for it"))
    assert refusal.credit == Money(45000, "EUR")
    await paid_out(house, asked.refund_id)
    await run_command(house.owner, EraseCustomer(house.ana, "asked for it", confirm=True))
    assert await where_it_stands("Zanzibar", "Timbuktu", "Ouagadougou") == []
    assert await audit_ledgers(house.chain_id) == []


async def test_a_refund_that_waits_while_all_is_handed_on_or_void_comes_to_nothing(house: Harbour) -> None:
    definition = await returnable(house, refund={"approval_above_minor": 0}, who=ANYONE)
    handed, void = await paid(house, definition), await paid(house, definition)
    first, second = [(await given_back(house, each, 4)).outcome.refund_id for each in (handed, void)]
    into_id = (await handed_on(house, handed)).outcome.into_package_id
    await run_command(house.owner, VoidSale(void, "typed twice"))
    await refused(PackageHandedOn, house.manager_lis, ApproveRefund(first))
    await refused(PackageClosed, house.manager_lis, ApproveRefund(second))
    await refused(PackageHandedOn, house.owner, back(into_id, 1))
    for refund_id in (first, second):
        await run_command(house.manager_lis, RefuseRefund(refund_id, "it is gone"))
    explanation = await as_booked(house, handed, MONDAY)
    assert [step.label for step in explanation.steps if step.act.endswith("refund")] == [
        "A refund was asked for.",
        "The refund was refused.",
    ]
    await assert_sound(house)


async def test_what_is_left_after_a_refund_can_be_handed_on(house: Harbour) -> None:
    package_id = await paid(house, await returnable(house, who=ANYONE))
    await used(house, package_id)
    await given_back(house, package_id, 3)
    into_id = (await handed_on(house, package_id)).outcome.into_package_id
    assert [(lot.available, lot.value_left_minor) for lot in (await package(house, into_id)).lots] == [(6, 27000)]
    explanation = await as_booked(house, package_id, MONDAY)
    kept = "450.00 price - 270.00 moved on = 45.00 recognised + 135.00 refunded."
    assert explanation.identity == kept
    await assert_sound(house)
