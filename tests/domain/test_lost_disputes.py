"""A dispute that is lost costs what it was worth in sessions, those used last first; what they do not cover is bad."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.catalog.terms import Item, Price, TaxPoint, Use
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import Done, run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import audit_ledgers
from domain.ledger.rules import BonusValue
from domain.packages.errors import NotPaidFor, PackageClosed
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from domain.packages.view import PaymentState
from domain.payments.closing_errors import PackageBooked, PromisedVisit, SaleUsed
from domain.payments.errors import DisputeExceedsPaid, NotDisputed
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.record_payment import RecordPayment
from domain.payments.reverse_payment import ReversePayment
from domain.payments.void_sale import VoidSale
from domain.payments.win_dispute import WinDispute
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, left, on, package, posted, refused, sold, used
from tests.fixtures.races import at_once
from tests.fixtures.time_acts import LAPSES, booked

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def online(amount_minor: int) -> tuple[Received, ...]:
    return (Received(PaymentMethod.ONLINE_LINK, amount_minor),)


def losing(package_id: str) -> LoseDispute:
    return LoseDispute(package_id, "the bank believes the card holder")


async def disputed(house: Harbour, package_id: str, amount_minor: int) -> None:
    await run_command(house.owner, OpenDispute(package_id, amount_minor, "EUR", "card holder says no"))


async def lost(house: Harbour, package_id: str, amount_minor: int) -> Done[Any]:
    """A dispute over so much that is opened and lost now."""
    await disputed(house, package_id, amount_minor)
    return await run_command(house.owner, losing(package_id))


async def taxed(house: Harbour, point: TaxPoint = TaxPoint.AT_SALE) -> str:
    """Ten sessions for 540.00 with 20 per cent of tax in it."""
    price = Price(54000, "EUR", tax_rate_bp=2000, tax_point=point)
    return await published(
        house.owner, "TAXED", replace(terms(Item((house.physio,), 10), price_minor=54000), price=price)
    )


async def test_what_is_left_goes_with_its_tax_and_the_rest_is_bad_debt(house: Harbour) -> None:
    """The case JR30 of the accountants: four of ten are used."""
    with on(MONDAY):
        package_id = await sold(house, await taxed(house), payments=online(54000))
        await used(house, package_id, sessions=4)
        done = await lost(house, package_id, 54000)
        closed = await package(house, package_id)
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, 27000),
        ("TAX_PAYABLE", house.lis, 5400),
        ("BAD_DEBT", house.lis, 21600),
        ("DISPUTES", house.lis, -54000),
    ]
    assert await rows("SELECT event FROM journal_entry WHERE operation_id = $1", done.operation_id) == [
        {"event": "DISPUTE_LOST"}
    ]
    told = done.outcome
    assert (told.amount_minor, told.value_minor, told.tax_minor, told.bad_debt_minor) == (54000, 27000, 5400, 21600)
    assert (told.sessions, told.closed, told.remaining, told.lots, told.currency) == (6, True, 0, (), "EUR")
    assert (closed.status, closed.closed_at, closed.disputed_at) == (Status.CHARGED_BACK, MONDAY, None)
    assert (closed.refunded_minor, closed.paid_minor, closed.payment_state) == (54000, 54000, PaymentState.REFUNDED)
    (lot,) = closed.lots
    assert (lot.consumed, lot.refunded, lot.available, lot.value_left_minor) == (4, 6, 0, 0)
    assert await audit_ledgers(house.chain_id) == []


async def test_tax_due_at_redemption_goes_inside_the_value(house: Harbour) -> None:
    package_id = await sold(house, await taxed(house, TaxPoint.AT_REDEMPTION), payments=online(54000))
    await used(house, package_id, sessions=4)
    done = await lost(house, package_id, 54000)
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, 32400),
        ("BAD_DEBT", house.lis, 21600),
        ("DISPUTES", house.lis, -54000),
    ]
    assert await audit_ledgers(house.chain_id) == []


async def test_only_so_many_sessions_go_as_the_amount_is_worth(house: Harbour) -> None:
    package_id = await sold(house, await taxed(house), payments=online(54000))
    # A session is worth 45.00 and 9.00 of tax: three for 162.00, and 53.99 that are not worth a fourth.
    done = await lost(house, package_id, 21599)
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, 13500),
        ("TAX_PAYABLE", house.lis, 2700),
        ("BAD_DEBT", house.lis, 5399),
        ("DISPUTES", house.lis, -21599),
    ]
    assert (done.outcome.sessions, done.outcome.closed, done.outcome.remaining) == (3, False, 7)
    bought = await package(house, package_id)
    assert (bought.status, bought.closed_at) == (Status.ACTIVE, None)
    assert (bought.refunded_minor, bought.payment_state) == (21599, PaymentState.PARTIALLY_REFUNDED)
    await used(house, package_id, sessions=7)
    assert await audit_ledgers(house.chain_id) == []


async def test_all_that_was_paid_is_not_all_of_the_price(house: Harbour) -> None:
    package_id = await sold(house, await taxed(house), payments=online(27000))
    await lost(house, package_id, 27000)
    bought = await package(house, package_id)
    assert (bought.paid_minor, bought.refunded_minor) == (27000, 27000)
    assert (bought.outstanding, bought.payment_state) == (Money(27000, "EUR"), PaymentState.PARTIALLY_REFUNDED)


async def test_an_amount_below_one_session_takes_none(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=online(45000))
    done = await lost(house, package_id, 4499)
    assert await posted(done.operation_id) == [("BAD_DEBT", house.lis, 4499), ("DISPUTES", house.lis, -4499)]
    assert (done.outcome.sessions, done.outcome.remaining) == (0, 10)
    assert await audit_ledgers(house.chain_id) == []
    # Something went back, so that the sale is no mere mistake any more.
    await refused(SaleUsed, house.owner, VoidSale(package_id, "typed twice"))


async def test_sessions_used_last_go_first(house: Harbour) -> None:
    package_id = await sold(house, house.buy_3_free_1, payments=online(18000))
    done = await lost(house, package_id, 9000)
    # The free one is used last, and carries its share of the price.
    assert done.outcome.sessions == 2
    assert await left(package_id) == [(2, 9000), (0, 0)]
    assert await audit_ledgers(house.chain_id) == []


async def test_what_carries_no_value_goes_only_along_with_all_that_does(house: Harbour) -> None:
    free = terms(Item((house.massage,), 3, 1), price_minor=18000)
    free = replace(free, price=replace(free.price, bonus_value=BonusValue.ZERO))
    package_id = await sold(house, await published(house.owner, "ZERO", free), payments=online(18000))
    await run_command(house.owner, GrantGoodwill(package_id, 2, "waited long"))
    await lost(house, package_id, 6000)
    assert await left(package_id) == [(2, 12000), (1, 0), (2, 0)]
    done = await lost(house, package_id, 12000)
    assert (done.outcome.sessions, done.outcome.closed) == (5, True)
    assert await left(package_id) == [(0, 0), (0, 0), (0, 0)]
    assert await audit_ledgers(house.chain_id) == []


async def test_what_was_taken_over_was_paid_for_with_another_package(house: Harbour) -> None:
    plain = terms(Item((house.physio,), 10), price_minor=45000, grace_days=14)
    renewing = replace(plain, validity=replace(plain.validity, renewal_in_grace=True))
    definition = await published(house.owner, "RENEW", renewing)
    with on(MONDAY):
        old = await sold(house, definition, payments=cash(45000))
        await used(house, old, sessions=7)
    with on(LAPSES - DAY):
        new = await sold(house, definition, payments=online(45000))
        done = await lost(house, new, 45000)
        assert (done.outcome.sessions, done.outcome.closed, done.outcome.remaining) == (10, False, 3)
        assert await left(new) == [(0, 0), (3, 13500)]
        await used(house, new, sessions=3)
    assert await audit_ledgers(house.chain_id) == []


async def test_nothing_more_is_disputed_than_the_provider_has_not_kept_yet(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=(*online(30000), *cash(15000)))
    await lost(house, package_id, 20000)
    too_much = OpenDispute(package_id, 10001, "EUR", "card holder says no")
    refusal = await refused(DisputeExceedsPaid, house.owner, too_much)
    assert refusal.paid == Money(10000, "EUR")
    await lost(house, package_id, 10000)
    assert (await package(house, package_id)).refunded_minor == 30000
    assert await audit_ledgers(house.chain_id) == []


async def test_what_remains_gets_its_days_back(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=online(45000))
        await disputed(house, package_id, 22500)
    with on(MONDAY + 10 * DAY):
        told = (await run_command(house.owner, losing(package_id))).outcome
        bought = await package(house, package_id)
    assert (told.thawed_on, told.disputed_at, told.remaining) == (date(2026, 3, 12), MONDAY, 5)
    ((_, before, after),) = [(lot.lot_id, lot.was, lot.last_day) for lot in told.lots]
    assert (before, after, bought.expires_on) == (date(2026, 8, 29), date(2026, 9, 8), date(2026, 9, 8))
    assert bought.status is Status.ACTIVE
    assert await rows('SELECT thaws_at, days_added FROM "freeze"') == [
        {"thaws_at": MONDAY + 10 * DAY, "days_added": 10}
    ]
    assert await audit_ledgers(house.chain_id) == []


async def test_what_the_dispute_alone_kept_alive_goes_too_and_what_had_lapsed_before_lapses(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=online(45000))
        late = await sold(house, house.ten, payments=online(45000))
        await disputed(house, package_id, 45000)
    with on(LAPSES + DAY):
        assert (await run_command(house.owner, losing(package_id))).outcome.sessions == 10
        done = await lost(house, late, 45000)
        assert (done.outcome.sessions, done.outcome.bad_debt_minor, done.outcome.closed) == (0, 45000, True)
        # It is closed by the clock, and the sweep still writes down what had lapsed by then.
        assert await left(late) == [(10, 45000)]
        await lapse_packages()
        assert (await package(house, late)).status is Status.CHARGED_BACK
        assert await left(late) == [(0, 0)]
    assert await audit_ledgers(house.chain_id) == []


async def test_bookings_that_count_on_what_would_go_are_named(house: Harbour) -> None:
    soon, later = MONDAY + 2 * DAY, MONDAY + 3 * DAY
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=online(45000))
        bookings = [await booked(house, package_id, at) for at in (soon, later)]
        await disputed(house, package_id, 45000)
        refusal = await refused(PackageBooked, house.owner, losing(package_id))
    assert refusal.bookings == (PromisedVisit(bookings[0], soon), PromisedVisit(bookings[1], later))
    with on(MONDAY):
        await run_command(house.owner, WinDispute(package_id, "the terms were signed"))
        # Eight of the ten are free: so many can go.
        done = await lost(house, package_id, 36000)
        assert (done.outcome.sessions, done.outcome.closed, done.outcome.remaining) == (8, False, 0)
    assert await audit_ledgers(house.chain_id) == []


async def test_use_up_to_what_is_paid_goes_by_what_is_left_of_the_payments(house: Harbour) -> None:
    plain = terms(Item((house.physio,), 10), price_minor=45000, use=Use(up_to_paid=True))
    definition = await published(house.owner, "PAID", plain)
    package_id = await sold(house, definition, payments=(*online(22500), *cash(13500)))
    await used(house, package_id, sessions=2)
    # Eight sessions were paid for and two of them are used; five are taken away along with what had paid for them.
    done = await lost(house, package_id, 22500)
    assert (done.outcome.sessions, done.outcome.remaining) == (5, 3)
    await used(house, package_id)
    await refused(NotPaidFor, house.owner, RedeemSession(house.physio, house.lis, package_id))


async def test_a_package_that_is_charged_back_is_closed_for_good(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=online(45000))
        use = await used(house, package_id)
        await lost(house, package_id, 45000)
        for command in (
            ReverseRedemption(use.operation_id, Fault.BUSINESS, "typed twice"),
            RedeemSession(house.physio, house.lis, package_id),
            OpenDispute(package_id, 1, "EUR", "again"),
            VoidSale(package_id, "typed twice"),
        ):
            refusal = await refused(PackageClosed, house.owner, command)
            assert (refusal.closed_as, refusal.closed_at) == ("CHARGED_BACK", MONDAY)
        await refused(NotDisputed, house.owner, losing(package_id))


async def test_what_is_still_owed_for_it_can_be_paid_and_a_mistake_in_that_taken_back(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=online(30000))
        await used(house, package_id, sessions=5)
        await lost(house, package_id, 30000)
        assert (await package(house, package_id)).outstanding == Money(15000, "EUR")
        paying = RecordPayment(package_id, house.lis, PaymentMethod.CASH, 15000, "EUR")
        for _ in range(2):
            done = await run_command(house.owner, paying)
            assert (await package(house, package_id)).outstanding == Money(0, "EUR")
            await refused(PackageClosed, house.owner, paying)
            (paid,) = await rows("SELECT id FROM payment WHERE operation_id = $1", done.operation_id)
            await run_command(house.owner, ReversePayment(paid["id"], "typed twice"))
        closed = await package(house, package_id)
    assert (closed.status, closed.outstanding) == (Status.CHARGED_BACK, Money(15000, "EUR"))
    assert await audit_ledgers(house.chain_id) == []


async def test_what_is_lost_little_by_little_has_the_tax_of_all_of_it(house: Harbour) -> None:
    """1,000.00 net and 200.00 of tax over seven sessions: 857.14 + 171.43 for six of them."""
    price = Price(120000, "EUR", tax_rate_bp=2000)
    seven = replace(terms(Item((house.physio,), 7), price_minor=120000), price=price)
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "SEVEN", seven), payments=online(120000))
        taxes = [(await lost(house, package_id, 17144)).outcome.tax_minor for _ in range(6)]
    assert taxes == [2857, 2857, 2858, 2857, 2857, 2857]
    assert sum(taxes) == 17143


async def test_who_may(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=online(45000))
    await refused(NotDisputed, house.owner, losing(package_id))
    await disputed(house, package_id, 45000)
    ana = await customer_actor(house, house.ana)
    for actor in (house.desk_lis, house.manager_mad, house.practitioner_lis, house.accountant, ana):
        await refused(Forbidden, actor, losing(package_id))
    await refused(NotFound, house.other_owner, losing(package_id))
    assert (await refused(InvalidInput, house.owner, LoseDispute(package_id, " "))).path == ("reason",)
    await run_command(house.integrator, losing(package_id))


async def test_of_winning_and_losing_at_once_one_happens(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=online(45000))
    await disputed(house, package_id, 45000)
    won = WinDispute(package_id, "the terms were signed")
    answers = await at_once(*(run_command(house.owner, each) for each in (won, losing(package_id))))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "NotDisputed"]
    assert await audit_ledgers(house.chain_id) == []


async def test_the_same_key_loses_once(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=online(45000))
    await disputed(house, package_id, 45000)
    first = await run_command(house.owner, losing(package_id), "lost dispute of the tests")
    again = await run_command(house.owner, losing(package_id), "lost dispute of the tests")
    assert (again.replayed, again.outcome) == (True, first.outcome)
