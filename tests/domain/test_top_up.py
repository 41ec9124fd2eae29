"""Sessions are added to a sold package: priced and dated by its own terms, and used like any others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.catalog.terms import Activation, Change, TopUpPrice, Use, Validity, ValidityStart
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod
from domain.packages.errors import NotPaidFor
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.instalments_store import plans_of
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Planned, Status
from domain.payments.record_payment import RecordPayment
from domain.topups.asked import Asked
from domain.topups.errors import TopUpBeyondMaximum, TopUpQuoteChanged
from domain.topups.quoting import top_up_quote
from tests.fixtures.chain import Harbour, customer_actor, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, package, posted, refused, sold, used
from tests.fixtures.races import at_once
from tests.fixtures.topped_up import (
    added,
    adding,
    assert_sound,
    growing,
    growing_terms,
    lots,
)

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
GRACE = datetime(2026, 8, 29, 23, tzinfo=UTC)
"""When the last day of what is sold on Monday is over in Lisbon, and its grace of 14 days begins."""
LAPSES = GRACE + 14 * DAY
LIST = Change(top_up=True, top_up_price=TopUpPrice.LIST)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_five_more_are_a_lot_of_their_own_and_owed_with_the_rest(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house, payments=cash(45000))
    with on(MONDAY + DAY):
        quote = await top_up_quote(house.desk_lis, Asked(mine, 5))
        assert (quote.each_minor, quote.amount_minor, quote.last_day) == (4500, 22500, date(2026, 9, 28))
        assert (quote.at_least, quote.at_most, quote.added_before, quote.version_number) == (1, None, 0, 1)
        done = await added(house, mine, quote_hash=quote.quote_hash)
        outcome = done.outcome
        assert (outcome.amount_minor, outcome.outstanding_minor, outcome.remaining) == (22500, 22500, 15)
        assert await posted(done.operation_id) == [
            ("RECEIVABLE", house.lis, 22500),
            ("DEFERRED_REVENUE", house.lis, -22500),
        ]
        assert await lots(mine) == [("PURCHASE", 10, 45000, "2026-08-29"), ("TOP_UP", 5, 22500, "2026-09-28")]
        view = await package(house, mine)
        assert (view.price_minor, view.paid_minor, view.outstanding) == (67500, 45000, Money(22500, "EUR"))
        (row,) = await rows("SELECT * FROM top_up")
        told = (row["sessions"], row["amount_minor"], row["tax_minor"], row["branch_id"], row["topped_up_by"])
        assert told == (5, 22500, 0, house.lis, house.desk_lis.id)
        assert (row["lot_id"], row["operation_id"]) == (outcome.lot_id, done.operation_id)
    # The grace of the terms holds for what was added too, and it lapses by itself.
    with on(LAPSES):
        assert (await package(house, mine)).remaining == 5
        assert await lapse_packages() == 1
    with on(LAPSES + 30 * DAY):
        assert (await package(house, mine)).status is Status.EXPIRED
    await assert_sound(house)


@pytest.mark.parametrize("swept", [False, True])
async def test_what_has_lapsed_stays_so_and_the_days_count_from_today(house: Harbour, swept: bool) -> None:
    with on(MONDAY):
        mine, other, gone = [await growing(house, payments=cash(45000)) for _ in range(3)]
        await used(house, gone, sessions=10)
    with on(GRACE):
        graceful = (await added(house, other, 2)).outcome
        assert (graceful.last_day, graceful.remaining) == (date(2026, 9, 28), 12)
    with on(LAPSES):
        if swept:
            assert await lapse_packages() == 2
        quote = await top_up_quote(house.owner, Asked(mine, 2))
        assert quote.steps[-1].formula == "today + 30 days: 2026-10-13"
        late = (await added(house, mine, 2)).outcome
        assert (late.last_day, late.remaining) == (date(2026, 10, 13), 2)
        assert (await package(house, mine)).status is Status.ACTIVE
        # One that was used up may go on, too; its time is over as well.
        assert (await added(house, gone, 2)).outcome.last_day == date(2026, 10, 13)
    await assert_sound(house)


async def test_one_that_is_used_up_lasts_by_its_own_days(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house)
        await used(house, mine, sessions=10)
        assert (await added(house, mine, 1)).outcome.last_day == date(2026, 9, 28)
        await run_command(house.owner, GrantGoodwill(mine, 1, "waited", last_day=date(2027, 1, 1)))
        # That is a gift's own day; the next one adds its days to what is the last day of the package by then.
        assert (await added(house, mine, 1)).outcome.last_day == date(2026, 10, 28)
        await used(house, mine, sessions=2)
    await assert_sound(house)


async def test_a_first_use_starts_what_was_added_along_with_what_was_sold(house: Harbour) -> None:
    starts = Validity(days=90, starts=ValidityStart.FIRST_USE, start_within_days=30)
    with on(MONDAY):
        given = replace(growing_terms(house), validity=starts)
        mine = await sold(house, await published(house.owner, "LATER", given))
        await added(house, mine)
        assert [lot[3] for lot in await lots(mine)] == ["2026-04-01", "2026-05-01"]
    with on(MONDAY + 10 * DAY):
        first = await used(house, mine)
        assert [lot[3] for lot in await lots(mine)] == ["2026-06-10", "2026-07-10"]
        await run_command(house.owner, ReverseRedemption(first.operation_id, Fault.BUSINESS, "typed twice"))
        assert [lot[3] for lot in await lots(mine)] == ["2026-04-01", "2026-05-01"]
    await assert_sound(house)


async def test_an_active_package_stays_so_and_is_used_as_far_as_it_is_paid(house: Harbour) -> None:
    strict = Use(activation=Activation.FULL_PAYMENT, up_to_paid=True)
    with on(MONDAY):
        mine = await growing(house, use=strict, payments=cash(45000))
        await added(house, mine)
        assert (await package(house, mine)).status is Status.ACTIVE
        await used(house, mine, sessions=10)
        unpaid = await refused(NotPaidFor, house.owner, RedeemSession(house.physio, house.lis, mine))
        assert (unpaid.paid, unpaid.outstanding) == (Money(45000, "EUR"), Money(22500, "EUR"))
        await run_command(house.owner, RecordPayment(mine, house.lis, PaymentMethod.CASH, 4500, "EUR"))
        await used(house, mine)
        await refused(NotPaidFor, house.owner, RedeemSession(house.physio, house.lis, mine))
    await assert_sound(house)


async def test_what_is_not_paid_at_once_is_beyond_the_instalments(house: Harbour) -> None:
    halves = tuple(Planned(date(2026, month, 1), 22500, "EUR") for month in (4, 5))
    with on(MONDAY):
        mine = await sold(house, await published(house.owner, "GROW", growing_terms(house)), instalments=halves)
        await added(house, mine, payments=cash(22500))
        plan = (await plans_of([mine]))[mine]
        view = await package(house, mine)
        assert [each.open_minor for each in view.followed(plan)] == [22500, 22500]
        assert (view.beyond_minor(plan), view.overdue_minor(plan)) == (0, 0)
        await added(house, mine, 1)
        view = await package(house, mine)
        assert (view.beyond_minor(plan), view.overdue_minor(plan)) == (4500, 4500)
    await assert_sound(house)


async def test_another_state_of_the_package_is_another_quote(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house)
        quote = await top_up_quote(house.owner, Asked(mine, 5, house.lis))
        await used(house, mine)
        changed = await refused(TopUpQuoteChanged, house.owner, adding(house, mine, quote_hash=quote.quote_hash))
        assert (changed.code, changed.path) == ("QUOTE_CHANGED", ("quoteHash",))
        assert changed.quote == await top_up_quote(house.desk_lis, Asked(mine, 5, house.lis))
        assert changed.amount == Money(22500, "EUR")
        await added(house, mine, quote_hash=changed.quote_hash)
    with on(GRACE + 15 * DAY):
        over = await top_up_quote(house.owner, Asked(mine, 5))
    with on(GRACE + 45 * DAY):
        await refused(TopUpQuoteChanged, house.owner, adding(house, mine, quote_hash=over.quote_hash))


async def test_the_quote_takes_few_statements_and_locks_nothing(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house, LIST)
        for actor in (house.owner, house.desk_lis, house.integrator, await customer_actor(house, house.ana)):
            with counting() as counter:
                await top_up_quote(actor, Asked(mine, 5, house.lis))
            assert len(counter) <= 6, counter.statements
            assert not any("UPDATE" in each or "FOR " in each for each in counter.statements)


async def test_the_same_key_adds_once_and_two_at_once_stay_within_the_most(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house, Change(top_up=True, top_up_minimum=2, top_up_maximum=6))
        again = [await run_command(house.owner, adding(house, mine, 2), "a key of mine") for _ in range(2)]
        assert [done.replayed for done in again] == [False, True] and again[0].outcome == again[1].outcome
        answers = await at_once(*(run_command(house.owner, adding(house, mine, 3)) for _ in range(2)))
        (lost,) = [each for each in answers if isinstance(each, Exception)]
        assert isinstance(lost, TopUpBeyondMaximum) and (lost.most, lost.added) == (1, 5)
        assert [lot[1] for lot in await lots(mine)] == [10, 2, 3]
        assert (await package(house, mine)).price_minor == 45000 + 5 * 4500
    await assert_sound(house)
