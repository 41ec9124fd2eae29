"""Who buys a package again while the old one is in its grace takes along what that one still has."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.complete_booking import CompleteBooking
from domain.catalog.terms import Activation, Item, Price, TaxPoint, Terms, Use, Validity, ValidityStart
from domain.kernel.commands import Done, run_command
from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod
from domain.ledger.audit import audit_ledgers
from domain.ledger.rules import Origin
from domain.packages.errors import NotPaidFor
from domain.packages.redeem_session import RedeemSession
from domain.packages.renewal import Renewed
from domain.packages.rules import Status
from domain.packages.sell_package import SellPackage
from domain.payments.record_payment import RecordPayment
from tests.fixtures.blocked import disputed, frozen
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, left, on, package, posted, refused, sold, used
from tests.fixtures.races import at_once
from tests.fixtures.time_acts import booked

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
IN_GRACE = MONDAY + 185 * DAY
"""180 days after the sale is the last day; 14 more are grace."""


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def renewable(house: Harbour, **rest: Any) -> Terms:
    """10 physiotherapy sessions for 450.00 whose grace lets what is left move on."""
    plain = terms(Item((house.physio,), 10), price_minor=45000, grace_days=14, **rest)
    return replace(plain, validity=replace(plain.validity, renewal_in_grace=True))


async def on_sale(house: Harbour, renewing: Terms | None = None) -> str:
    with on(MONDAY):
        return await published(house.owner, "RENEW", renewing or renewable(house))


async def again(house: Harbour, definition_id: str, **rest: Any) -> Done[Any]:
    """The package is sold once more, to Ana in Lisbon unless said otherwise."""
    asked: dict[str, Any] = {"customer_id": house.ana, "branch_id": house.lis, "confirmed_duplicate": True} | rest
    return await run_command(house.owner, SellPackage(definition_id, **asked))


async def test_what_is_left_moves_into_the_new_package_with_its_value(house: Harbour) -> None:
    definition = await on_sale(house)
    with on(MONDAY):
        old = await sold(house, definition, payments=cash(45000))
        await used(house, old, sessions=3)
    with on(IN_GRACE):
        sale = await again(house, definition)
        new, before = await package(house, sale.outcome.package_id), await package(house, old)

    assert sale.outcome.renewed == (Renewed(old, 7),)
    assert sale.outcome.sessions == 10
    (lot,) = before.lots
    assert (lot.available, lot.consumed, lot.moved, lot.value_left_minor) == (0, 3, 7, 0)
    assert (before.status, before.version) == (Status.USED_UP, 3)
    bought, taken_over = new.lots
    assert (bought.available, bought.value_left_minor, bought.origin) == (10, 45000, Origin.PURCHASE)
    assert (taken_over.available, taken_over.value_left_minor, taken_over.origin) == (7, 31500, Origin.TRANSFER)
    assert (taken_over.services, taken_over.bonus, taken_over.item, taken_over.priority) == (
        lot.services,
        lot.bonus,
        lot.item,
        lot.priority,
    )
    assert (taken_over.last_day, taken_over.lapses_at) == (bought.last_day, bought.lapses_at)
    assert (new.remaining, new.price_minor, new.paid_minor) == (17, 45000, 0)
    assert await posted(sale.operation_id) == [
        ("RECEIVABLE", house.lis, 45000),
        ("DEFERRED_REVENUE", house.lis, -45000),
        ("DEFERRED_REVENUE", house.lis, 31500),
        ("DEFERRED_REVENUE", house.lis, -31500),
    ]
    assert await audit_ledgers(house.chain_id) == []


async def test_the_old_package_has_an_operation_of_its_own(house: Harbour) -> None:
    definition = await on_sale(house)
    with on(MONDAY):
        old = await sold(house, definition)
    with on(IN_GRACE):
        new = (await again(house, definition)).outcome.package_id
    found = await rows(
        "SELECT act, package_version, branch_id, customer_id, idempotency_key, effective_at, outcome FROM operation"
        " WHERE package_id = $1 ORDER BY package_version",
        old,
    )
    assert len(found) == 2
    assert found[1] == {
        "act": "sell_package",
        "package_version": 2,
        "branch_id": house.lis,
        "customer_id": house.ana,
        "idempotency_key": None,
        "effective_at": IN_GRACE,
        "outcome": {"package_id": old, "sessions": 10, "renewed_by_package_id": new},
    }


LAST_DAY_ENDS = datetime.fromisoformat("2026-08-29T23:00:00+00:00")
LAPSES = datetime.fromisoformat("2026-09-12T23:00:00+00:00")
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "renews"),
    [(LAST_DAY_ENDS - INSTANT, False), (LAST_DAY_ENDS, True), (LAPSES - INSTANT, True), (LAPSES, False)],
)
async def test_grace_begins_and_ends_to_the_microsecond(house: Harbour, at: datetime, renews: bool) -> None:
    definition = await on_sale(house)
    with on(MONDAY):
        old = await sold(house, definition)
    with on(at):
        assert (await again(house, definition)).outcome.renewed == ((Renewed(old, 10),) if renews else ())


async def test_two_old_packages_move_into_one(house: Harbour) -> None:
    definition = await on_sale(house)
    with on(MONDAY):
        old = [await sold(house, definition) for _ in range(2)]
        await used(house, old[1], sessions=4)
    with on(MONDAY + 10 * DAY):
        later = await sold(house, definition)  # its last day has not ended when the others are in grace
    with on(IN_GRACE):
        sale = await again(house, definition)
        assert sale.outcome.renewed == (Renewed(old[0], 10), Renewed(old[1], 6))
        assert (await package(house, later)).remaining == 10
    assert await left(sale.outcome.package_id) == [(10, 45000), (10, 45000), (6, 27000)]
    assert await audit_ledgers(house.chain_id) == []


async def test_a_package_of_another_branch_is_owed_on_by_that_branch(house: Harbour) -> None:
    definition = await on_sale(house)
    with on(MONDAY):
        old = await sold(house, definition, branch_id=house.mad)
        await used(house, old, sessions=3)
    with on(IN_GRACE):
        sale = await again(house, definition)
    assert (await posted(sale.operation_id))[2:] == [
        ("DEFERRED_REVENUE", house.mad, 31500),
        ("DUE_TO_BRANCH", house.mad, -31500),
        ("DUE_FROM_BRANCH", house.lis, 31500),
        ("DEFERRED_REVENUE", house.lis, -31500),
    ]
    assert await audit_ledgers(house.chain_id) == []


async def test_tax_due_at_redemption_goes_along_to_the_cent(house: Harbour) -> None:
    taxed = replace(
        renewable(house),
        items=(Item((house.physio,), 3),),
        price=Price(10000, "EUR", tax_rate_bp=2300, tax_point=TaxPoint.AT_REDEMPTION),
    )
    definition = await on_sale(house, taxed)
    with on(MONDAY):
        old = await sold(house, definition)
        await used(house, old)
    with on(IN_GRACE):
        new = (await again(house, definition)).outcome.package_id
        lots = (await package(house, new)).lots
        assert [(lot.available, lot.value_left_minor, lot.tax_left_minor) for lot in lots] == [
            (3, 10000, 1870),
            (2, 6667, 1247),
        ]
        uses = [await posted((await used(house, new)).operation_id) for _ in range(5)]
    assert sum(-lines[-1][2] for lines in uses) == 10000 - 1870 + 6667 - 1247
    assert await audit_ledgers(house.chain_id) == []


async def test_what_is_booked_stays_with_its_booking(house: Harbour) -> None:
    definition = await on_sale(house)
    with on(MONDAY):
        old = await sold(house, definition)
        await used(house, old, sessions=7)
    with on(MONDAY + 175 * DAY):
        booking = await booked(house, old, MONDAY + 190 * DAY)
    with on(IN_GRACE):
        sale = await again(house, definition)
        assert sale.outcome.renewed == (Renewed(old, 2),)
        (lot,) = (await package(house, old)).lots
        assert (lot.held, lot.available, lot.value_left_minor) == (1, 0, 4500)
        assert (await again(house, definition)).outcome.renewed == ()
    with on(MONDAY + 190 * DAY):
        await run_command(house.desk_lis, CompleteBooking(booking))
        (lot,) = (await package(house, old)).lots
        assert (lot.held, lot.consumed, lot.moved, lot.value_left_minor) == (0, 8, 2, 0)
    assert await audit_ledgers(house.chain_id) == []


async def test_only_where_the_old_terms_say_so_and_nothing_is_in_the_way(house: Harbour) -> None:
    definition = await on_sale(house)
    other = await published(house.owner, "OTHER", renewable(house))
    with on(MONDAY):
        for customer, sold_as in ((house.rui, definition), (house.ana, other), (house.ana, house.ten)):
            await sold(house, sold_as, customer_id=customer)
        frozen_one, disputed_one, empty = [await sold(house, definition) for _ in range(3)]
        await used(house, empty, sessions=10)
    await frozen(frozen_one, IN_GRACE, IN_GRACE + DAY)
    await disputed(disputed_one, IN_GRACE)
    with on(IN_GRACE):
        assert (await again(house, definition)).outcome.renewed == ()
        assert (await again(house, house.ten)).outcome.renewed == ()
    with on(IN_GRACE + DAY):
        assert (await again(house, definition)).outcome.renewed == (Renewed(frozen_one, 10),)


async def test_a_package_that_was_never_paid_for_stays_pending(house: Harbour) -> None:
    definition = await on_sale(house, renewable(house, use=Use(activation=Activation.FULL_PAYMENT)))
    with on(MONDAY):
        await sold(house, definition)
    with on(IN_GRACE):
        assert (await again(house, definition)).outcome.renewed == ()


async def test_use_up_to_what_is_paid_waits_for_the_payment_and_asks_once(house: Harbour) -> None:
    definition = await on_sale(house, renewable(house, use=Use(up_to_paid=True)))
    with on(MONDAY):
        old = await sold(house, definition, payments=cash(40000))
    with on(IN_GRACE):
        assert (await again(house, definition)).outcome.renewed == ()
        await run_command(house.owner, RecordPayment(old, house.lis, PaymentMethod.CASH, 5000, "EUR"))
        sale = await again(house, definition)
        assert sale.outcome.renewed == (Renewed(old, 10),)
        # Ten that were paid for with the old package, and of the new one only what is paid.
        await used(house, sale.outcome.package_id, sessions=10)
        more = RedeemSession(house.physio, house.lis, sale.outcome.package_id)
        await refused(NotPaidFor, house.owner, more)
        await run_command(
            house.owner, RecordPayment(sale.outcome.package_id, house.lis, PaymentMethod.CASH, 4500, "EUR")
        )
        await run_command(house.owner, more)
        await refused(NotPaidFor, house.owner, more)


async def test_the_first_use_of_what_was_taken_over_starts_the_new_package(house: Harbour) -> None:
    validity = Validity(days=90, starts=ValidityStart.FIRST_USE, start_within_days=30)
    soft = replace(renewable(house).validity, days=90, starts=validity.starts, start_within_days=30)
    definition = await on_sale(house, replace(renewable(house), validity=soft))
    with on(MONDAY):
        old = await sold(house, definition)
        await used(house, old)
    with on(MONDAY + 95 * DAY):
        sale = await again(house, definition)
        new = await package(house, sale.outcome.package_id)
        assert sale.outcome.renewed == (Renewed(old, 9),)
        assert {lot.last_day for lot in new.lots} == {new.start_by} == {date(2026, 7, 5)}
    with on(MONDAY + 100 * DAY):
        use = await used(house, new.id, sessions=11)
        assert {lot.origin for lot in use.outcome.lots} == {"PURCHASE", "TRANSFER"}
        assert {lot.last_day for lot in (await package(house, new.id)).lots} == {date(2026, 9, 8)}
    assert await audit_ledgers(house.chain_id) == []


async def test_the_same_key_renews_once(house: Harbour) -> None:
    definition = await on_sale(house)
    with on(MONDAY):
        old = await sold(house, definition)
    with on(IN_GRACE):
        sale = SellPackage(definition, house.ana, house.lis)
        first = await run_command(house.owner, sale, "renewal of the tests")
        second = await run_command(house.owner, sale, "renewal of the tests")
    assert (second.replayed, second.outcome) == (True, first.outcome)
    assert second.outcome.renewed == (Renewed(old, 10),)
    assert len(await rows("SELECT id FROM operation WHERE package_id = $1", old)) == 2


async def test_selling_against_using_the_last_of_the_old_one(house: Harbour) -> None:
    definition = await on_sale(house)
    with on(MONDAY):
        old = await sold(house, definition)
        await used(house, old, sessions=9)
    with on(IN_GRACE):
        use = RedeemSession(house.physio, house.lis, old)
        sales = [again(house, definition) for _ in range(3)]
        answers = await at_once(run_command(house.owner, use), *sales)
        stood = await package(house, old)
    assert Counter(type(answer).__name__ for answer in answers[1:]) == {"Done": 3}
    renewed = [each for sale in answers[1:] for each in sale.outcome.renewed]
    (lot,) = stood.lots
    # Whoever comes first has it: the visit, or one of the sales.
    assert (lot.available, lot.consumed + lot.moved, lot.value_left_minor) == (0, 10, 0)
    was_used = not isinstance(answers[0], BaseException)
    assert renewed == ([] if was_used else [Renewed(old, 1)])
    assert lot.moved == len(renewed)
    assert await audit_ledgers(house.chain_id) == []
