"""A redemption takes the right sessions of the right package and pays the branch that performed it."""

from dataclasses import replace
from datetime import date

import pytest

from domain.catalog.terms import Item, Use
from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute, rows
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod
from domain.ledger.rules import BonusOrder
from domain.packages.errors import NotEnoughSessions, NotPaidFor
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import LotUsed, RedeemSession, SessionRedeemed
from domain.payments.record_payment import RecordPayment
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, left, on, package, posted, refused, sold, used

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def five_for_nine_days(house: Harbour) -> str:
    return await published(house.owner, "SHORT", terms(Item((house.physio,), 5), price_minor=20000, days=9))


async def test_one_of_ten_at_home(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        done = await run_command(house.practitioner_lis, RedeemSession(house.physio, house.lis, package_id))
        (lot,) = (await package(house, package_id)).lots
    assert done.outcome == SessionRedeemed(
        package_id=package_id,
        service_id=house.physio,
        branch_id=house.lis,
        sessions=1,
        visited_at=MONDAY,
        lots=(LotUsed(lot.id, 1, "PURCHASE", False, 4500),),
        remaining=9,
        remaining_of_service=9,
        currency="EUR",
    )
    assert (lot.available, lot.consumed, lot.value_left_minor) == (9, 1, 40500)
    assert await posted(done.operation_id) == [("DEFERRED_REVENUE", house.lis, 4500), ("REVENUE", house.lis, -4500)]


async def test_a_session_performed_elsewhere_is_owed_to_that_branch(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    done = await run_command(house.manager_mad, RedeemSession(house.physio, house.mad, package_id, sessions=2))
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, 9000),
        ("DUE_TO_BRANCH", house.lis, -9000),
        ("DUE_FROM_BRANCH", house.mad, 9000),
        ("REVENUE", house.mad, -9000),
    ]


async def test_paid_sessions_go_before_the_bonus(house: Harbour) -> None:
    package_id = await sold(house, house.buy_3_free_1)
    done = await used(house, package_id, service_id=house.massage, sessions=4)
    assert [(lot.bonus, lot.sessions, lot.value_minor) for lot in done.outcome.lots] == [
        (False, 3, 13500),
        (True, 1, 4500),
    ]
    assert await left(package_id) == [(0, 0), (0, 0)]


async def test_the_bonus_goes_first_where_the_terms_say_so(house: Harbour) -> None:
    first = terms(Item((house.massage,), 3, 1), price_minor=18000)
    first = replace(first, price=replace(first.price, bonus_order=BonusOrder.FIRST))
    package_id = await sold(house, await published(house.owner, "FIRST", first))
    done = await used(house, package_id, service_id=house.massage, sessions=2)
    assert [(lot.bonus, lot.sessions) for lot in done.outcome.lots] == [(True, 1), (False, 1)]


