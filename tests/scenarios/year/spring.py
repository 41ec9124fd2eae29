"""Spring at Harbour: a storm, extensions by the desk and by a manager, freezes, lapses, and who may come back."""

from datetime import date, timedelta

from domain.bookings.cancel_booking_by_business import CancelBookingByBusiness
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.rules import Cause
from domain.expiry.errors import (
    ExtensionBeyondRole,
    FreezeBeyondLimit,
    ReinstatementNeedsManager,
    ReinstatementTooLate,
)
from domain.expiry.extend_package import ExtendPackage
from domain.expiry.freeze_package import FreezePackage
from domain.expiry.unfreeze_package import UnfreezePackage
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.packages.errors import PackageExpired, PackageFrozen
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from tests.fixtures.desk import refused, used
from tests.fixtures.year import Year, booked, books, lisbon, lots, madrid, seen, worker

TICK = timedelta(microseconds=1)


async def spring(there: Year) -> None:
    """April to June."""
    await _a_storm(there)
    await _extensions(there)
    await _april(there)
    await _the_first_of_may(there)
    await _a_trial_that_was_typed_twice(there)
    await _a_freeze_that_is_put_off(there)
    await _may(there)
    await _june(there)
    with there.on(lisbon("2026-06-30 20:00")):
        await _what_the_books_say(there)


async def _a_storm(there: Year) -> None:
    house, (_, second, third) = there.house, there.visits["tuesdays"]
    with there.on(lisbon("2026-03-31 18:45")):
        done = (await run_command(house.desk_lis, CompleteBooking(second))).outcome
        assert (done.used, done.remaining) == (1, 9)
        await booked(house.desk_lis, house.massage, house.lis, house.rui, "2026-04-07T11:00")
    with there.on(lisbon("2026-04-06 22:00")):
        # A storm is announced: nobody shall come tomorrow, and nobody loses a session.
        storm = CancelBookingByBusiness(
            Cause.WEATHER, branch_id=house.lis, first_day=date(2026, 4, 7), last_day=date(2026, 4, 7)
        )
        called_off = (await run_command(house.manager_lis, storm)).outcome.bookings
        assert [(each.customer_id, each.returned) for each in called_off] == [(house.rui, 1), (house.ana, 1)]
        assert called_off[1].booking_id == third
        assert await seen(there, "ana's new club") == (Status.ACTIVE, 10, date(2026, 4, 12))


async def _extensions(there: Year) -> None:
    house, club, course = there.house, there.bought["ana's new club"], there.bought["rui's course"]
    with there.on(lisbon("2026-04-08 10:00")):
        # For the day that was lost the desk may give ten days more, and no more than 14 in all.
        await run_command(house.desk_lis, ExtendPackage(club, "the storm", days=10))
        more = await refused(ExtensionBeyondRole, house.desk_lis, ExtendPackage(club, "once more", days=5))
        assert (more.days, more.most) == (5, 4)
        late = ExtendPackage(course, "the storm", last_day=date(2026, 4, 30))
        assert (await refused(ExtensionBeyondRole, house.desk_lis, late)).days == 18
        await run_command(house.manager_lis, late)
        assert await seen(there, "ana's new club") == (Status.ACTIVE, 10, date(2026, 4, 22))
        assert await seen(there, "rui's course") == (Status.ACTIVE, 4, date(2026, 4, 30))


async def _april(there: Year) -> None:
    house, club, course = there.house, there.bought["ana's new club"], there.bought["rui's course"]
    with there.on(lisbon("2026-04-15 12:00")):
        await run_command(house.desk_lis, FreezePackage(club, "travels", thaws_on=date(2026, 5, 10)))
        assert await seen(there, "ana's new club") == (Status.FROZEN, 10, date(2026, 5, 17))
        frozen = await refused(PackageFrozen, house.desk_lis, RedeemSession(house.physio, house.lis, club))
        assert (frozen.thaws_on, frozen.thaws_at) == (date(2026, 5, 10), lisbon("2026-05-10 00:00"))
    with there.on(madrid("2026-04-20 12:00")):
        await used(house, there.bought["eva's trial"], service_id=house.facial, branch_id=house.mad)
    with there.on(lisbon("2026-04-29 17:00")):
        assert (await used(house, course, service_id=house.massage, sessions=3)).outcome.remaining == 1


async def _the_first_of_may(there: Year) -> None:
    house, club = there.house, there.bought["ana's new club"]
    with there.on(lisbon("2026-05-01 00:00")):
        assert await seen(there, "rui's course") == (Status.EXPIRED, 0, date(2026, 4, 30))
        assert await worker() == 1
    with there.on(lisbon("2026-05-01 09:00")):
        # She is back after sixteen days; the other nine are taken back.
        await run_command(house.desk_lis, UnfreezePackage(club, "back early"))
        assert await seen(there, "ana's new club") == (Status.ACTIVE, 10, date(2026, 5, 8))


