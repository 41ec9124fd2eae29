"""Summer at Harbour: lots with dates of their own, a worker that is off, a closure, a payment that is disputed."""

from datetime import date, timedelta

from domain.bookings.cancel_booking_by_business import CancelBookingByBusiness
from domain.bookings.rules import Cause
from domain.expiry.carry_on import carry_on, unfinished
from domain.expiry.extend_packages import ExtendPackages
from domain.kernel.commands import run_command
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.errors import PackageDisputed, PackageExpired
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.rules import Status
from domain.payments.open_dispute import OpenDispute
from domain.payments.win_dispute import WinDispute
from tests.fixtures.desk import cash, refused, sold, used
from tests.fixtures.year import Year, azores, booked, books, lisbon, lots, seen, worker

TICK = timedelta(microseconds=1)


async def summer(there: Year) -> None:
    """July to September."""
    await _the_island_opens_its_season(there)
    await _lots_with_dates_of_their_own(there)
    await _the_worker_is_off(there)
    await _two_weeks_of_closure(there)
    await _a_disputed_payment(there)
    with there.on(lisbon("2026-09-30 20:00")):
        await _what_the_books_say(there)


async def _the_island_opens_its_season(there: Year) -> None:
    house, bought = there.house, there.bought
    with there.on(azores("2026-07-01 10:00")):
        online = (Received(PaymentMethod.ONLINE_LINK, 45000),)
        bought["eva's ten"] = await sold(house, house.ten, customer_id=house.eva, branch_id=house.pdl, payments=online)
    with there.on(azores("2026-07-02 10:00")):
        bought["rui's bundle"] = await sold(
            house, house.bundle, customer_id=house.rui, branch_id=house.pdl, payments=cash(31990)
        )
        assert await seen(there, "eva's ten") == (Status.ACTIVE, 10, date(2026, 12, 28))
        assert await seen(there, "rui's bundle") == (Status.ACTIVE, 6, date(2026, 12, 29))
    with there.on(azores("2026-07-10 10:00")):
        await used(house, bought["eva's ten"], branch_id=house.pdl, sessions=2)


async def _lots_with_dates_of_their_own(there: Year) -> None:
    house, bundle = there.house, there.bought["rui's bundle"]
    with there.on(azores("2026-07-11 10:00")):
        await run_command(house.owner, GrantGoodwill(bundle, 1, "waited long", (house.massage,), date(2026, 7, 20)))
        assert [(lot.available, lot.value_left_minor, lot.last_day) for lot in await lots(there, "rui's bundle")] == [
            (4, 22062, date(2026, 12, 29)),
            (2, 9928, date(2026, 12, 29)),
            (1, 0, date(2026, 7, 20)),
        ]
    with there.on(azores("2026-07-12 10:00")):
        # Ana is of the family, and has what is lost first: the gift, which is worth nothing in the books.
        massage = RedeemSession(house.massage, house.pdl, bundle, house.ana)
        assert [(lot.origin, lot.value_minor) for lot in (await run_command(house.owner, massage)).outcome.lots] == [
            ("GOODWILL", 0)
        ]


async def _the_worker_is_off(there: Year) -> None:
    house, ten = there.house, there.bought["ana's ten"]
    session = RedeemSession(house.physio, house.lis, ten)
    with there.on(lisbon("2026-07-16 00:00") - TICK):
        assert await seen(there, "ana's ten") == (Status.IN_GRACE, 6, date(2026, 7, 1))
    with there.on(lisbon("2026-07-16 00:00")):
        # Nobody posts anything for three days; the desk sees what the clock says.
        assert await seen(there, "ana's ten") == (Status.EXPIRED, 0, date(2026, 7, 1))
        await refused(PackageExpired, house.desk_lis, session)
    with there.on(lisbon("2026-07-17 10:00")):
        # A visit of the evening before last was forgotten, and still counts.
        forgotten = RedeemSession(house.physio, house.lis, ten, visited_at=lisbon("2026-07-15 18:00"))
        assert (await run_command(house.desk_lis, forgotten)).outcome.remaining == 0
        await refused(PackageExpired, house.desk_lis, session)
    with there.on(lisbon("2026-07-18 09:00")):
        assert await worker() == 1
        assert await worker() == 0
        (lot,) = await lots(there, "ana's ten")
        assert (lot.consumed, lot.expired, lot.value_left_minor) == (5, 5, 0)
        # What lapsed has lapsed on the sixteenth, whenever it was written down.
        before, after = [await books(house, date(2026, 7, day)) for day in (15, 16)]
        assert after["Lisbon"]["BREAKAGE_REVENUE"] - before["Lisbon"]["BREAKAGE_REVENUE"] == -22500
        assert before["Lisbon"]["DEFERRED_REVENUE"] == -22500
        assert "DEFERRED_REVENUE" not in after["Lisbon"]


