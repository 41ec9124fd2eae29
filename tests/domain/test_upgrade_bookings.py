"""Visits to come move along into the new package, and who comes at the same time finds one package or the other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.catalog.terms import Change, Item, Sharing, Validity, ValidityStart, Who
from domain.kernel.commands import Done, run_command
from domain.kernel.db import rows
from domain.packages.errors import PackageClosed
from domain.packages.redeem_session import RedeemSession
from domain.packages.rules import Status
from domain.upgrades.errors import BookingsDoNotFit
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, package, refused, used
from tests.fixtures.handed import assert_sound, lots
from tests.fixtures.races import at_once
from tests.fixtures.upgraded import CARRY, bought, changing, larger, quoted, sessions, upgrade, upgraded

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_visits_to_come_hold_sessions_of_the_new_package(house: Harbour) -> None:
    """Two visits hold two of five; one was used. All move along, and what they hold counts as unused."""
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
        await used(house, mine)
        late, soon = [await booked(house, MONDAY + days * DAY, package_id=mine) for days in (20, 3)]
        quote = await quoted(house, mine, to)
        assert [(each.booking_id, each.sessions) for each in quote.coming] == [(soon, 1), (late, 1)]
        done = await upgraded(house, mine, to, quote_hash=quote.quote_hash, reason="comes more often")
        into = done.outcome.into_package_id
        assert (quote.unused_value_minor, done.outcome.booking_ids) == (36000, (soon, late))
    assert await lots(mine) == [("PURCHASE", 0, 0, 4, 0)]
    assert await lots(into) == [("PURCHASE", 8, 2, 0, 80000)]
    with on(MONDAY + 3 * DAY):
        found = await rows("SELECT DISTINCT package_id FROM booking")
        assert [row["package_id"] for row in found] == [into]
        await run_command(house.owner, CancelBooking(late))
    with on(MONDAY + 3 * DAY + timedelta(hours=1)):
        await run_command(house.owner, CompleteBooking(soon))
        view = await package(house, into)
    assert (view.remaining, view.lots[0].consumed) == (9, 1)
    stories = await rows("SELECT note FROM booking_change WHERE kind = 'PACKAGE_CHANGED' ORDER BY booking_id")
    assert [row["note"] for row in stories] == ["comes more often"] * 2
    await assert_sound(house)


async def test_visits_that_do_not_fit_are_told_before_and_refused(house: Harbour) -> None:
    """One has begun, one is a facial, one Rui's, one for more persons than are left, and one after the last day."""
    who = Who(sharing=Sharing.HOUSEHOLD)
    with on(MONDAY):
        to = await larger(house, 3, 30000, days=30)
        items = Item((house.physio,), 9), Item((house.facial,), 1)
        change = Change(upgrade_to=(to,))
        mine = await bought(
            house, await published(house.owner, "OLD", terms(*items, price_minor=45000, who=who, change=change))
        )
        begun = await booked(house, MONDAY + timedelta(hours=1), package_id=mine)
        facial = await booked(house, MONDAY + 2 * DAY, package_id=mine, service_id=house.facial)
        his = await booked(house, MONDAY + 3 * DAY, package_id=mine, customer_id=house.rui)
        first, second = [await booked(house, MONDAY + days * DAY, package_id=mine) for days in (4, 5)]
        third = await booked(house, MONDAY + 6 * DAY, package_id=mine, sessions=2)
        after = await booked(house, MONDAY + 60 * DAY, package_id=mine)
    with on(MONDAY + timedelta(hours=2)):
        quote = await quoted(house, mine, to)
        no = await refused(BookingsDoNotFit, house.desk_lis, upgrade(house, mine, to, quote_hash=quote.quote_hash))
        assert no.bookings == quote.misfits
        assert [(each.booking_id, each.code) for each in quote.misfits] == [
            (begun, "BAD_VISIT_TIME"),
            (facial, "WRONG_SERVICE"),
            (his, "PERSON_MAY_NOT_USE"),
            (third, "NOT_ENOUGH_SESSIONS"),
            (after, "PACKAGE_EXPIRED"),
        ]
        assert [each.booking_id for each in quote.coming] == [first, second]
        await run_command(house.owner, CompleteBooking(begun))
        for booking_id in (facial, his, third, after):
            await run_command(house.owner, CancelBooking(booking_id))
        done = await upgraded(house, mine, to)
        view = await package(house, done.outcome.into_package_id)
    assert (view.remaining, view.lots[0].held) == (1, 2)
    await assert_sound(house)


async def test_a_visit_after_the_last_day_to_start_fits_where_one_before_it_starts_the_package(house: Harbour) -> None:
    with on(MONDAY):
        validity = Validity(days=90, starts=ValidityStart.FIRST_USE, start_within_days=30)
        new = replace(sessions(house, 10, 80000), validity=validity)
        to = await published(house.owner, "LARGER", new)
        mine = await bought(house, await changing(house, to))
        for days in (5, 40):
            await booked(house, MONDAY + days * DAY, package_id=mine)
        quote = await quoted(house, mine, to)
        assert (len(quote.coming), quote.misfits, str(quote.last_day)) == (2, (), "2026-04-01")
        done = await upgraded(house, mine, to)
    assert await lots(done.outcome.into_package_id) == [("PURCHASE", 8, 2, 0, 80000)]
    await assert_sound(house)


async def test_an_upgrade_and_a_visit_at_once(house: Harbour) -> None:
    """Who comes first decides: the session is used before and counts, or the package is closed to it."""
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to, method=CARRY))
        change, use = await at_once(
            run_command(house.desk_lis, upgrade(house, mine, to)),
            run_command(house.owner, RedeemSession(house.physio, house.lis, mine)),
        )
        assert isinstance(change, Done)
        view = await package(house, change.outcome.into_package_id)
    assert isinstance(use, Done | PackageClosed)
    used_before = isinstance(use, Done)
    assert (change.outcome.used, view.remaining) == ((1, 9) if used_before else (0, 10))
    await assert_sound(house)


async def test_two_upgrades_at_once_make_one_package(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to), 20000)
        both = await at_once(*(run_command(house.desk_lis, upgrade(house, mine, to)) for _ in range(2)))
        (done,) = (each for each in both if isinstance(each, Done))
        assert [type(each) for each in both if not isinstance(each, Done)] == [PackageClosed]
        assert (await package(house, mine)).status is Status.UPGRADED
    (found,) = await rows("SELECT COUNT(*) AS packages FROM package")
    assert (found["packages"], done.outcome.due_minor) == (2, 60000)
    await assert_sound(house)
