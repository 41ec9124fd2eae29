"""A package is changed for another one: the old is closed, the new opened, and what is owed follows, to the unit."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.accounting.change_breakage_method import ChangeBreakageMethod
from domain.accounting.estimate_breakage import EstimateBreakage
from domain.branches.settings import BreakageMethod
from domain.catalog.terms import Change, Item, TaxPoint, UpgradeMethod
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.credit import credit_of
from domain.ledger.rules import BonusValue
from domain.packages.explanation import explain
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.rules import Planned, Status
from domain.payments.record_payment import RecordPayment
from domain.refunds.asked import Asked as GivenBack
from domain.refunds.request_refund import RequestRefund
from domain.topups.asked import Asked as TopUp
from domain.topups.top_up_package import TopUpPackage
from domain.upgrades.errors import UsedBeyondNew
from domain.upgrades.posting import PackageUpgraded
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, package, posted, refused, used
from tests.fixtures.golden import cases
from tests.fixtures.handed import ANYONE, handed_on, lots
from tests.fixtures.upgraded import (
    CARRY,
    CREDIT,
    assert_told,
    bought,
    changing,
    larger,
    quoted,
    sessions,
    taxed,
    upgrade,
    upgraded,
)

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


@pytest.mark.parametrize(("asked", "expect"), cases("upgrade_quotes"))
async def test_golden_upgrades_of_real_packages(house: Harbour, asked: dict[str, Any], expect: dict[str, Any]) -> None:
    old, new = asked["old"], asked["new"]
    with on(MONDAY):
        to = await larger(house, new["sessions"], new["price"])
        giving_up = await changing(house, to, old["sessions"], old["price"], method=UpgradeMethod(asked["method"]))
        mine = await bought(house, giving_up, old["paid"])
        if old["used"]:
            await used(house, mine, sessions=old["used"])
        if expect["refused"]:
            await refused(UsedBeyondNew, house.owner, upgrade(house, mine, to))
            return
        quote = await quoted(house, mine, to)
        done = (await upgraded(house, mine, to, quote_hash=quote.quote_hash)).outcome

    unused = {"unused_value": done.unused_value_minor} if "unused_value" in expect else {}
    assert expect == {"refused": False} | unused | {
        "price_difference": done.difference_minor,
        "outstanding_carried": done.outstanding_carried_minor,
        "amount_due": done.due_minor,
        "customer_credit": done.credit_minor,
        "sessions_after": done.sessions_after,
    }
    with on(MONDAY):
        theirs = await package(house, done.into_package_id)
    assert (theirs.outstanding.amount_minor, theirs.remaining) == (expect["amount_due"], expect["sessions_after"])
    assert await credit_of(house.ana) == ({house.lis: expect["customer_credit"]} if expect["customer_credit"] else {})
    await assert_told(house)


async def test_what_is_unused_and_what_is_unpaid_goes_into_the_new_package(house: Harbour) -> None:
    """5 for 450.00, of which 200.00 is paid and 2 used, for 10 for 800.00: 780.00 is owed for that, 500.00 paid."""
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to), 20000)
        await used(house, mine, sessions=2)
    with on(MONDAY + 10 * DAY):
        due = Planned(date(2026, 4, 1), 28000, "EUR")
        done = await upgraded(house, mine, to, payments=cash(50000), instalments=(due,), reason="comes more often")
        old, new = await package(house, mine), await package(house, done.outcome.into_package_id)

    assert done.outcome == PackageUpgraded(
        upgrade_id=done.outcome.upgrade_id,
        package_id=mine,
        into_package_id=new.id,
        method="CREDIT_UNUSED",
        used=2,
        unused_value_minor=27000,
        difference_minor=53000,
        outstanding_carried_minor=25000,
        due_minor=78000,
        credit_minor=0,
        paid_minor=50000,
        sessions_after=10,
        currency="EUR",
    )
    assert (old.status, old.outstanding.amount_minor, old.remaining) == (Status.UPGRADED, 0, 0)
    assert (new.status, new.price_minor, new.paid_minor, new.outstanding.amount_minor) == (
        Status.ACTIVE,
        80000,
        50000,
        28000,
    )
    assert (new.holder_id, new.sold_at, new.expires_on) == (house.ana, MONDAY + 10 * DAY, date(2026, 9, 8))
    assert (await lots(mine), await lots(new.id)) == (
        [("PURCHASE", 0, 0, 3, 0)],
        [("PURCHASE", 10, 0, 0, 80000)],
    )
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, 27000),
        ("RECEIVABLE", house.lis, -25000),
        ("RECEIVABLE", house.lis, 78000),
        ("DEFERRED_REVENUE", house.lis, -80000),
    ]
    (row,) = await rows("SELECT * FROM upgrade")
    assert (row["package_id"], row["into_package_id"], row["operation_id"], row["due_minor"]) == (
        mine,
        new.id,
        done.operation_id,
        78000,
    )
    assert row["steps"][0]["formula"] == "450.00 × 2 / 5 = 180.00"  # noqa: RUF001
    (plan,) = await rows("SELECT package_id, amount_minor FROM instalment")
    assert plan == {"package_id": new.id, "amount_minor": 28000}
    with on(MONDAY + 11 * DAY):
        await run_command(house.owner, RecordPayment(new.id, house.lis, PaymentMethod.CASH, 28000, "EUR"))
        await used(house, new.id)
        told = [await explain(house.owner, each) for each in (mine, new.id)]
    assert [each.identity for each in told if each] == [
        "450.00 price - 250.00 credited - 20.00 moved on = 180.00 recognised.",
        "800.00 price = 80.00 recognised + 720.00 deferred.",
    ]
    await assert_told(house)


async def test_usage_that_is_carried_keeps_what_was_recognised_and_taxes_the_rest_anew(house: Harbour) -> None:
    """10 for 540.00 with 90.00 tax, 4 used; 20 for 960.00 with 160.00: 620.00 net for 16, 36.00 of tax stays behind."""
    with on(MONDAY):
        to = await published(house.owner, "LARGER", taxed(sessions(house, 20, 96000), 2000))
        change = Change(upgrade_to=(to,), upgrade_method=CARRY)
        mine = await bought(
            house, await published(house.owner, "OLD", taxed(sessions(house, 10, 54000, change=change), 2000)), 54000
        )
        await used(house, mine, sessions=4)
        done = await upgraded(house, mine, to, branch_id=house.mad, actor=house.manager_mad)
    new = done.outcome.into_package_id
    assert await lots(new) == [("PURCHASE", 16, 0, 0, 62000)]
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, 27000),
        ("TAX_PAYABLE", house.lis, 5400),
        ("DUE_TO_BRANCH", house.lis, -32400),
        ("DUE_FROM_BRANCH", house.mad, 32400),
        ("RECEIVABLE", house.mad, 42000),
        ("DEFERRED_REVENUE", house.mad, -62000),
        ("TAX_PAYABLE", house.mad, -12400),
    ]
    view = await package(house, new)
    assert (view.price_minor, view.tax_minor, view.home_branch_id, view.selling_branch_id) == (
        96000,
        16000,
        house.mad,
        house.mad,
    )
    await assert_told(house)


@pytest.mark.parametrize("method", UpgradeMethod)
@pytest.mark.parametrize(("before", "after"), [("AT_SALE", "AT_REDEMPTION"), ("AT_REDEMPTION", "AT_SALE")])
async def test_tax_that_falls_due_at_another_time_is_owed_once(
    house: Harbour, method: UpgradeMethod, before: str, after: str
) -> None:
    """10 for 540.00 with 90.00 tax, 4 used; 20 for 960.00: all in all 960.00 of it is earned with 160.00 of tax."""
    with on(MONDAY):
        new = taxed(sessions(house, 20, 96000), 2000, tax_point=TaxPoint(after))
        to = await published(house.owner, "LARGER", new)
        change = Change(upgrade_to=(to,), upgrade_method=method)
        old = taxed(sessions(house, 10, 54000, change=change), 2000, tax_point=TaxPoint(before))
        mine = await bought(house, await published(house.owner, "OLD", old), 54000)
        await used(house, mine, sessions=4)
        done = await upgraded(house, mine, to)
        into = done.outcome.into_package_id
        await used(house, into, sessions=done.outcome.sessions_after)
    found = await rows("SELECT account, SUM(credit_minor - debit_minor) AS net FROM journal_line GROUP BY account")
    net = {row["account"]: int(row["net"]) for row in found if row["net"]}
    gross = 96000 + (21600 if method is CREDIT else 0)
    tax = gross // 6
    assert net == {
        "CASH": -54000,
        "RECEIVABLE": 54000 - gross,
        "REVENUE": gross - tax,
        "TAX_PAYABLE": tax,
    }
    await assert_told(house)


async def test_a_smaller_package_credits_what_is_over(house: Harbour) -> None:
    """10 for 800.00, one used, for 5 for 450.00: 270.00 are credit; or 4 and 350.00, of which 10.00 is given up."""
    for method, left, credit in ((CREDIT, 5, 27000), (CARRY, 4, 35000)):
        with on(MONDAY):
            to = await published(house.owner, f"S-{left}", sessions(house, 5, 45000))
            change = Change(upgrade_to=(to,), upgrade_method=method)
            mine = await bought(
                house, await published(house.owner, f"L-{left}", sessions(house, 10, 80000, change=change)), 80000
            )
            await used(house, mine)
            before = sum((await credit_of(house.ana)).values())
            done = await upgraded(house, mine, to)
            assert sum((await credit_of(house.ana)).values()) - before == credit
            view = await package(house, done.outcome.into_package_id)
            assert (view.remaining, view.outstanding.amount_minor) == (left, 0)
            spent = Received(PaymentMethod.CUSTOMER_CREDIT, credit)
            await bought(house, house.ten, 0, payments=(spent,))
    await assert_told(house)


async def test_dear_sessions_used_first_are_worth_what_the_sale_gave_them(house: Harbour) -> None:
    """4 massages at 60.00 and 6 sessions at 50.00 for 432.00: 4 massages are 192.00 of it, and 240.00 is unused."""
    with on(MONDAY):
        to = await larger(house)
        items = Item((house.massage,), 4), Item((house.physio,), 6)
        mix = terms(*items, price_minor=43200, change=Change(upgrade_to=(to,)))
        mine = await bought(house, await published(house.owner, "MIX", mix), 43200)
        await used(house, mine, service_id=house.massage, sessions=4)
        done = await upgraded(house, mine, to)
    assert (done.outcome.unused_value_minor, done.outcome.due_minor) == (24000, 56000)
    assert await lots(done.outcome.into_package_id) == [("PURCHASE", 10, 0, 0, 80000)]
    await assert_told(house)


async def test_usage_is_carried_by_service_first_and_the_rest_anywhere(house: Harbour) -> None:
    with on(MONDAY):
        items = Item((house.physio,), 3, 1), Item((house.facial,), 6)
        to = await published(house.owner, "LARGER", terms(*items, price_minor=90000))
        mine = await bought(house, await changing(house, to, method=CARRY))
        await used(house, mine, sessions=2)
        done = await upgraded(house, mine, to)
        new = done.outcome.into_package_id
    found = await rows("SELECT origin, item, available FROM lot WHERE package_id = $1 ORDER BY item, origin", new)
    assert [(row["item"], row["origin"], row["available"]) for row in found] == [
        (0, "BONUS", 1),
        (0, "PURCHASE", 1),
        (1, "PURCHASE", 6),
    ]
    assert sum(value for *_, value in await lots(new)) == 27000 + 45000
    await assert_told(house)


async def test_only_bonus_sessions_left_carry_all_that_is_left(house: Harbour) -> None:
    """Of 5 and 2 free ones that carry nothing 5 stay used: the free ones carry what the difference comes to."""
    with on(MONDAY):
        free = taxed(sessions(house, 5, 60000, 2), 0, bonus_value=BonusValue.ZERO)
        to = await published(house.owner, "LARGER", free)
        mine = await bought(house, await changing(house, to, method=CARRY))
        await used(house, mine, sessions=5)
        done = await upgraded(house, mine, to)
    assert await lots(done.outcome.into_package_id) == [("BONUS", 2, 0, 0, 15000)]
    await assert_told(house)


async def test_bonus_sessions_are_no_part_of_the_unused_value(house: Harbour) -> None:
    """4 and one free for 450.00, 3 used: a quarter is unused, though the books carry two fifths; 67.50 is earned."""
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to, 4, bonus=1))
        await used(house, mine, sessions=3)
        done = await upgraded(house, mine, to)
    assert (done.outcome.unused_value_minor, done.outcome.used) == (11250, 3)
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, 18000),
        ("REVENUE", house.lis, -6750),
        ("RECEIVABLE", house.lis, 68750),
        ("DEFERRED_REVENUE", house.lis, -80000),
    ]
    await assert_told(house)


async def test_what_was_granted_and_what_others_handed_on_moves_along_as_it_is(house: Harbour) -> None:
    """Rui hands on two of his sessions; they and a goodwill session keep their last days and their value."""
    with on(MONDAY):
        to = await larger(house)
        giving_up = await changing(house, to, who=ANYONE)
        his = await bought(house, giving_up, customer_id=house.rui)
    with on(MONDAY + 5 * DAY):
        mine = await bought(house, giving_up)
        handed = await handed_on(house, his, 2, recipient_id=house.ana)
        await run_command(house.manager_lis, GrantGoodwill(mine, 1, "waited an hour"))
        theirs = handed.outcome.into_package_id
        done = await upgraded(house, mine, to)
        taken_over = await upgraded(house, theirs, to)
    into = done.outcome.into_package_id
    assert sorted(await lots(into)) == [("GOODWILL", 1, 0, 0, 0), ("PURCHASE", 10, 0, 0, 80000)]
    assert (taken_over.outcome.used, taken_over.outcome.due_minor) == (0, 80000)
    assert sorted(await lots(taken_over.outcome.into_package_id)) == [
        ("PURCHASE", 10, 0, 0, 80000),
        ("TRANSFER", 2, 0, 0, 18000),
    ]
    await assert_told(house)


async def test_what_has_lapsed_counts_as_used_whether_or_not_that_is_posted(house: Harbour) -> None:
    """All 5 have lapsed, and 3 were added for 270.00 since: those are unused. The sweep comes before or after."""
    change = Change(top_up=True, top_up_days=30, upgrade_method=CREDIT)
    with on(MONDAY):
        to = await larger(house)
        old = sessions(house, 5, 45000, change=replace(change, upgrade_to=(to,)))
        giving_up = await published(house.owner, "OLD", old)
        first, second = [await bought(house, giving_up) for _ in range(2)]
    with on(MONDAY + 200 * DAY):
        for mine in (first, second):
            await run_command(house.owner, TopUpPackage(TopUp(mine, 3, house.lis)))
        unposted = await upgraded(house, first, to)
        assert await lapse_packages() == 2
        swept = await upgraded(house, second, to)
        view = await package(house, first)
    assert replace(unposted.outcome, upgrade_id="", package_id="", into_package_id="") == replace(
        swept.outcome, upgrade_id="", package_id="", into_package_id=""
    )
    assert (swept.outcome.used, swept.outcome.unused_value_minor, swept.outcome.due_minor) == (5, 27000, 80000)
    assert view.status is Status.UPGRADED
    assert await lots(first) == [("PURCHASE", 0, 0, 0, 0), ("TOP_UP", 0, 0, 3, 0)]
    await assert_told(house)


async def test_expected_breakage_is_taken_back_before_the_package_is_closed(house: Harbour) -> None:
    """A fifth of 5 is expected to lapse: 112.50 is recognised for one used; 90.00 stay so, and 22.50 are owed again."""
    with on(MONDAY):
        await run_command(house.owner, ChangeBreakageMethod(BreakageMethod.PROPORTIONAL, "as the accountant wishes"))
        to = await larger(house)
        giving_up = await changing(house, to)
        await run_command(house.owner, EstimateBreakage(giving_up, 2000, "last year"))
        mine = await bought(house, giving_up)
        await used(house, mine)
        done = await upgraded(house, mine, to)
    assert await posted(done.operation_id) == [
        ("DEFERRED_REVENUE", house.lis, -2250),
        ("BREAKAGE_REVENUE", house.lis, 2250),
        ("DEFERRED_REVENUE", house.lis, 36000),
        ("RECEIVABLE", house.lis, 44000),
        ("DEFERRED_REVENUE", house.lis, -80000),
    ]
    await assert_told(house)


async def test_an_upgrade_of_an_upgrade_brings_what_both_were_paid(house: Harbour) -> None:
    with on(MONDAY):
        largest = await published(house.owner, "LARGEST", sessions(house, 20, 120000))
        to = await larger(house, change=Change(upgrade_to=(largest,), upgrade_method=CARRY))
        mine = await bought(house, await changing(house, to, method=CARRY))
        await used(house, mine, sessions=2)
        second = (await upgraded(house, mine, to)).outcome
        await used(house, second.into_package_id)
        third = (await upgraded(house, second.into_package_id, largest, payments=cash(10000))).outcome
    assert (second.due_minor, second.sessions_after) == (35000, 8)
    assert (third.used, third.difference_minor, third.outstanding_carried_minor, third.due_minor) == (
        3,
        40000,
        35000,
        75000,
    )
    with on(MONDAY):
        view = await package(house, third.into_package_id)
    assert (view.remaining, view.outstanding.amount_minor) == (17, 65000)
    await assert_told(house)


@pytest.mark.parametrize(("method", "due", "left"), [(CREDIT, 66500, 10), (CARRY, 48500, 6)])
async def test_what_was_given_back_before_counts_neither_as_value_nor_as_used(
    house: Harbour, method: UpgradeMethod, due: int, left: int
) -> None:
    """Of 10 for 450.00 4 are used and 3 given back for 135.00: 315.00 were paid, and 135.00 of that is unused."""
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to, 10, method=method))
        await used(house, mine, sessions=4)
        await run_command(house.owner, RequestRefund(GivenBack(mine, 3), "travels"))
        quote = await quoted(house, mine, to)
        done = (await upgraded(house, mine, to)).outcome
    assert (done.used, done.unused_value_minor, done.due_minor, done.sessions_after) == (4, 13500, due, left)
    assert quote.steps[1].formula == (
        "450.00 - 180.00 - 135.00 = 135.00" if method is CREDIT else "450.00 - 135.00 = 315.00"
    )
    await assert_told(house)