async def _a_trial_that_was_typed_twice(there: Year) -> None:
    house, trial = there.house, there.bought["eva's trial"]
    with there.on(madrid("2026-05-02 00:00") - TICK):
        twice = await used(house, trial, service_id=house.facial, branch_id=house.mad)
    with there.on(madrid("2026-05-02 00:00")):
        gone = await refused(PackageExpired, house.manager_mad, RedeemSession(house.facial, house.mad, trial))
        assert gone.expired_on == date(2026, 5, 1)
        assert await worker() == 1
    with there.on(madrid("2026-05-03 10:00")):
        # The last one was typed twice. Its lot has lapsed by now, so that another stands in for it, for 30 days.
        undo = ReverseRedemption(twice.operation_id, Fault.BUSINESS, "typed twice")
        assert (await run_command(house.manager_mad, undo)).outcome.remaining == 1
        old, new = await lots(there, "eva's trial")
        assert (old.consumed, old.expired, old.moved, old.value_left_minor) == (1, 1, 1, 0)
        assert (new.available, new.value_left_minor, new.last_day) == (1, 3300, date(2026, 6, 2))


async def _a_freeze_that_is_put_off(there: Year) -> None:
    house, club = there.house, there.bought["ana's new club"]
    with there.on(lisbon("2026-05-03 12:00")):
        planned = FreezePackage(club, "an operation", starts_on=date(2026, 5, 4), thaws_on=date(2026, 5, 9))
        await run_command(house.desk_lis, planned)
        assert await seen(there, "ana's new club") == (Status.ACTIVE, 10, date(2026, 5, 13))
    with there.on(lisbon("2026-05-03 20:00")):
        # It is put off, which costs neither days nor times; three weeks would be too long all the same.
        await run_command(house.desk_lis, UnfreezePackage(club, "put off"))
        assert await seen(there, "ana's new club") == (Status.ACTIVE, 10, date(2026, 5, 8))
        longer = FreezePackage(club, "an operation", starts_on=date(2026, 5, 4), thaws_on=date(2026, 5, 25))
        limit = await refused(FreezeBeyondLimit, house.desk_lis, longer)
        assert (limit.asked_days, limit.days_left, limit.times_left, limit.latest_thaw) == (
            21,
            14,
            1,
            date(2026, 5, 18),
        )


async def _may(there: Year) -> None:
    house, club = there.house, there.bought["ana's new club"]
    with there.on(lisbon("2026-05-06 17:00")):
        assert (await used(house, club, sessions=2)).outcome.remaining == 8
    with there.on(madrid("2026-05-13 00:00")):
        # Ninety days after her course had lapsed it is too late, for everybody.
        back = ExtendPackage(there.bought["eva's course"], "was ill", last_day=date(2026, 6, 30))
        refusal = await refused(ReinstatementTooLate, house.manager_mad, back)
        assert (refusal.lapsed_at, refusal.until) == (madrid("2026-02-12 00:00"), madrid("2026-05-13 00:00"))
    with there.on(madrid("2026-05-20 12:00")):
        trial = await used(house, there.bought["eva's trial"], service_id=house.facial, branch_id=house.mad)
        assert trial.outcome.remaining == 0
    with there.on(lisbon("2026-05-22 23:59")):
        assert await seen(there, "ana's new club") == (Status.IN_GRACE, 8, date(2026, 5, 8))
    with there.on(lisbon("2026-05-23 00:00")):
        assert await seen(there, "ana's new club") == (Status.EXPIRED, 0, date(2026, 5, 8))
        assert await worker() == 1


async def _june(there: Year) -> None:
    house, course = there.house, there.bought["rui's course"]
    with there.on(madrid("2026-06-06 10:00")):
        # Ana has two of her ten on a trip to Madrid.
        await used(house, there.bought["ana's ten"], branch_id=house.mad, sessions=2)
    with there.on(lisbon("2026-06-15 10:00")):
        back = ExtendPackage(course, "was ill", last_day=date(2026, 6, 30))
        await refused(ReinstatementNeedsManager, house.desk_lis, back)
        again = await run_command(house.manager_lis, back)
        assert (again.outcome.reinstated, again.outcome.remaining) == (1, 1)
        (entry,) = await rows("SELECT event, posted_on FROM journal_entry WHERE operation_id = $1", again.operation_id)
        assert (entry["event"], entry["posted_on"]) == ("REINSTATEMENT", date(2026, 6, 15))
    with there.on(lisbon("2026-06-20 10:00")):
        assert (await used(house, course, service_id=house.massage)).outcome.remaining == 0


async def _what_the_books_say(there: Year) -> None:
    # Lisbon recognised all of the courses and clubs, as revenue or as breakage; of Ana's ten it owes six.
    assert await books(there.house) == {
        "Lisbon": {
            "CASH": 150000,
            "DEFERRED_REVENUE": -27000,
            "DUE_TO_BRANCH": -9000,
            "REVENUE": -74000,
            "BREAKAGE_REVENUE": -40000,
        },
        "Madrid": {
            "CASH": 34900,
            "DUE_FROM_BRANCH": 9000,
            "REVENUE": -15600,
            "BREAKAGE_REVENUE": -28300,
        },
    }
    # On the last of April Rui's fifth massage was still owed; on the first of May it had lapsed.
    april, may = [await books(there.house, date(2026, month, day)) for month, day in ((4, 30), (5, 1))]
    assert may["Lisbon"]["BREAKAGE_REVENUE"] - april["Lisbon"].get("BREAKAGE_REVENUE", 0) == -5000
