"""Autumn at Harbour: the clocks go back, visits that nobody closes or has paid for, a promise that outlives grace."""

from datetime import date

from domain.bookings.book_session import BookSession
from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.cancel_booking_by_business import CancelBookingByBusiness
from domain.bookings.close_bookings import close_bookings
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.errors import BookingEnded
from domain.bookings.mark_no_show import MarkNoShow
from domain.bookings.rules import Cause, Start
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import OpenBookings, Shortfall
from domain.kernel.commands import run_command
from domain.packages.errors import NotEnoughSessions
from domain.packages.rules import Status
from tests.fixtures.desk import refused
from tests.fixtures.year import Year, azores, booked, books, lots, seen, worker


async def autumn(there: Year) -> None:
    """October to the end of January."""
    await _sundays_at_ten(there)
    await _five_come_and_four_are_left(there)
    await _what_nobody_closes(there)
    await _a_promise_beyond_grace(there)
    with there.on(azores("2027-01-31 20:00")):
        await _what_the_books_say(there)


async def _sundays_at_ten(there: Year) -> None:
    house = there.house
    with there.on(azores("2026-10-12 10:00")):
        first, second, third = await booked(
            house.owner, house.physio, house.pdl, house.eva, "2026-10-18T10:00", every_days=7, times=3
        )
        assert await seen(there, "eva's ten") == (Status.ACTIVE, 5, date(2027, 1, 31))
    with there.on(azores("2026-10-18 10:45")):
        await run_command(house.owner, CompleteBooking(first))
    with there.on(azores("2026-10-25 10:45")):
        # The night had 25 hours; ten is ten.
        await run_command(house.owner, CompleteBooking(second))
    with there.on(azores("2026-10-31 10:00")):
        free = (await run_command(house.owner, CancelBooking(third))).outcome
        assert (free.state, free.returned, free.remaining) == ("CANCELLED", 1, 6)


async def _five_come_and_four_are_left(there: Year) -> None:
    house = there.house
    five = BookSession(house.massage, house.pdl, house.rui, (Start(at=azores("2026-11-14 15:00")),), sessions=5)
    with there.on(azores("2026-11-01 10:00")):
        assert (await refused(NotEnoughSessions, house.owner, five)).remaining == 4
        # From now on what a package lacks goes to the customer's account, at list price.
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))
        (made,) = (await run_command(house.owner, five)).outcome.bookings
        assert (sum(lot.sessions for lot in made.held), made.charged) == (4, 1)
    with there.on(azores("2026-11-14 16:00")):
        done = (await run_command(house.owner, CompleteBooking(made.booking_id))).outcome
        assert (done.used, done.charged, done.charged_minor, done.remaining) == (4, 1, 5500, 2)


async def _what_nobody_closes(there: Year) -> None:
    house = there.house
    with there.on(azores("2026-12-01 10:00")):
        missed, forgotten = await booked(
            house.owner, house.physio, house.pdl, house.eva, "2026-12-05T10:00", "2026-12-10T10:00"
        )
    with there.on(azores("2026-12-05 10:30")):
        assert (await run_command(house.owner, MarkNoShow(missed))).outcome.used == 1
    with there.on(azores("2026-12-10 10:45")):
        # Nobody has closed the visit when it is over: the chain wants that done for it.
        await run_command(house.owner, ChangeChainSettings(open_bookings=OpenBookings.COMPLETE))
        assert await close_bookings() == 1
        assert await close_bookings() == 0
        assert await seen(there, "eva's ten") == (Status.ACTIVE, 4, date(2027, 1, 31))
        assert (await refused(BookingEnded, house.owner, CancelBooking(forgotten))).state == "COMPLETED"


async def _a_promise_beyond_grace(there: Year) -> None:
    house = there.house
    with there.on(azores("2027-01-20 10:00")):
        assert await seen(there, "rui's bundle") == (Status.IN_GRACE, 2, date(2027, 1, 12))
        (facial,) = await booked(house.owner, house.facial, house.pdl, house.ana, "2027-01-26T18:00")
    with there.on(azores("2027-01-27 00:00")):
        # Grace is over: what is free lapses, what was promised stays.
        assert await worker() == 1
        assert [(lot.held, lot.expired, lot.value_left_minor) for lot in await lots(there, "rui's bundle")] == [
            (0, 0, 0),
            (1, 1, 4964),
            (0, 0, 0),
        ]
    with there.on(azores("2027-01-28 10:00")):
        # It turns out that she had come in vain, and that was the house's fault.
        ill = CancelBookingByBusiness(Cause.STAFF, facial, reason="ill")
        (returned,) = (await run_command(house.owner, ill)).outcome.bookings
        assert (returned.returned, len(returned.replacement_lot_ids)) == (1, 1)
        assert await seen(there, "rui's bundle") == (Status.ACTIVE, 1, date(2027, 2, 27))
        assert await worker() == 0


async def _what_the_books_say(there: Year) -> None:
    found = await books(there.house)
    assert found["Ponta Delgada"] == {
        "CASH": 31990,
        "RECEIVABLE": 5500,
        "PROVIDER_CLEARING": 43500,
        "PROVIDER_FEES": 1500,
        # Four of Eva's ten, and the facial that Ana is owed.
        "DEFERRED_REVENUE": -22964,
        "REVENUE": -54562,
        "BREAKAGE_REVENUE": -4964,
    }
    assert found == found | (await books(there.house, date(2026, 9, 30))) | {"Ponta Delgada": found["Ponta Delgada"]}
