"""Sessions are handed on with their value, tax and last days: both packages change at once, or neither."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.catalog.terms import Item, Price, TaxPoint, Validity, ValidityStart
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.rules import BonusOrder, Origin
from domain.packages.explanation import explain
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from domain.packages.sell_package import SellPackage
from domain.payments.closing_errors import NoSaleToVoid, SaleRenewed
from domain.payments.void_sale import VoidSale
from domain.reports.deferred_revenue import deferred_revenue
from domain.reports.figures import Span
from domain.reports.metrics import package_metrics
from domain.transfers.asked import PackageTransferred
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, package, posted, refused, used
from tests.fixtures.handed import assert_sound, giving, handed_on, lots, paid, ten

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_three_of_ten_open_a_package_for_the_recipient_that_cost_nothing(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
    with on(MONDAY + 5 * DAY):
        done = await handed_on(house, mine, 3, reason="a gift")
        into = done.outcome.into_package_id
        hers, old = await package(house, into), await package(house, mine)

    assert done.outcome == PackageTransferred(
        done.outcome.transfer_id, mine, into, "DONE", sessions=3, value_minor=13500, fee_minor=0, currency="EUR"
    )
    assert await lots(mine) == [("PURCHASE", 7, 0, 3, 31500)]
    assert await lots(into) == [("TRANSFER", 3, 0, 0, 13500)]
    assert (hers.holder_id, hers.name, hers.definition_version_id, hers.price_minor, hers.paid_minor) == (
        house.eva,
        old.name,
        old.definition_version_id,
        0,
        0,
    )
    assert (hers.status, hers.remaining, hers.home_branch_id, hers.selling_branch_id) == (
        Status.ACTIVE,
        3,
        house.lis,
        house.lis,
    )
    (given,), (kept,) = hers.lots, old.lots
    assert (given.last_day, given.expires_at, given.lapses_at) == (kept.last_day, kept.expires_at, kept.lapses_at)
    assert (given.services, given.item, given.bonus, given.priority) == (kept.services, kept.item, kept.bonus, 0)
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, 13500),
        ("DEFERRED_REVENUE", house.lis, -13500),
    ]
    await assert_sound(house)


async def test_each_package_has_an_operation_of_its_own(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        into = (await handed_on(house, mine, 3)).outcome.into_package_id
        again = (await handed_on(house, into, 1, recipient_id=house.ana, into_package_id=mine)).outcome
    found = await rows(
        """SELECT package_id, package_version, customer_id, branch_id FROM operation WHERE act = 'transfer_package'
        ORDER BY seq"""
    )
    assert [tuple(row.values()) for row in found] == [
        (mine, 2, house.ana, house.lis),
        (into, 1, house.eva, house.lis),
        (into, 2, house.eva, house.lis),
        (mine, 3, house.ana, house.lis),
    ]
    assert again.into_package_id == mine


async def test_the_whole_goes_and_the_sender_has_nothing_left(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, bonus=2))
        await used(house, mine, sessions=4)
        into = (await handed_on(house, mine)).outcome.into_package_id
        assert (await package(house, mine)).status is Status.USED_UP
        assert await lots(mine) == [("PURCHASE", 0, 0, 6, 0), ("BONUS", 0, 0, 2, 0)]
        assert await lots(into) == [("TRANSFER", 6, 0, 0, 22500), ("TRANSFER", 2, 0, 0, 7500)]
    await assert_sound(house)


async def test_paid_sessions_go_first_though_bonus_ones_would_be_used_first(house: Harbour) -> None:
    given = ten(house, bonus=2)
    with on(MONDAY):
        first = replace(given, price=replace(given.price, bonus_order=BonusOrder.FIRST))
        mine = await paid(house, await published(house.owner, "FIRST", first))
        await handed_on(house, mine, 9)
        assert [(lot[1], lot[3]) for lot in await lots(mine)] == [(1, 9), (2, 0)]
        into = (await handed_on(house, mine, 2)).outcome.into_package_id
        assert [(lot[1], lot[3]) for lot in await lots(mine)] == [(0, 10), (1, 1)]
        assert [lot.bonus for lot in (await package(house, into)).lots] == [False, True]
    await assert_sound(house)


async def test_tax_due_at_redemption_goes_along_to_the_cent(house: Harbour) -> None:
    taxed = replace(
        ten(house),
        items=(Item((house.physio,), 3),),
        price=Price(10000, "EUR", tax_rate_bp=2300, tax_point=TaxPoint.AT_REDEMPTION),
    )
    with on(MONDAY):
        mine = await paid(house, await published(house.owner, "TAXED", taxed), payments=cash(10000))
        into = (await handed_on(house, mine, 1)).outcome.into_package_id
        both = [*(await package(house, mine)).lots, *(await package(house, into)).lots]
        assert [(lot.left, lot.value_left_minor, lot.tax_left_minor) for lot in both] == [
            (2, 6667, 1247),
            (1, 3333, 623),
        ]
        assert await posted((await used(house, into)).operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 3333),
            ("TAX_PAYABLE", house.lis, -623),
            ("REVENUE", house.lis, -2710),
        ]
    await assert_sound(house)


async def test_what_is_just_like_what_the_recipient_has_joins_it_and_other_things_do_not(house: Harbour) -> None:

    with on(MONDAY):
        definition = await giving(house)
        mine, hers = await paid(house, definition), await paid(house, definition, customer_id=house.eva)
        await handed_on(house, mine, 3, into_package_id=hers)
        await handed_on(house, mine, 2, into_package_id=hers)
        assert await lots(hers) == [("PURCHASE", 10, 0, 0, 45000), ("TRANSFER", 5, 0, 0, 22500)]
        await handed_on(house, hers, 12, recipient_id=house.ana, into_package_id=mine)
        assert await lots(mine) == [("PURCHASE", 5, 0, 5, 22500), ("TRANSFER", 12, 0, 0, 54000)]
    with on(MONDAY + DAY):
        later = await paid(house, definition, customer_id=house.eva)
        await handed_on(house, later, 1, recipient_id=house.ana, into_package_id=mine)
        found = (await package(house, mine)).lots
        assert [(lot.available, lot.last_day) for lot in found] == [
            (5, date(2026, 8, 29)),
            (12, date(2026, 8, 29)),
            (1, date(2026, 8, 30)),
        ]
    await assert_sound(house)


async def test_a_life_that_has_not_started_is_started_by_whoever_uses_it_first(house: Harbour) -> None:
    first_use = Validity(days=30, starts=ValidityStart.FIRST_USE, start_within_days=90)
    with on(MONDAY):
        mine = await paid(house, await published(house.owner, "START", replace(ten(house), validity=first_use)))
        into = (await handed_on(house, mine, 3)).outcome.into_package_id
        assert (await package(house, into)).start_by == date(2026, 5, 31)
    with on(MONDAY + 10 * DAY):
        use = await used(house, into)
        assert [lot.last_day for lot in (await package(house, into)).lots] == [date(2026, 4, 11)]
        assert [lot.last_day for lot in (await package(house, mine)).lots] == [date(2026, 5, 31)]
        later = (await handed_on(house, into, 1, recipient_id=house.rui)).outcome.into_package_id
        back = await used(house, later)
        for redemption in (back, use):
            mistake = ReverseRedemption(redemption.operation_id, Fault.CUSTOMER, "typed twice")
            await run_command(house.owner, mistake)
        # Eva's use was the start, and is undone; Rui's package had started when he got it, and stays so.
        assert [lot.last_day for lot in (await package(house, into)).lots] == [date(2026, 5, 31)]
        assert [lot.last_day for lot in (await package(house, later)).lots] == [date(2026, 4, 11)]
    await assert_sound(house)


async def test_what_was_received_does_not_count_as_bought(house: Harbour) -> None:
    limited = replace(ten(house), use=replace(ten(house).use, limit_per_customer=1))
    with on(MONDAY):
        definition = await published(house.owner, "ONE", limited)
        mine = await paid(house, definition)
        await handed_on(house, mine, 3)
        bought = await run_command(house.owner, SellPackage(definition, house.eva, house.lis))
        lot = (await package(house, bought.outcome.package_id)).lots[0]
        assert lot.origin is Origin.PURCHASE


async def test_what_was_handed_on_was_sold_once_and_its_value_moves_in_and_out(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        await handed_on(house, await paid(house, definition), 3)
        span = Span(MONDAY.date(), MONDAY.date())
        (row,) = (await package_metrics(house.owner, span)).rows
        assert len(row.sold) == 1
        totals = (await deferred_revenue(house.owner, span)).totals
        assert (totals.sold.value, totals.moved_in.value, totals.moved_out.value) == (45000, 13500, 13500)
        assert totals.closing.value == 45000


async def test_what_was_granted_stays_that_and_keeps_its_own_last_day(house: Harbour) -> None:
    first_use = Validity(days=30, starts=ValidityStart.FIRST_USE, start_within_days=90)
    with on(MONDAY):
        mine = await paid(house, await published(house.owner, "START", replace(ten(house), validity=first_use)))
        await run_command(house.owner, GrantGoodwill(mine, 2, "waited long", last_day=date(2026, 3, 20)))
        into = (await handed_on(house, mine)).outcome.into_package_id
        await used(house, into, sessions=3)
        bought, given = sorted((await package(house, into)).lots, key=lambda lot: lot.bonus)
        assert (bought.origin, bought.last_day) == (Origin.TRANSFER, date(2026, 4, 1))
        assert (given.origin, given.last_day, given.consumed) == (Origin.GOODWILL, date(2026, 3, 20), 2)
        explanation = await explain(house.owner, into)
        assert explanation is not None
        assert explanation.identity == "450.00 taken over = 45.00 recognised + 405.00 deferred."
    await assert_sound(house)


async def test_a_sale_is_not_void_while_sessions_of_somebody_else_are_in_its_package(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        mine, hers = await paid(house, definition), await paid(house, definition, customer_id=house.eva)
        await handed_on(house, mine, 3, into_package_id=hers)
        assert (await refused(SaleRenewed, house.owner, VoidSale(hers, "a mistake"))).sessions == 3
        opened = (await handed_on(house, mine, 1)).outcome.into_package_id
        await refused(NoSaleToVoid, house.owner, VoidSale(opened, "a mistake"))
