"""What a refund would come to, of packages that were really sold, paid, used, booked and handed on."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.branches.business_days import DayOfWeek, Holiday
from domain.branches.errors import WrongCurrency
from domain.branches.set_business_days import SetBusinessDays
from domain.catalog.terms import Activation, Item, PenaltyOf, Price, RefundBasis, Refunding, Use
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows, transaction
from domain.kernel.errors import InvalidInput, NotFound, Refusal
from domain.ledger.accounts import PaymentMethod
from domain.packages.errors import PackageClosed, PackageDisputed
from domain.packages.grant_goodwill import GrantGoodwill
from domain.payments.lose_dispute import LoseDispute
from domain.payments.open_dispute import OpenDispute
from domain.payments.reverse_payment import ReversePayment
from domain.payments.void_sale import VoidSale
from domain.refunds.asked import Asked
from domain.refunds.errors import GoodwillAboveRest, NothingToRefund, PackageHandedOn, RefundAboveRest
from domain.refunds.quote import RefundQuote
from domain.refunds.quoting import refund_quote
from domain.refunds.rules import PaidBack, Reckoned
from domain.topups.asked import Asked as ToAdd
from domain.topups.top_up_package import TopUpPackage
from tests.fixtures.blocked import frozen
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.given_back import imported, returnable
from tests.fixtures.golden import cases
from tests.fixtures.handed import giving, handed_on
from tests.fixtures.money_acts import paid
from tests.fixtures.quoted import Shop, told
from tests.fixtures.upgraded import bought, changing, larger, upgraded
from tests.fixtures.visits import booked

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ONLINE = PaymentMethod.ONLINE_LINK


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def _quoted(house: Harbour, package_id: str, sessions: int | None = None, **rest: object) -> RefundQuote:
    return await refund_quote(house.owner, Asked(package_id, sessions, **rest))  # type: ignore[arg-type]


async def _why_not(house: Harbour, package_id: str, sessions: int | None = None, **rest: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await _quoted(house, package_id, sessions, **rest)
    return refused.value


async def test_golden_refunds_of_packages_that_were_sold_paid_and_used(db: str) -> None:
    """Those of which money went back before without a session too, as goodwill."""
    shops: dict[str, Shop] = {}
    for case in cases("refund_quotes"):
        values: Any = case.values
        (given, expect), name = values, str(case.id)
        with on(MONDAY):
            shop = shops.get(given["currency"]) or await Shop.opened(given["currency"])
            shops[given["currency"]] = shop
        found = await shop.quoted(name, given)
        left = given["paid_sessions"] + given["bonus_sessions"] - given["used"]
        if isinstance(found, NothingToRefund):
            assert (expect["refund"], found.remaining, found.held) == (0, left, 0), name
        else:
            assert told(found) == {"cooling_off_applied": False} | expect, name
            assert found.sessions == left, name


async def test_cooling_off_counts_business_days_by_the_clock_and_calendar_of_the_home_branch(house: Harbour) -> None:
    """Sold on a Friday, five business days: Monday is a holiday, so they are Tuesday to Friday, and Monday after."""
    with on(MONDAY):
        known = Refunding(RefundBasis.NONE, cooling_off_days=5, cooling_off_business_days=True)
        definition = await published(
            house.owner, "SG5", terms(Item((house.physio,), 10), price_minor=45000, refund=known)
        )
        await _closed(house, house.lis, [DayOfWeek.SATURDAY, DayOfWeek.SUNDAY], date(2026, 3, 9))
        await _closed(house, house.mad, [], date(2026, 3, 10))
    with on(datetime(2026, 3, 6, 23, 30, tzinfo=UTC)):
        mine = await sold(house, definition, payments=cash(45000))
        theirs = await sold(house, definition, branch_id=house.mad, payments=cash(45000))
    with on(datetime(2026, 3, 16, 23, 59, tzinfo=UTC)):
        found = await _quoted(house, mine)
        assert (found.cooling_off_until, found.cooling_off) == (date(2026, 3, 16), True)
        assert (found.refund_minor, found.reckoned_by) == (45000, Reckoned.COOLING_OFF)
    with on(datetime(2026, 3, 17, tzinfo=UTC)):
        over = await _why_not(house, mine)
        assert isinstance(over, NothingToRefund) and over.remaining == 10
        await _closed(house, house.lis, [DayOfWeek.SATURDAY, DayOfWeek.SUNDAY], date(2026, 3, 9), date(2026, 3, 11))
        assert (await _quoted(house, mine)).cooling_off_until == date(2026, 3, 17)
    with on(datetime(2026, 3, 12, 22, 59, tzinfo=UTC)):  # sold on Saturday, the 7th, by the clock of Madrid
        assert (await _quoted(house, theirs)).cooling_off_until == date(2026, 3, 13)


async def _closed(house: Harbour, branch_id: str, weekend: list[DayOfWeek], *days: date) -> None:
    holidays = tuple(Holiday(day, "A holiday") for day in days)
    await run_command(house.owner, SetBusinessDays(branch_id, tuple(weekend), holidays))


async def test_calendar_days_of_cooling_off_know_no_weekend_and_without_any_there_is_no_last_day(
    house: Harbour,
) -> None:
    with on(MONDAY):
        mine = await sold(house, await returnable(house, refund={"cooling_off_days": 6}), payments=cash(45000))
        assert (await _quoted(house, mine)).cooling_off_until == date(2026, 3, 8)
        other = await sold(house, house.ten, payments=cash(45000))
        assert (await _quoted(house, other)).cooling_off_until is None


async def test_what_bookings_hold_is_kept_unless_it_is_released(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(45000))
        await used(house, mine, sessions=2)
        kept = await booked(house, package_id=mine)
        found = await _quoted(house, mine)
        assert (found.sessions, found.refund_minor) == (7, 31500)
        assert [(each.booking_id, each.sessions, each.released) for each in found.bookings] == [(kept, 1, False)]
        whole = await _quoted(house, mine, booking_ids=(kept,))
        assert (whole.sessions, whole.refund_minor) == (8, 36000)
        assert [(each.booking_id, each.released) for each in whole.bookings] == [(kept, True)]
        assert whole.quote_hash != found.quote_hash
        above = await _why_not(house, mine, 8)
        assert isinstance(above, RefundAboveRest)
        assert (above.asked, above.refundable, above.held, above.path) == (8, 7, 1, ("sessions",))
        unknown = await _why_not(house, mine, booking_ids=(kept, "bkg_none"))
        assert isinstance(unknown, NotFound) and unknown.path == ("releaseBookingIds", "1")
        await used(house, mine, sessions=7)
        nothing = await _why_not(house, mine)
        assert isinstance(nothing, NothingToRefund) and (nothing.remaining, nothing.held) == (0, 1)


async def test_it_goes_back_on_the_payments_in_reverse_order_and_on_those_only_that_stand(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten)
        first = await paid(house, mine, 20000)
        wrong = await paid(house, mine, 10000)
        await run_command(house.owner, ReversePayment(wrong, "typed twice"))
    with on(MONDAY + DAY):
        second = await paid(house, mine, 15000, method=ONLINE, branch_id=house.mad)
        await used(house, mine, sessions=4)
        found = await _quoted(house, mine)
    assert (found.refund_minor, found.cleared_minor) == (17000, 10000)
    assert found.parts == (
        PaidBack(15000, ONLINE, house.mad, second),
        PaidBack(2000, PaymentMethod.CASH, house.lis, first),
    )
    with on(MONDAY + DAY):
        credit = await _quoted(house, mine, to_credit=True)
    assert [(part.method, part.branch_id, part.payment_id) for part in credit.parts] == [
        (PaymentMethod.CUSTOMER_CREDIT, house.lis, second),
        (PaymentMethod.CUSTOMER_CREDIT, house.lis, first),
    ]


async def test_what_the_provider_has_kept_in_a_dispute_does_not_go_back_a_second_time(house: Harbour) -> None:
    """Ten for 450.00: the 90.00 lost in the dispute took two sessions; the rest goes back on what is left of each."""
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(20000))
    with on(MONDAY + DAY):
        await paid(house, mine, 25000, method=ONLINE)
        await run_command(house.owner, OpenDispute(mine, 9000, "EUR", "not me"))
        stopped = await _why_not(house, mine)
        assert isinstance(stopped, PackageDisputed) and stopped.message.endswith("Settle the dispute first.")
        await run_command(house.owner, LoseDispute(mine, "no proof"))
        found = await _quoted(house, mine)
    assert (found.sessions, found.refund_minor) == (8, 36000)
    parts = [(part.method, part.amount_minor) for part in found.parts]
    assert parts == [(ONLINE, 16000), (PaymentMethod.CASH, 20000)]


async def test_after_an_upgrade_it_goes_back_on_the_payments_for_both_packages_and_no_more_than_was_paid(
    house: Harbour,
) -> None:
    """5 for 450.00, 1 used, then 10 for 800.00: 360.00 counts for it, 440.00 is paid, and 890.00 came in for both."""
    with on(MONDAY):
        to = await larger(house, refund=Refunding(cooling_off_days=3))
        old = await bought(house, await changing(house, to), 0)
        first, second = await paid(house, old, 30000), await paid(house, old, 15000, branch_id=house.mad)
        await used(house, old)
    with on(MONDAY + 5 * DAY):
        new = (await upgraded(house, old, to, payments=cash(44000))).outcome.into_package_id
        assert isinstance(await _why_not(house, old), PackageClosed)
        found = await _quoted(house, new)
        assert (found.refund_minor, found.credit_minor, found.cooling_off_until) == (80000, 0, date(2026, 3, 10))
        assert [(part.amount_minor, part.branch_id, part.payment_id) for part in found.parts[1:]] == [
            (15000, house.mad, second),
            (21000, house.lis, first),
        ]
        assert (found.parts[0].amount_minor, found.parts[0].branch_id) == (44000, house.lis)


async def test_what_was_used_and_never_paid_before_an_upgrade_stays_owed(house: Harbour) -> None:
    """Of 5 for 450.00 that nobody paid 2 are used; the 10 for 800.00 are given back, and the 180.00 stay owed."""
    with on(MONDAY):
        to = await larger(house)
        old = await bought(house, await changing(house, to), 0)
        await used(house, old, sessions=2)
        new = (await upgraded(house, old, to)).outcome.into_package_id
        found = await _quoted(house, new)
    assert (found.refund_minor, found.cleared_minor) == (0, 80000)


async def test_what_no_payment_here_brought_in_can_only_become_credit(house: Harbour) -> None:
    with on(MONDAY):
        found = await _quoted(house, await imported(house))
    assert (found.refund_minor, found.credit_minor) == (27000, 27000)
    assert found.parts == (PaidBack(27000, PaymentMethod.CUSTOMER_CREDIT, house.lis),)


async def test_a_package_that_waits_is_frozen_or_is_in_grace_may_be_given_back(house: Harbour) -> None:
    with on(MONDAY):
        waiting = await published(
            house.owner,
            "WAITS",
            terms(Item((house.physio,), 10), price_minor=45000, use=Use(activation=Activation.FULL_PAYMENT)),
        )
        pending = await sold(house, waiting, payments=cash(20000))
        assert (await _quoted(house, pending)).refund_minor == 20000
        mine = await sold(house, house.ten, payments=cash(45000))
        await frozen(mine, MONDAY, MONDAY + 7 * DAY)
        assert (await _quoted(house, mine)).refund_minor == 45000
    with on(MONDAY + 185 * DAY):
        assert (await _quoted(house, mine)).refund_minor == 45000


async def test_what_has_lapsed_is_gone_whether_or_not_that_is_written_down(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(45000))
    with on(MONDAY + 200 * DAY):
        before = await _why_not(house, mine)
        await lapse_packages()
        after = await _why_not(house, mine)
    for nothing in (before, after):
        assert isinstance(nothing, NothingToRefund) and (nothing.remaining, nothing.held) == (0, 0)


async def test_what_was_handed_on_or_came_from_another_package_is_not_given_back(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        mine = await sold(house, definition, payments=cash(45000))
        done = await handed_on(house, mine, 3)
        found = await _quoted(house, mine)
        assert (found.sessions, found.refund_minor) == (7, 31500)
        assert isinstance(await _why_not(house, done.outcome.into_package_id), PackageHandedOn)
        await handed_on(house, mine)
        assert isinstance(await _why_not(house, mine), PackageHandedOn)


async def test_sessions_that_were_granted_are_not_paid_for_and_do_not_come_back(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(45000))
        await used(house, mine, sessions=10)
        await run_command(house.owner, GrantGoodwill(mine, 2, "sorry"))
        nothing = await _why_not(house, mine)
        assert isinstance(nothing, NothingToRefund) and nothing.remaining == 0


async def test_goodwill_and_refund_are_together_no_more_than_is_left_of_what_was_paid(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(45000))
        await used(house, mine, sessions=4)
        found = await _quoted(house, mine, goodwill_minor=18000)
        assert (found.refund_minor, found.goodwill_minor, found.total_minor) == (27000, 18000, 45000)
        assert (found.needs_approval, (await _quoted(house, mine)).needs_approval) == (True, False)
        above = await _why_not(house, mine, goodwill_minor=18001)
        assert isinstance(above, GoodwillAboveRest)
        facts = (above.goodwill, above.refund, above.rest)
        assert [each.amount_minor for each in facts] == [18001, 27000, 45000]
        assert "at most 180.00 EUR more" in above.message
        other = await _why_not(house, mine, goodwill_minor=100, currency="USD")
        assert isinstance(other, WrongCurrency) and other.path == ("goodwill", "currency")


async def test_a_closed_package_and_bad_input_are_refused(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(45000))
        assert isinstance(await _why_not(house, mine, 0), InvalidInput)
        assert isinstance(await _why_not(house, mine, booking_ids=("a", "a")), InvalidInput)
        await run_command(house.owner, VoidSale(mine, "a mistake"))
        closed = await _why_not(house, mine)
        assert isinstance(closed, PackageClosed) and closed.closed_as == "VOIDED"


async def test_who_does_not_see_the_package_or_only_shares_it_is_answered_as_if_there_were_none(
    house: Harbour,
) -> None:
    with on(MONDAY):
        mine = await sold(house, house.buy_3_free_1, payments=cash(18000))
        ana, rui = await customer_actor(house, house.ana), await customer_actor(house, house.rui)
        assert (await refund_quote(ana, Asked(mine))).needs_approval is True
        assert (await refund_quote(house.practitioner_lis, Asked(mine))).refund_minor == 18000
        assert (await refund_quote(house.integrator, Asked(mine))).refund_minor == 18000
        hidden = []
        for actor, package_id in ((rui, mine), (house.manager_mad, mine), (house.other_owner, mine), (ana, "pkg_0")):
            with pytest.raises(NotFound) as absent:
                await refund_quote(actor, Asked(package_id))
            hidden.append(absent.value.message.replace(package_id, ""))
        assert len(set(hidden)) == 1


async def test_the_hash_is_of_the_package_and_the_figures_and_not_of_who_asks(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, house.ten, payments=cash(45000))
        ana = await customer_actor(house, house.ana)
        told = await _quoted(house, mine)
        assert (await refund_quote(ana, Asked(mine))).quote_hash == told.quote_hash
        await run_command(house.owner, GrantGoodwill(mine, 1, "sorry"))
        again = await _quoted(house, mine)
    assert again.quote_hash != told.quote_hash
    assert replace(again, quote_hash="") == replace(told, quote_hash="")


@pytest.mark.parametrize("basis", [RefundBasis.PAID_SESSIONS, RefundBasis.ALL_SESSIONS, RefundBasis.LIST_PRICE])
async def test_more_use_never_brings_more_and_a_part_never_more_than_the_whole(
    house: Harbour, basis: RefundBasis
) -> None:
    """Five paid and two free for 333.33, of which a fifth of what is left, at least 10.00, is kept."""
    refund = Refunding(basis, penalty_bp=2000, penalty_of=PenaltyOf.REMAINDER, penalty_at_least_minor=1000)
    with on(MONDAY):
        asked = terms(Item((house.physio,), 5, 2), price_minor=33333, refund=refund)
        mine = await sold(house, await published(house.owner, "PROP", asked), payments=cash(33333))
        most = 33333
        for left in range(7, 0, -1):
            parts = [await _refund_of(house, mine, k) for k in range(1, left + 1)]
            assert parts == sorted(parts) and parts[-1] <= most, (left, parts)
            most = parts[-1]
            await used(house, mine)


async def _refund_of(house: Harbour, package_id: str, sessions: int) -> int:
    """What so many bring; sessions that bring nothing are refused."""
    try:
        found = await _quoted(house, package_id, sessions)
    except NothingToRefund:
        return 0
    assert found.total_minor == sum(part.amount_minor for part in found.parts)
    return found.refund_minor


async def _with_everything(house: Harbour) -> str:
    """A package with a booking, two payments, a top-up, and cooling-off by business days with a holiday."""
    kept = Refunding(cooling_off_days=5, cooling_off_business_days=True, approval_above_minor=100000)
    known = terms(Item((house.physio,), 10), price_minor=45000, refund=kept)
    known = replace(known, change=replace(known.change, top_up=True), price=Price(45000, "EUR", 2300))
    await _closed(house, house.lis, [DayOfWeek.SUNDAY], date(2026, 3, 3))
    mine = await sold(house, await published(house.owner, "ALL", known), payments=cash(20000))
    await paid(house, mine, 25000)
    await run_command(house.owner, TopUpPackage(ToAdd(mine, 2, house.lis), payments=cash(9000)))
    await booked(house, package_id=mine)
    return mine


async def test_a_quote_is_at_most_eight_statements(house: Harbour) -> None:
    with on(MONDAY):
        mine = await _with_everything(house)
        for actor in (house.desk_lis, house.owner, await customer_actor(house, house.ana)):
            with counting() as counter:
                found = await refund_quote(actor, Asked(mine))
            assert len(counter) <= 6, counter.statements  # over HTTP who asks comes first, and branches last
        assert (found.sessions, found.refund_minor, found.cooling_off_until) == (11, 49500, date(2026, 3, 9))


async def test_a_quote_waits_for_nobody(postgres_db: str) -> None:
    with on(MONDAY):
        house = await harbour(postgres_db)
        mine = await _with_everything(house)
        told = await _quoted(house, mine)
        held, asked = asyncio.Event(), asyncio.Event()
        holding = asyncio.create_task(_hold(mine, held, asked))
        await held.wait()
        assert await asyncio.wait_for(_quoted(house, mine), 10) == told
        asked.set()
        await holding


async def _hold(package_id: str, held: asyncio.Event, asked: asyncio.Event) -> None:
    """Lock all that a quote reads, until it was asked for."""
    async with transaction():
        for table, column in (("package", "id"), ("lot", "package_id"), ("booking", "package_id")):
            await rows(f"SELECT id FROM {table} WHERE {column} = $1 FOR UPDATE", package_id)
        await rows("SELECT id FROM branch FOR UPDATE")
        await rows("SELECT id FROM customer FOR UPDATE")
        held.set()
        await asked.wait()