async def test_goodwill_that_lapses_first_is_used_first(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    granted = await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
    done = await used(house, package_id, sessions=2)
    assert [(lot.origin, lot.value_minor) for lot in done.outcome.lots] == [("GOODWILL", 0), ("PURCHASE", 4500)]
    assert done.outcome.lots[0].lot_id == granted.outcome.lot_id


async def test_staff_priority_goes_before_everything(house: Harbour) -> None:
    package_id = await sold(house, house.buy_3_free_1)
    await execute("UPDATE lot SET priority = 1 WHERE bonus AND package_id = $1", package_id)
    done = await used(house, package_id, service_id=house.massage)
    assert done.outcome.lots[0].bonus


async def test_a_bundle_keeps_its_services_apart(house: Harbour) -> None:
    package_id = await sold(house, house.bundle)
    done = await used(house, package_id, service_id=house.facial)
    assert (done.outcome.remaining, done.outcome.remaining_of_service) == (5, 1)
    assert done.outcome.lots[0].value_minor == 5027
    refusal = await refused(
        NotEnoughSessions, house.owner, RedeemSession(house.facial, house.lis, package_id, sessions=2)
    )
    assert (refusal.package_id, refusal.asked, refusal.remaining) == (package_id, 2, 1)


async def test_the_customers_package_that_lapses_first_is_used(house: Harbour) -> None:
    later = await sold(house, house.ten)
    sooner = await sold(
        house, await published(house.owner, "SHORT", terms(Item((house.physio,), 5), price_minor=1, days=9))
    )
    use = RedeemSession(house.physio, house.lis, customer_id=house.ana)
    assert (await run_command(house.owner, use)).outcome.package_id == sooner
    # Six are only in the other one: a redemption uses one package.
    assert (await run_command(house.owner, replace(use, sessions=6))).outcome.package_id == later


async def test_a_package_that_was_tried_and_left_is_untouched(house: Harbour) -> None:
    short = await sold(
        house, await published(house.owner, "SHORT", terms(Item((house.physio,), 5), price_minor=1, days=9))
    )
    await sold(house, house.ten)
    before = await package(house, short)
    await run_command(house.owner, RedeemSession(house.physio, house.lis, customer_id=house.ana, sessions=6))
    after = await package(house, short)
    assert (after.version, after.lots) == (before.version, before.lots) == (1, before.lots)


async def test_the_own_package_goes_before_a_shared_one_that_lapses_earlier(house: Harbour) -> None:
    shared = await sold(house, house.buy_3_free_1, customer_id=house.rui)
    use = RedeemSession(house.massage, house.lis, customer_id=house.ana)
    assert (await run_command(house.owner, use)).outcome.package_id == shared
    own = await sold(house, house.bundle)
    assert (await run_command(house.owner, use)).outcome.package_id == own


async def test_a_household_member_uses_a_shared_package(house: Harbour) -> None:
    package_id = await sold(house, house.buy_3_free_1)
    done = await used(house, package_id, service_id=house.massage, customer_id=house.rui)
    (operation,) = await rows("SELECT customer_id, package_version FROM operation WHERE id = $1", done.operation_id)
    assert operation == {"customer_id": house.rui, "package_version": 2}


async def test_nobody_shares_what_is_not_shared(house: Harbour) -> None:
    await sold(house, house.ten, customer_id=house.rui)
    use = RedeemSession(house.physio, house.lis, customer_id=house.ana)
    refusal = await refused(NotEnoughSessions, house.owner, use)
    assert (refusal.package_id, refusal.asked, refusal.remaining) == (None, 1, 0)


async def test_sessions_up_to_what_is_paid(house: Harbour) -> None:
    as_paid = terms(Item((house.physio,), 10), price_minor=45000, use=Use(up_to_paid=True))
    package_id = await sold(house, await published(house.owner, "PAID", as_paid), payments=cash(9000))
    await used(house, package_id, sessions=2)
    use = RedeemSession(house.physio, house.lis, package_id)
    refusal = await refused(NotPaidFor, house.desk_lis, use)
    assert (refusal.paid, refusal.outstanding) == (Money(9000, "EUR"), Money(36000, "EUR"))
    await run_command(house.owner, RecordPayment(package_id, house.lis, PaymentMethod.CASH, 4499, "EUR"))
    await refused(NotPaidFor, house.desk_lis, use)
    await run_command(house.owner, RecordPayment(package_id, house.lis, PaymentMethod.CASH, 1, "EUR"))
    assert (await run_command(house.desk_lis, use)).outcome.remaining == 7


async def test_a_redemption_is_eight_statements_however_long_the_history(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    for _ in range(3):
        await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry", last_day=date(2030, 1, 1)))
    counts = []
    for _ in range(5):
        with counting() as counter:
            await used(house, package_id)
        counts.append(len(counter))
    assert counts == [8] * 5


async def test_choosing_the_package_costs_one_statement_more_however_many_there_are(house: Harbour) -> None:
    counts = []
    for definition in (house.ten, house.ten, house.ten):
        await sold(house, definition)
        with counting() as counter:
            await run_command(house.owner, RedeemSession(house.physio, house.lis, customer_id=house.ana))
        counts.append(len(counter))
    assert counts == [9, 9, 9]
