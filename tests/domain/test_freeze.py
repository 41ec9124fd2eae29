"""A freeze keeps a package from being used and from growing older, and ends by the clock alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.catalog.terms import Activation, Item, Use, Validity
from domain.expiry.errors import (
    BadFreezePeriod,
    BookingInTheWay,
    BookingsInTheWay,
    FreezeBeyondLimit,
    FreezeNotAllowed,
    NotFrozen,
    NothingToFreeze,
)
from domain.expiry.freeze_package import FreezePackage, FreezeSet
from domain.expiry.rules import LotDated
from domain.expiry.unfreeze_package import UnfreezePackage
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.packages.errors import PackageDisputed, PackageExpired, PackageFrozen, PackagePending
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, package, posted, refused, used
from tests.fixtures.races import at_once
from tests.fixtures.time_acts import (
    FREEZES,
    FROM_FIRST_USE,
    LAST_DAY,
    TICK,
    booked,
    column,
    extended,
    frozen,
    last_days,
    sold_monday,
    special,
    status,
    thawed,
)

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)

MARCH_9 = datetime(2026, 3, 9, tzinfo=UTC)
"""Midnight in Lisbon, a week after the sale."""
TENTH = date(2026, 3, 12)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def freezable(house: Harbour, **rest: object) -> str:
    """Ten sessions that may be frozen for sixty days in two times."""
    return await special(house, **({"use": FREEZES} | rest))


async def test_a_freeze_from_now_adds_its_days_at_once_and_thaws_by_itself(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        done = await frozen(house, package_id, thaws=TENTH)
        (lot,) = (await package(house, package_id)).lots
    assert done.outcome == FreezeSet(
        package_id=package_id,
        freeze_id=done.outcome.freeze_id,
        starts_on=date(2026, 3, 2),
        thaws_on=TENTH,
        frozen_from=MONDAY,
        thaws_at=datetime(2026, 3, 12, tzinfo=UTC),
        days=10,
        lots=(LotDated(lot.id, LAST_DAY, date(2026, 9, 8)),),
    )
    assert lot.lapses_at == datetime(2026, 9, 22, 23, tzinfo=UTC), "grace follows"
    assert await posted(done.operation_id) == []
    use = RedeemSession(house.physio, house.lis, package_id)
    with on(MONDAY + timedelta(days=1)):
        refusal = await refused(PackageFrozen, house.owner, use)
        assert (refusal.frozen_from, refusal.thaws_on) == (MONDAY, TENTH)
    with on(done.outcome.thaws_at - TICK):
        assert await status(house, package_id) is Status.FROZEN
    with on(done.outcome.thaws_at):
        assert await status(house, package_id) is Status.ACTIVE
        await run_command(house.owner, use)


async def test_a_planned_freeze_begins_and_ends_at_midnight_in_the_home_branch(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        done = await frozen(house, package_id, date(2026, 3, 9), date(2026, 4, 8))
        assert await last_days(house, package_id) == [date(2026, 9, 28)]
        assert await status(house, package_id) is Status.ACTIVE
    assert (done.outcome.frozen_from, done.outcome.thaws_at) == (MARCH_9, datetime(2026, 4, 7, 23, tzinfo=UTC))
    assert done.outcome.days == 30, "although summer time begins inside"
    with on(MARCH_9 - TICK):
        await used(house, package_id)
    with on(MARCH_9):
        await refused(PackageFrozen, house.owner, RedeemSession(house.physio, house.lis, package_id))
        assert (await used(house, package_id, visited_at=MARCH_9 - TICK)).outcome.remaining == 8


async def test_without_an_end_it_lasts_as_long_as_the_terms_still_allow(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        assert (await frozen(house, package_id)).outcome.thaws_on == date(2026, 5, 1)


async def test_ending_it_early_takes_back_the_days_that_were_not_frozen(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        granted = await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry", last_day=date(2026, 3, 20)))
        await frozen(house, package_id, thaws=date(2026, 4, 1))
        late = await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry", last_day=date(2026, 12, 24)))
        assert await last_days(house, package_id) == [date(2026, 9, 28), date(2026, 4, 19), date(2026, 12, 24)]
    early = MONDAY + timedelta(days=4)
    with on(early):
        done = await thawed(house, package_id)
        assert (done.outcome.thawed_on, done.outcome.days) == (date(2026, 3, 6), 4)
        assert {lot.lot_id for lot in done.outcome.lots}.isdisjoint({late.outcome.lot_id})
        assert await last_days(house, package_id) == [date(2026, 9, 2), date(2026, 3, 24), date(2026, 12, 24)]
        goodwill = (await package(house, package_id)).lots[1]
        assert (goodwill.id, goodwill.expires_at) == (granted.outcome.lot_id, goodwill.lapses_at)
        assert (await used(house, package_id)).outcome.remaining == 11
        await refused(NotFrozen, house.desk_lis, UnfreezePackage(package_id, "back early"))
    with on(early + timedelta(hours=1)):
        visit = RedeemSession(house.physio, house.lis, package_id, visited_at=early - TICK)
        assert (await refused(PackageFrozen, house.owner, visit)).thaws_at == early


async def test_days_that_were_added_meanwhile_stay(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        await frozen(house, package_id, thaws=TENTH)
        await extended(house, package_id, date(2026, 9, 30))
        await thawed(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 9, 20)]


async def test_a_planned_freeze_that_is_taken_back_costs_no_day_and_no_time(house: Harbour) -> None:
    package_id = await freezable(house, use=Use(freeze_days=10, freeze_times=1))
    with on(MONDAY):
        for _ in range(2):
            await frozen(house, package_id, date(2026, 3, 9), date(2026, 3, 19))
            done = await thawed(house, package_id)
            assert (done.outcome.days, done.outcome.thawed_on) == (0, date(2026, 3, 2))
            assert await last_days(house, package_id) == [LAST_DAY]
            assert await column(package_id, "frozen_from") is None
    with on(MARCH_9):
        await used(house, package_id)
        assert (await frozen(house, package_id)).outcome.days == 10


async def test_taking_back_a_plan_does_not_forget_the_freeze_before(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        await frozen(house, package_id, thaws=date(2026, 3, 4))
    with on(datetime(2026, 3, 4, 12, tzinfo=UTC)):
        await frozen(house, package_id, date(2026, 3, 20), date(2026, 3, 25))
        await thawed(house, package_id)
        visit = RedeemSession(house.physio, house.lis, package_id, visited_at=MONDAY + timedelta(hours=1))
        assert (await refused(PackageFrozen, house.owner, visit)).thaws_on == date(2026, 3, 4)


async def test_the_limits_of_the_terms(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        long = FreezePackage(package_id, "abroad", thaws_on=date(2026, 5, 2))
        refusal = await refused(FreezeBeyondLimit, house.desk_lis, long)
        assert (refusal.asked_days, refusal.days_left, refusal.times_left) == (61, 60, 2)
        assert refusal.latest_thaw == date(2026, 5, 1)
        await refused(FreezeBeyondLimit, house.desk_lis, replace(long, thaws_on=date.max))
        await frozen(house, package_id, thaws=date(2026, 3, 12))
    with on(datetime(2026, 3, 12, tzinfo=UTC)):
        refusal = await refused(FreezeBeyondLimit, house.desk_lis, replace(long, thaws_on=date(2026, 5, 2)))
        assert (refusal.asked_days, refusal.days_left, refusal.times_left) == (51, 50, 1)
        await frozen(house, package_id, thaws=date(2026, 3, 13))
    with on(datetime(2026, 3, 13, tzinfo=UTC)):
        refusal = await refused(FreezeBeyondLimit, house.desk_lis, FreezePackage(package_id, "abroad"))
        assert (refusal.asked_days, refusal.days_left, refusal.times_left) == (None, 49, 0)
        assert refusal.latest_thaw is None


async def test_terms_without_a_freeze(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        await refused(FreezeNotAllowed, house.owner, FreezePackage(package_id, "abroad"))


async def test_periods_out_of_order(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        for starts, thaws in (
            (date(2026, 3, 1), None),
            (None, date(2026, 3, 2)),
            (date(2026, 3, 9), date(2026, 3, 9)),
            (date(2026, 9, 13), None),
            (date.max, None),
            (date.min, date.max),
        ):
            command = FreezePackage(package_id, "abroad", starts, thaws)
            refusal = await refused(BadFreezePeriod, house.desk_lis, command)
            assert (refusal.earliest, refusal.latest) == (date(2026, 3, 2), date(2026, 9, 12))
        await frozen(house, package_id, date(2026, 9, 12), date(2026, 9, 20))
        assert await last_days(house, package_id) == [date(2026, 9, 6)]


async def test_one_freeze_at_a_time(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        await frozen(house, package_id, date(2026, 3, 9), TENTH)
        refusal = await refused(PackageFrozen, house.desk_lis, FreezePackage(package_id, "abroad"))
        assert (refusal.frozen_from, refusal.thaws_on) == (MARCH_9, TENTH)


async def test_what_cannot_be_frozen(house: Harbour) -> None:
    package_id = await freezable(house, use=replace(FREEZES, activation=Activation.FULL_PAYMENT))
    freeze = FreezePackage(package_id, "abroad")
    with on(MONDAY):
        assert (await refused(PackagePending, house.desk_lis, freeze)).outstanding.amount_minor == 45000
        await execute("UPDATE package SET activated_at = $1 WHERE id = $2", MONDAY, package_id)
        await execute("UPDATE package SET disputed_at = $1 WHERE id = $2", MONDAY, package_id)
        assert (await refused(PackageDisputed, house.desk_lis, freeze)).disputed_at == MONDAY
        await execute("UPDATE package SET disputed_at = NULL WHERE id = $1", package_id)
    with on(datetime(2026, 9, 12, 23, tzinfo=UTC)):
        assert (await refused(PackageExpired, house.desk_lis, freeze)).expired_on == LAST_DAY
        await execute("UPDATE package SET paid_minor = 45000 WHERE id = $1", package_id)
        await used(house, package_id, sessions=10, visited_at=datetime(2026, 9, 12, 22, tzinfo=UTC))
        await refused(NothingToFreeze, house.desk_lis, freeze)


async def test_confirmed_bookings_stand_in_its_way(house: Harbour) -> None:
    package_id = await freezable(house)
    at = datetime(2026, 3, 9, 10, tzinfo=UTC)
    with on(MONDAY):
        first = await booked(house, package_id, at)
        second = await booked(house, package_id, at + timedelta(days=1))
        await booked(house, package_id, at + timedelta(days=20))
        called_off = await booked(house, package_id, at + timedelta(days=3))
        await run_command(house.desk_lis, CancelBooking(called_off))
        freeze = FreezePackage(package_id, "abroad", date(2026, 3, 9), date(2026, 3, 29))
        refusal = await refused(BookingsInTheWay, house.desk_lis, freeze)
        assert refusal.bookings == (BookingInTheWay(first, at), BookingInTheWay(second, at + timedelta(days=1)))
        await run_command(house.desk_lis, replace(freeze, starts_on=date(2026, 3, 11)))


async def test_before_the_first_use_the_last_day_to_start_moves_along(house: Harbour) -> None:
    package_id = await freezable(house, validity=FROM_FIRST_USE)
    with on(MONDAY):
        await frozen(house, package_id, thaws=TENTH)
        assert await last_days(house, package_id) == [date(2026, 6, 10)]
        assert await column(package_id, "start_by") == date(2026, 6, 10)
        await thawed(house, package_id)
        assert await column(package_id, "start_by") == date(2026, 5, 31)
        done = await used(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 4, 1)]
    assert done.outcome.remaining == 9


async def test_a_freeze_that_was_planned_before_the_first_use_lengthens_what_that_starts(house: Harbour) -> None:
    package_id = await freezable(house, validity=FROM_FIRST_USE)
    with on(MONDAY):
        await frozen(house, package_id, date(2026, 3, 9), date(2026, 3, 19))
        first = await used(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 4, 11)]
    with on(datetime(2026, 3, 12, 12, tzinfo=UTC)):
        await run_command(house.owner, ReverseRedemption(first.operation_id, Fault.BUSINESS, "never came"))
        assert await last_days(house, package_id) == [date(2026, 6, 10)]
        await thawed(house, package_id)
        assert await last_days(house, package_id) == [await column(package_id, "start_by")] == [date(2026, 6, 3)]


async def test_a_first_use_that_is_told_late_gets_the_days_of_every_freeze_since(house: Harbour) -> None:
    package_id = await freezable(house, validity=FROM_FIRST_USE)
    for begins in (10, 13):
        with on(MONDAY + begins * DAY):
            await frozen(house, package_id, thaws=(MONDAY + (begins + 2) * DAY).date())
    with on(MONDAY + 16 * DAY):
        await used(house, package_id, visited_at=MONDAY + 9 * DAY)
    # Thirty days from March 11, and twice two that were frozen.
    assert await last_days(house, package_id) == [date(2026, 4, 14)]


async def test_an_earlier_first_use_reaches_back_over_a_freeze_and_gets_its_days(house: Harbour) -> None:
    package_id = await freezable(house, validity=FROM_FIRST_USE)
    with on(MONDAY + 10 * DAY):
        await frozen(house, package_id, thaws=(MONDAY + 12 * DAY).date())
    with on(MONDAY + 14 * DAY):
        await used(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 4, 15)]
        await used(house, package_id, visited_at=MONDAY + 9 * DAY)
        assert await last_days(house, package_id) == [date(2026, 4, 12)]


async def test_one_that_begins_after_what_the_first_use_starts_has_ended_lengthens_nothing(house: Harbour) -> None:
    package_id = await freezable(house, validity=FROM_FIRST_USE)
    with on(MONDAY):
        first = await used(house, package_id)
        await run_command(house.owner, ReverseRedemption(first.operation_id, Fault.BUSINESS, "never came"))
        await frozen(house, package_id, date(2026, 4, 20), date(2026, 4, 30))
        assert await last_days(house, package_id) == [date(2026, 6, 10)]
        await used(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 4, 1)]
    with on(MONDAY + timedelta(days=30)):
        assert (await thawed(house, package_id)).outcome.lots == ()
        assert await last_days(house, package_id) == [date(2026, 4, 1)]
        await used(house, package_id)


async def test_a_lot_that_lapses_before_the_freeze_begins_gets_no_days(house: Harbour) -> None:
    package_id = await freezable(house, validity=Validity(days=180))
    with on(MONDAY):
        await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry", last_day=date(2026, 3, 8)))
        await frozen(house, package_id, date(2026, 3, 9), date(2026, 3, 19))
        assert await last_days(house, package_id) == [date(2026, 9, 8), date(2026, 3, 8)]


async def test_what_is_malformed_and_who_may(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        await refused(NotFrozen, house.desk_lis, UnfreezePackage(package_id, "back early"))
        for good in (FreezePackage(package_id, "abroad"), UnfreezePackage(package_id, "back early")):
            assert (await refused(InvalidInput, house.owner, replace(good, reason=" "))).path == ("reason",)
            for actor in (house.practitioner_lis, house.manager_mad, house.accountant, house.integrator):
                await refused(Forbidden, actor, good)
            await refused(NotFound, house.other_owner, good)
            await refused(NotFound, house.owner, replace(good, package_id="pkg_none"))


async def test_the_books_tell_nothing_of_a_freeze(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        begun, ended = await frozen(house, package_id), await thawed(house, package_id)
    found = await rows("SELECT id FROM movement WHERE operation_id = ANY($1)", [begun.operation_id, ended.operation_id])
    assert found == []
    (freeze,) = await rows('SELECT * FROM "freeze" WHERE package_id = $1', package_id)
    assert (freeze["frozen_by"], freeze["thawed_by"]) == (begun.operation_id, ended.operation_id)
    assert (freeze["cause"], freeze["days_added"], freeze["thaws_on"]) == ("MANUAL", 0, date(2026, 3, 2))


async def test_of_a_freeze_and_a_booking_inside_it_that_are_asked_at_once_one_is_refused(house: Harbour) -> None:
    packages = [await sold_monday(house, await house_freezable(house, number)) for number in range(3)]
    with on(MONDAY):
        for hour, package_id in enumerate(packages, 9):
            at = datetime(2026, 3, 20, hour, tzinfo=UTC)
            answers = await at_once(booked(house, package_id, at), frozen(house, package_id))
            refusals = [answer for answer in answers if isinstance(answer, Exception)]
            assert [type(refusal) for refusal in refusals] in ([PackageFrozen], [BookingsInTheWay])


async def house_freezable(house: Harbour, number: int) -> str:
    """A definition whose packages may be frozen."""
    return await published(
        house.owner, f"FREEZE{number}", terms(Item((house.physio,), 10), price_minor=45000, use=FREEZES)
    )


async def test_of_several_ends_that_are_asked_at_once_one_counts(house: Harbour) -> None:
    package_id = await freezable(house)
    with on(MONDAY):
        await frozen(house, package_id, date(2026, 3, 9), date(2026, 3, 19))
        answers = await at_once(*(thawed(house, package_id) for _ in range(4)))
        assert [type(answer) for answer in answers].count(NotFrozen) == 3
        assert await last_days(house, package_id) == [LAST_DAY]
