"""A reversal gives back exactly what was taken, once, and nothing is lost to a lapse that was nobody's fault."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.catalog.terms import Expiry, GraceAllows, Item, Price, TaxPoint, Use, Validity
from domain.kernel.access import system
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import audit_ledgers
from domain.ledger.rules import Origin
from domain.packages.errors import AlreadyReversed, NotEnoughSessions, PackageExpired, ReversalTooLate
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, RedemptionReversed, ReverseRedemption
from domain.payments.open_dispute import OpenDispute
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, left, on, package, posted, refused, sold, used

pytestmark = pytest.mark.anyio

LAPSES = datetime(2026, 9, 12, 23, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def undoing(redemption_id: str, fault: Fault = Fault.BUSINESS) -> ReverseRedemption:
    return ReverseRedemption(redemption_id, fault, "typed twice")


async def test_the_session_and_the_money_come_back_exactly(house: Harbour) -> None:
    package_id = await sold(house, house.buy_3_free_1)
    use = await used(house, package_id, service_id=house.massage, branch_id=house.mad, sessions=4)
    done = await run_command(house.manager_mad, undoing(use.operation_id))

    assert done.outcome == RedemptionReversed(use.operation_id, package_id, 4, 4)
    assert await left(package_id) == [(3, 13500), (1, 4500)]
    mirrored = [(account, branch, -amount) for account, branch, amount in await posted(use.operation_id)]
    assert await posted(done.operation_id) == mirrored != []
    (operation,) = await rows("SELECT reverses, reason, branch_id FROM operation WHERE id = $1", done.operation_id)
    assert operation == {"reverses": use.operation_id, "reason": "typed twice", "branch_id": house.mad}
    assert [(m["source"], m["target"], m["sessions"]) for m in await _movements(done.operation_id)] == [
        ("CONSUMED", "AVAILABLE", 1),
        ("CONSUMED", "AVAILABLE", 3),
    ]


async def test_the_tax_of_an_uneven_session_comes_back_to_the_cent(house: Harbour) -> None:
    price = Price(10000, "EUR", tax_rate_bp=2300, tax_point=TaxPoint.AT_REDEMPTION)
    uneven = replace(terms(Item((house.physio,), 3), price_minor=10000), price=price)
    package_id = await sold(house, await published(house.owner, "TAX", uneven))
    await used(house, package_id)
    use = await used(house, package_id, branch_id=house.mad)
    done = await run_command(house.owner, undoing(use.operation_id))
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, -3334),
        ("TAX_PAYABLE", house.lis, 624),
        ("DUE_TO_BRANCH", house.lis, 2710),
        ("DUE_FROM_BRANCH", house.mad, -2710),
        ("REVENUE", house.mad, 2710),
    ]
    assert await left(package_id) == [(2, 6667)]
    assert await posted((await used(house, package_id, sessions=2)).operation_id) == [
        ("DEFERRED_REVENUE", house.lis, 6667),
        ("TAX_PAYABLE", house.lis, -1247),
        ("REVENUE", house.lis, -5420),
    ]


async def test_a_session_that_came_back_can_be_used_again_but_not_reversed_again(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = await used(house, package_id, sessions=10)
    done = await run_command(house.desk_lis, undoing(use.operation_id))
    refusal = await refused(AlreadyReversed, house.owner, undoing(use.operation_id))
    assert (refusal.redemption_id, refusal.reversal_id) == (use.operation_id, done.operation_id)
    await used(house, package_id, sessions=10)
    await refused(NotEnoughSessions, house.owner, RedeemSession(house.physio, house.lis, package_id))


async def test_the_desk_has_48_hours_and_then_it_takes_a_manager(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        first, second = await used(house, package_id), await used(house, package_id)
    until = MONDAY + timedelta(hours=48)
    with on(until):
        await run_command(house.desk_lis, undoing(first.operation_id))
    with on(until + TICK):
        refusal = await refused(ReversalTooLate, house.desk_lis, undoing(second.operation_id))
        assert (refusal.redemption_id, refusal.until) == (second.operation_id, until)
        await refused(ReversalTooLate, house.integrator, undoing(second.operation_id))
        assert (await run_command(house.manager_lis, undoing(second.operation_id))).outcome.remaining == 10


async def test_owners_and_carnet_itself_are_not_bound_by_the_hours(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        uses = [await used(house, package_id) for _ in range(2)]
    with on(MONDAY + timedelta(days=30)):
        for actor, use in zip((house.owner, system(house.chain_id)), uses, strict=True):
            await run_command(actor, undoing(use.operation_id))
    assert await left(package_id) == [(10, 45000)]


async def test_another_branch_and_practitioners_may_not(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    here, there = await used(house, package_id), await used(house, package_id, branch_id=house.mad)
    for actor in (house.manager_mad, house.practitioner_lis, house.accountant):
        await refused(Forbidden, actor, undoing(here.operation_id))
    # The home branch's manager does not undo what Madrid performed.
    await refused(Forbidden, house.manager_lis, undoing(there.operation_id))


async def test_a_lapsed_lot_is_replaced_when_the_business_was_at_fault(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.buy_3_free_1)
    lapse = (await package(house, package_id)).lots[0].lapses_at
    with on(lapse - TICK):
        use = await used(house, package_id, service_id=house.massage, branch_id=house.mad, sessions=4)
    with on(lapse):
        done = await run_command(house.manager_mad, undoing(use.operation_id))
        lots = (await package(house, package_id)).lots
    given = [lot for lot in lots if lot.origin is Origin.GOODWILL]
    assert sorted((lot.available, lot.value_left_minor) for lot in given) == [(1, 4500), (3, 13500)]
    assert {lot.id for lot in given} == set(done.outcome.replacement_lot_ids)
    assert {(lot.last_day, lot.bonus) for lot in given} == {(date(2026, 8, 7), True)}
    assert [(lot.moved, lot.value_left_minor) for lot in lots if lot not in given] == [(3, 0), (1, 0)]
    assert (done.outcome.sessions, done.outcome.remaining) == (4, 4)
    mirrored = [(account, branch, -amount) for account, branch, amount in await posted(use.operation_id)]
    assert await posted(done.operation_id) == mirrored
    assert await audit_ledgers(house.chain_id) == []


async def test_a_lapsed_lot_stays_lapsed_when_the_customer_was_at_fault(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(LAPSES - TICK):
        use = await used(house, package_id)
    with on(LAPSES):
        done = await run_command(house.owner, undoing(use.operation_id, Fault.CUSTOMER))
        assert (done.outcome.remaining, done.outcome.replacement_lot_id) == (0, None)
        await refused(PackageExpired, house.owner, RedeemSession(house.physio, house.lis, package_id))
    assert await left(package_id) == [(10, 45000)]


async def test_what_a_dispute_keeps_alive_is_not_replaced(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
    with on(LAPSES - TICK):
        use = await used(house, package_id)
        await run_command(house.owner, OpenDispute(package_id, 45000, "EUR", "card holder says no"))
    with on(LAPSES):
        done = await run_command(house.owner, undoing(use.operation_id))
        assert (done.outcome.replacement_lot_id, await left(package_id)) == (None, [(10, 45000)])


async def test_a_session_that_grace_would_not_let_be_used_is_replaced_too(house: Harbour) -> None:
    booked_only = Validity(days=180, expiry=Expiry.SOFT, grace_days=14, grace_allows=GraceAllows.BOOKED_ONLY)
    strict = replace(terms(Item((house.physio,), 10), price_minor=45000), validity=booked_only)
    definition = await published(house.owner, "STRICT", strict)
    with on(MONDAY):
        package_id = await sold(house, definition)
    expires = (await package(house, package_id)).lots[0].expires_at
    with on(expires - TICK):
        use = await used(house, package_id)
    with on(expires):
        done = await run_command(house.owner, undoing(use.operation_id))
        assert done.outcome.replacement_lot_id is not None
        await used(house, package_id)
    assert await left(package_id) == [(9, 40500), (0, 0)]


async def test_a_replaced_session_counts_once_against_what_is_paid(house: Harbour) -> None:
    as_paid = terms(Item((house.physio,), 10), price_minor=45000, use=Use(up_to_paid=True))
    definition = await published(house.owner, "PAID", as_paid)
    with on(MONDAY):
        package_id = await sold(house, definition, payments=cash(4500))
    lapse = (await package(house, package_id)).lots[0].lapses_at
    with on(lapse - TICK):
        use = await used(house, package_id)
    with on(lapse):
        await run_command(house.owner, undoing(use.operation_id))
        assert (await used(house, package_id)).outcome.remaining == 0


async def test_only_redemptions_of_the_chain_with_a_reason(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = await used(house, package_id)
    (sale,) = await rows("SELECT id FROM operation WHERE act = 'sell_package'")
    for unknown in ("op_none", sale["id"]):
        assert (await refused(NotFound, house.owner, undoing(unknown))).path == ("redemptionId",)
    await refused(NotFound, house.other_owner, undoing(use.operation_id))
    for reason in ("", "  ", "x" * 501):
        blank = replace(undoing(use.operation_id), reason=reason)
        assert (await refused(InvalidInput, house.owner, blank)).path == ("reason",)


async def _movements(operation_id: str) -> list[dict[str, object]]:
    return await rows("SELECT source, target, sessions FROM movement WHERE operation_id = $1 ORDER BY id", operation_id)
