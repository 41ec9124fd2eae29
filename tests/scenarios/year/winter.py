"""Winter at Harbour: month ends, a course that starts in time and one that does not, missed visits, grace, renewal."""

from datetime import date

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.errors import BookingEnded
from domain.bookings.mark_no_show import MarkNoShow
from domain.kernel.commands import run_command
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.errors import PackageExpired
from domain.packages.redeem_session import RedeemSession
from domain.packages.rules import Status
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import customer_actor
from tests.fixtures.desk import cash, refused, sold, used
from tests.fixtures.year import Year, booked, books, lisbon, lots, madrid, seen, worker


async def winter(there: Year) -> None:
    """January to March."""
    await _what_is_bought(there)
    await _the_club_on_tuesdays(there)
    await _the_last_day_to_start(there)
    await _missed_and_late(there)
    await _grace_and_renewal(there)
    with there.on(lisbon("2026-03-30 20:00")):
        await _what_the_books_say(there)


async def _what_is_bought(there: Year) -> None:
    house, bought = there.house, there.bought
    with there.on(lisbon("2026-01-02 10:00")):
        bought["ana's ten"] = await sold(house, house.ten, payments=cash(45000))
        await used(house, bought["ana's ten"], sessions=2)
    with there.on(lisbon("2026-01-12 12:00")):
        bought["rui's course"] = await sold(house, there.course, customer_id=house.rui, payments=cash(25000))
        card = (Received(PaymentMethod.CARD, 25000),)
        bought["eva's course"] = await sold(
            house, there.course, customer_id=house.eva, branch_id=house.mad, payments=card
        )
        assert await seen(there, "rui's course") == (Status.ACTIVE, 5, date(2026, 2, 11))
    with there.on(madrid("2026-01-31 18:00")):
        # A month from 31 January ends with February; 90 days are 90 days.
        bought["ana's club"] = await sold(house, there.club, payments=cash(40000))
        bought["eva's trial"] = await sold(
            house, house.trial, customer_id=house.eva, branch_id=house.mad, payments=cash(9900)
        )
        assert await seen(there, "ana's club") == (Status.ACTIVE, 8, date(2026, 2, 28))
        assert await seen(there, "eva's trial") == (Status.ACTIVE, 3, date(2026, 5, 1))


async def _the_club_on_tuesdays(there: Year) -> None:
    house, club = there.house, there.bought["ana's club"]
    with there.on(lisbon("2026-02-03 10:00")):
        there.visits["february"] = await booked(
            house.desk_lis,
            house.physio,
            house.lis,
            house.ana,
            "2026-02-10T10:00",
            every_days=7,
            times=3,
            package_id=club,
        )
        assert await seen(there, "ana's club") == (Status.ACTIVE, 5, date(2026, 2, 28))
    with there.on(lisbon("2026-02-10 10:50")):
        await run_command(house.practitioner_lis, CompleteBooking(there.visits["february"][0]))


async def _the_last_day_to_start(there: Year) -> None:
    house = there.house
    with there.on(lisbon("2026-02-11 23:30")):
        # Rui comes in the last half hour of the last day, and has 60 days from there.
        await used(house, there.bought["rui's course"], service_id=house.massage)
        assert await seen(there, "rui's course") == (Status.ACTIVE, 4, date(2026, 4, 12))
    with there.on(madrid("2026-02-12 09:00")):
        # Eva comes a night too late.
        late = RedeemSession(house.massage, house.mad, there.bought["eva's course"])
        refusal = await refused(PackageExpired, house.manager_mad, late)
        assert (refusal.expired_on, refusal.lapsed_at) == (date(2026, 2, 11), madrid("2026-02-12 00:00"))
        assert await worker() == 1
        assert (await lots(there, "eva's course"))[0].expired == 5


async def _missed_and_late(there: Year) -> None:
    house, (_, second, third) = there.house, there.visits["february"]
    with there.on(lisbon("2026-02-17 11:00")):
        missed = (await run_command(house.desk_lis, MarkNoShow(second))).outcome
        assert (missed.used, missed.returned) == (1, 0)
        assert (await refused(BookingEnded, house.desk_lis, CompleteBooking(second))).state == "NO_SHOW"
    with there.on(lisbon("2026-02-24 08:00")):
        # Two hours before is too late: until yesterday at ten it would have cost nothing.
        late = (await run_command(house.desk_lis, CancelBooking(third, "overslept"))).outcome
        assert (late.state, late.used, late.why) == ("LATE_CANCELLED", 1, "8 issued - 3 consumed = 5 available")


async def _grace_and_renewal(there: Year) -> None:
    house, bought = there.house, there.bought
    with there.on(lisbon("2026-03-01 00:00")):
        assert await seen(there, "ana's club") == (Status.IN_GRACE, 5, date(2026, 2, 28))
    with there.on(lisbon("2026-03-10 18:00")):
        assert (await used(house, bought["ana's club"])).outcome.remaining == 4
    with there.on(lisbon("2026-03-12 18:00")):
        # She buys the club again before its grace is over, and takes along the four that she has left.
        sale = SellPackage(there.club, house.ana, house.lis, cash(40000))
        renewal = (await run_command(house.desk_lis, sale)).outcome
        assert [(old.package_id, old.sessions) for old in renewal.renewed] == [(bought["ana's club"], 4)]
        bought["ana's new club"] = renewal.package_id
        assert await seen(there, "ana's new club") == (Status.ACTIVE, 12, date(2026, 4, 12))
        assert await seen(there, "ana's club") == (Status.USED_UP, 0, date(2026, 2, 28))
        # She books three Tuesdays at six in the evening herself, two of them after the clocks have changed.
        there.visits["tuesdays"] = await booked(
            await customer_actor(house, house.ana),
            house.physio,
            house.lis,
            house.ana,
            "2026-03-24T18:00",
            every_days=7,
            times=3,
            package_id=bought["ana's new club"],
        )
    with there.on(lisbon("2026-03-24 18:00")):
        await run_command(house.desk_lis, CompleteBooking(there.visits["tuesdays"][0]))
        assert await worker() == 0


async def _what_the_books_say(there: Year) -> None:
    assert await books(there.house) == {
        "Lisbon": {"CASH": 150000, "DEFERRED_REVENUE": -111000, "REVENUE": -39000},
        # What Eva did not start in time is Madrid's breakage; her trial is still owed.
        "Madrid": {"CASH": 34900, "DEFERRED_REVENUE": -9900, "BREAKAGE_REVENUE": -25000},
    }
    before = await books(there.house, date(2026, 2, 11))
    assert before["Madrid"] == {"CASH": 34900, "DEFERRED_REVENUE": -34900}
