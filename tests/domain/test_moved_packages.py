"""What happens to a package that has moved: what its old home posted is mirrored there and owed at the new one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.bookings.complete_booking import CompleteBooking
from domain.catalog.terms import Item, Price
from domain.expiry.extend_package import ExtendPackage
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import Check, Finding, audit_ledgers
from domain.packages.explanation import explain
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.record_payment import RecordPayment
from domain.payments.reverse_payment import ReversePayment
from domain.payments.void_sale import VoidSale
from domain.reports.deferred_revenue import deferred_revenue
from domain.reports.figures import Span
from tests.fixtures.booking_acts import booked
from tests.fixtures.branch_moves import assert_sound, breakage, deferred, moved, receivable
from tests.fixtures.chain import harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, posted, sold, used
from tests.fixtures.time_acts import LAPSES

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


async def test_a_use_at_the_old_home_is_mirrored_there_and_owed_at_the_new_one(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    visit = await used(house, package_id)
    await moved(house, package_id)
    back = await run_command(house.owner, ReverseRedemption(visit.operation_id, Fault.CUSTOMER, "typed twice"))
    assert await posted(back.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, -4500),
        ("REVENUE", house.lis, 4500),
        ("DEFERRED_REVENUE", house.lis, 4500),
        ("DEFERRED_REVENUE", house.mad, -4500),
        ("DUE_TO_BRANCH", house.lis, -4500),
        ("DUE_FROM_BRANCH", house.mad, 4500),
    ]
    assert await deferred(house, package_id) == {house.mad: 45000}
    await assert_sound(house, package_id)


async def test_a_payment_at_the_old_home_that_is_taken_back_is_owed_to_the_new_one(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    await run_command(house.owner, RecordPayment(package_id, house.pdl, PaymentMethod.CASH, 20000, "EUR"))
    await moved(house, package_id)
    assert await receivable(package_id) == {house.mad: 25000}
    [paid] = await rows("SELECT id FROM payment WHERE package_id = $1", package_id)
    await run_command(house.owner, ReversePayment(paid["id"], "counterfeit"))
    assert await receivable(package_id) == {house.mad: 45000}
    await assert_sound(house, package_id)


async def test_a_sale_that_is_void_after_the_move_leaves_nothing_anywhere(db: str) -> None:
    house = await harbour(db)
    asked = terms(Item((house.physio,), 10), price_minor=54000)
    taxed = await published(house.owner, "TAXED", replace(asked, price=Price(54000, "EUR", 2000)))
    package_id = await sold(house, taxed, payments=cash(20000))
    assert await deferred(house, package_id) == {house.lis: 45000}
    await moved(house, package_id)
    await run_command(house.owner, RecordPayment(package_id, house.pdl, PaymentMethod.CASH, 5000, "EUR"))
    await run_command(house.owner, VoidSale(package_id, "typed twice"))
    left = await rows(
        """SELECT l.account, l.branch_id, SUM(l.debit_minor - l.credit_minor) AS amount FROM journal_line l
        GROUP BY l.account, l.branch_id HAVING SUM(l.debit_minor - l.credit_minor) <> 0"""
    )
    assert left == []
    await assert_sound(house, package_id)


async def test_a_visit_and_a_payment_told_late_are_posted_no_earlier_than_the_move(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        visit_id = await booked(house, MONDAY + HOUR, package_id=package_id)
    with on(MONDAY + 3 * DAY):
        await moved(house, package_id)
        await used(house, package_id, visited_at=MONDAY + DAY)
        await run_command(house.owner, CompleteBooking(visit_id))
        early = RecordPayment(package_id, house.lis, PaymentMethod.CASH, 100, "EUR", received_at=MONDAY + DAY)
        await run_command(house.owner, early)
    days = await rows(
        """SELECT DISTINCT e.event, e.posted_on, e.effective_at FROM journal_entry e JOIN operation o
        ON o.id = e.operation_id WHERE o.package_id = $1 AND o.act <> 'sell_package'
        ORDER BY e.event, e.effective_at""",
        package_id,
    )
    assert {row["posted_on"] for row in days} == {date(2026, 3, 5)}
    assert [row["effective_at"] for row in days if row["event"] == "SESSION"] == [MONDAY + HOUR, MONDAY + DAY]
    assert await deferred(house, package_id, date(2026, 3, 4)) == {house.lis: 45000}
    assert await deferred(house, package_id) == {house.mad: 36000}
    await assert_sound(house, package_id)


async def test_what_lapsed_at_the_old_home_comes_back_there_and_is_owed_at_the_new_one(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(MONDAY + 200 * DAY):
        await moved(house, package_id)  # nothing is left, but nothing is paid either
        assert await deferred(house, package_id) == {}
        back = await run_command(house.owner, ExtendPackage(package_id, "was ill", days=60))
        assert await posted(back.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, -45000),
            ("BREAKAGE_REVENUE", house.lis, 45000),
            ("DEFERRED_REVENUE", house.lis, 45000),
            ("DEFERRED_REVENUE", house.mad, -45000),
            ("DUE_TO_BRANCH", house.lis, -45000),
            ("DUE_FROM_BRANCH", house.mad, 45000),
        ]
    day = (MONDAY + 200 * DAY).date()
    report = await deferred_revenue(house.owner, Span(day, day, None))
    figures = [(row.branch_id, row.figures) for row in report.rows]
    assert {
        branch_id: (each.lapsed.value, each.moved_out.value, each.moved_in.value, each.closing.value)
        for branch_id, each in figures
    } == {house.lis: (-45000, 45000, 0, 0), house.mad: (0, 0, 45000, 45000)}
    with on(MONDAY + 300 * DAY):
        assert await lapse_packages() == 1
    assert await breakage(package_id) == {house.mad: 45000}
    await assert_sound(house, package_id)


async def test_what_lapsed_at_two_homes_comes_back_at_each(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        visit = await used(house, package_id)
    with on(MONDAY + 200 * DAY):
        await moved(house, package_id)
        await run_command(house.owner, ReverseRedemption(visit.operation_id, Fault.CUSTOMER, "typed twice"))
        assert await lapse_packages() == 1
        assert await breakage(package_id) == {house.lis: 40500, house.mad: 4500}
        back = await run_command(house.owner, ExtendPackage(package_id, "was ill", days=60))
        assert back.outcome.reinstated == 10
    assert await breakage(package_id) == {}
    assert await deferred(house, package_id) == {house.mad: 45000}
    await assert_sound(house, package_id)


async def test_a_visit_told_late_brings_back_what_had_lapsed_where_it_lapsed(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(LAPSES + DAY):
        await moved(house, package_id)
        visit = await used(house, package_id, visited_at=LAPSES - DAY)
        assert await posted(visit.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, -45000),
            ("BREAKAGE_REVENUE", house.lis, 45000),
            ("DEFERRED_REVENUE", house.lis, 45000),
            ("DEFERRED_REVENUE", house.mad, -45000),
            ("DUE_TO_BRANCH", house.lis, -45000),
            ("DUE_FROM_BRANCH", house.mad, 45000),
            ("DEFERRED_REVENUE", house.mad, 4500),
            ("DUE_TO_BRANCH", house.mad, -4500),
            ("DUE_FROM_BRANCH", house.lis, 4500),
            ("REVENUE", house.lis, -4500),
        ]
        assert await lapse_packages() == 1
    assert await breakage(package_id) == {house.mad: 40500}
    await assert_sound(house, package_id)


async def test_a_dispute_after_the_move_is_lost_at_the_new_home(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    await run_command(house.owner, RecordPayment(package_id, house.lis, PaymentMethod.ONLINE_LINK, 45000, "EUR"))
    await moved(house, package_id)
    await run_command(house.owner, OpenDispute(package_id, 9000, "EUR", "fraud"))
    await run_command(house.owner, LoseDispute(package_id, "fraud"))
    assert await deferred(house, package_id) == {house.mad: 36000}
    await assert_sound(house, package_id)


async def test_the_tax_of_what_is_lost_is_owed_no_more_where_it_was_due(db: str) -> None:
    house = await harbour(db)
    asked = terms(Item((house.physio,), 10), price_minor=54000)
    taxed = await published(house.owner, "TAXED", replace(asked, price=Price(54000, "EUR", 2000)))
    package_id = await sold(house, taxed, payments=(Received(PaymentMethod.ONLINE_LINK, 54000),))
    await moved(house, package_id)
    await run_command(house.owner, OpenDispute(package_id, 54000, "EUR", "fraud"))
    lost = await run_command(house.owner, LoseDispute(package_id, "fraud"))
    assert await posted(lost.operation_id) == [
        ("DEFERRED_REVENUE", house.mad, 45000),
        ("TAX_PAYABLE", house.lis, 9000),
        ("DUE_TO_BRANCH", house.lis, -9000),
        ("DUE_FROM_BRANCH", house.mad, 9000),
        ("DISPUTES", house.mad, -54000),
    ]
    await assert_sound(house, package_id)


async def test_the_report_of_each_day_has_it_where_it_was_at_home_then(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await used(house, package_id)
    with on(MONDAY + 2 * DAY):
        await moved(house, package_id)
    with on(MONDAY + 4 * DAY):
        await used(house, package_id)

    async def closing(day: date) -> dict[str, int]:
        report = await deferred_revenue(house.owner, Span(day, day, None))
        return {row.branch_id: row.figures.closing.value for row in report.rows if row.figures.closing.value}

    assert [await closing(date(2026, 3, day)) for day in (2, 3, 4, 6)] == [
        {house.lis: 40500},
        {house.lis: 40500},
        {house.mad: 40500},
        {house.mad: 36000},
    ]
    moves = await deferred_revenue(house.owner, Span(date(2026, 3, 4), date(2026, 3, 4), None))
    figures = {row.branch_id: (row.figures.moved_in.value, row.figures.moved_out.value) for row in moves.rows}
    assert figures == {house.lis: (0, 40500), house.mad: (40500, 0)}


async def test_its_explanation_tells_of_the_move(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    await used(house, package_id)
    await moved(house, package_id)
    told = await explain(house.owner, package_id)
    assert told is not None
    assert (told.steps[-1].label, told.steps[-1].formula) == (
        "The package moved from Lisbon Chiado to Madrid Salamanca.",
        "9 sessions, 405.00 deferred; 450.00 unpaid",
    )
    assert told.balance.value_left_minor == 40500
    assert told.identity == "450.00 price = 45.00 recognised + 405.00 deferred."


async def test_the_audit_finds_what_a_move_left_behind(db: str) -> None:
    house = await harbour(db)
    package_id, other_id = await sold(house, house.ten), await sold(house, house.ten, branch_id=house.mad)
    await execute("UPDATE package SET home_branch_id = $2 WHERE id = $1", package_id, house.mad)
    await execute("UPDATE package SET home_branch_id = $2 WHERE id = $1", other_id, house.lis)
    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.HOMES, subject, f"{account} at {branch_id}", 0, amount)
        for subject, branch_id in ((package_id, house.lis), (other_id, house.mad))
        for account, amount in (("DEFERRED_REVENUE", -45000), ("RECEIVABLE", 45000))
    ]