async def _two_weeks_of_closure(there: Year) -> None:
    house = there.house
    with there.on(azores("2026-07-25 10:00")):
        await booked(house.owner, house.physio, house.pdl, house.eva, "2026-08-05T09:00", "2026-08-19T09:00")
        await booked(house.owner, house.massage, house.pdl, house.rui, "2026-08-12T16:00", sessions=2)
    with there.on(azores("2026-07-31 10:00")):
        # The pipes burst: the house is closed from the third to the sixteenth of August.
        closed = CancelBookingByBusiness(
            Cause.CLOSURE, branch_id=house.pdl, first_day=date(2026, 8, 3), last_day=date(2026, 8, 16)
        )
        called_off = (await run_command(house.owner, closed)).outcome.bookings
        assert [(each.customer_id, each.returned) for each in called_off] == [(house.eva, 1), (house.rui, 2)]
        longer = ExtendPackages(14, "two weeks of closure", branch_id=house.pdl)
        ordered = (await run_command(house.owner, longer)).outcome
        assert ordered.packages == 2
        # The worker carries it on one by one, and nothing twice.
        assert await unfinished() == [ordered.bulk_extension_id]
        assert [await carry_on(ordered.bulk_extension_id, at_most=1) for _ in range(4)] == [1, 1, 0, None]
        assert await unfinished() == []
        assert await seen(there, "eva's ten") == (Status.ACTIVE, 7, date(2027, 1, 11))
        assert await seen(there, "rui's bundle") == (Status.ACTIVE, 6, date(2027, 1, 12))
    with there.on(azores("2026-08-18 08:00")):
        # The nineteenth is on, but then the therapist has the flu.
        await run_command(
            house.owner,
            CancelBookingByBusiness(Cause.STAFF, branch_id=house.pdl, first_day=date(2026, 8, 19), reason="flu"),
        )
        assert await seen(there, "eva's ten") == (Status.ACTIVE, 8, date(2027, 1, 11))


async def _a_disputed_payment(there: Year) -> None:
    house, ten = there.house, there.bought["eva's ten"]
    with there.on(azores("2026-09-01 10:00")):
        await run_command(house.owner, OpenDispute(ten, 45000, "EUR", "not recognised", fee_minor=1500))
        assert await seen(there, "eva's ten") == (Status.DISPUTED, 8, date(2027, 1, 11))
        await refused(PackageDisputed, house.owner, RedeemSession(house.physio, house.pdl, ten))
        assert (await books(house))["Ponta Delgada"]["DISPUTES"] == 45000
    with there.on(azores("2026-09-21 10:00")):
        # The bank finds for the house: twenty days nobody could use are given back.
        await run_command(house.owner, WinDispute(ten, "it was her card"))
        assert await seen(there, "eva's ten") == (Status.ACTIVE, 8, date(2027, 1, 31))


async def _what_the_books_say(there: Year) -> None:
    assert await books(there.house) == {
        "Lisbon": {
            "CASH": 150000,
            "DUE_TO_BRANCH": -9000,
            "REVENUE": -78500,
            "BREAKAGE_REVENUE": -62500,
        },
        "Madrid": {
            "CASH": 34900,
            "DUE_FROM_BRANCH": 9000,
            "REVENUE": -15600,
            "BREAKAGE_REVENUE": -28300,
        },
        # The bank keeps its fee although it lost.
        "Ponta Delgada": {
            "CASH": 31990,
            "PROVIDER_CLEARING": 43500,
            "PROVIDER_FEES": 1500,
            "DEFERRED_REVENUE": -67990,
            "REVENUE": -9000,
        },
    }
