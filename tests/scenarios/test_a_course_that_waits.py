"""A course that starts with its first massage: booked ahead, put off, begun, and begun earlier than had been noted."""

from datetime import date, timedelta

import pytest

from domain.bookings.book_session import BookSession
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.errors import DatesDoNotFit
from domain.bookings.rules import Start
from domain.catalog.terms import Item, Price, Terms, Use, Validity, ValidityStart
from domain.expiry.extend_package import ExtendPackage
from domain.expiry.freeze_package import FreezePackage
from domain.kernel.commands import run_command
from domain.packages.errors import PackageExpired
from domain.packages.redeem_session import RedeemSession
from domain.packages.rules import Status
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import cash, on, package, refused, sold, used
from tests.fixtures.year import books, lisbon, worker

pytestmark = pytest.mark.anyio

TICK = timedelta(microseconds=1)


async def bought(db: str) -> tuple[Harbour, str]:
    """Five massages for 250.00 that Rui buys on 12 January: to be begun in 30 days, and used in 60 from there."""
    with on(lisbon("2026-01-12 12:00")):
        house = await harbour(db)
        from_first = Validity(days=60, starts=ValidityStart.FIRST_USE, start_within_days=30)
        item, use = Item((house.massage,), 5), Use(freeze_days=20, freeze_times=2)
        course = await published(house.owner, "COURSE5", Terms((item,), Price(25000, "EUR"), from_first, use=use))
        return house, await sold(house, course, customer_id=house.rui, payments=cash(25000))


async def until(house: Harbour, course: str) -> tuple[Status, int, date, date | None]:
    """The status of the course, what remains, its last day, and the last day to start."""
    found = await package(house, course)
    return found.status, found.remaining, found.expires_on, found.start_by


async def test_a_course_that_waits(db: str) -> None:
    house, course = await bought(db)
    massage = RedeemSession(house.massage, house.lis, course)
    with on(lisbon("2026-01-15 10:00")):
        # Nothing is begun yet: five days more, and a freeze of eight, are days in which to begin.
        await run_command(house.desk_lis, ExtendPackage(course, "moves house", days=5))
        assert await until(house, course) == (Status.ACTIVE, 5, date(2026, 2, 16), date(2026, 2, 16))
    with on(lisbon("2026-02-01 15:00")):
        await run_command(house.desk_lis, FreezePackage(course, "travels", thaws_on=date(2026, 2, 9)))
        assert await until(house, course) == (Status.FROZEN, 5, date(2026, 2, 24), date(2026, 2, 24))

    with on(lisbon("2026-02-09 10:00")):
        # The second visit is long after the last day to start, and fits because the first is before it.
        asked = BookSession(house.massage, house.lis, house.rui, _starts("2026-02-23 10:00", "2026-04-24 10:00"))
        too_late = BookSession(house.massage, house.lis, house.rui, _starts("2026-02-23 10:00", "2026-04-25 10:00"))
        refusal = await refused(DatesDoNotFit, house.desk_lis, too_late)
        assert [(each.starts_at, each.code) for each in refusal.dates] == [
            (lisbon("2026-04-25 10:00"), "PACKAGE_EXPIRED")
        ]
        first, second = (await run_command(house.desk_lis, asked)).outcome.bookings
        assert await until(house, course) == (Status.ACTIVE, 3, date(2026, 2, 24), date(2026, 2, 24))
    with on(lisbon("2026-02-23 11:00")):
        await run_command(house.desk_lis, CompleteBooking(first.booking_id))
        assert (await until(house, course))[:3] == (Status.ACTIVE, 3, date(2026, 4, 24))

    with on(lisbon("2026-02-24 09:00")):
        # He had been there the day before that already, which nobody had written down.
        await used(house, course, service_id=house.massage, visited_at=lisbon("2026-02-22 10:00"))
        assert (await until(house, course))[:3] == (Status.ACTIVE, 2, date(2026, 4, 23))
    with on(lisbon("2026-02-25 09:00")):
        await run_command(house.desk_lis, ExtendPackage(course, "we were wrong", days=7))
        assert (await until(house, course))[:3] == (Status.ACTIVE, 2, date(2026, 4, 30))
    with on(lisbon("2026-02-26 09:00")):
        # And the day before that as well: it has begun a day earlier again, and the week that he got is his.
        await used(house, course, service_id=house.massage, visited_at=lisbon("2026-02-21 10:00"))
        assert (await until(house, course))[:3] == (Status.ACTIVE, 1, date(2026, 4, 29))

    with on(lisbon("2026-04-24 10:45")):
        await run_command(house.desk_lis, CompleteBooking(second.booking_id))
    with on(lisbon("2026-04-30 00:00") - TICK):
        assert (await until(house, course))[:3] == (Status.ACTIVE, 1, date(2026, 4, 29))
    with on(lisbon("2026-04-30 00:00")):
        assert (await refused(PackageExpired, house.desk_lis, massage)).expired_on == date(2026, 4, 29)
        assert await worker() == 1
        assert await books(house) == {"Lisbon": {"CASH": 25000, "REVENUE": -20000, "BREAKAGE_REVENUE": -5000}}


async def test_a_course_that_is_not_begun_in_time_cannot_be_begun_or_booked(db: str) -> None:
    house, course = await bought(db)
    with on(lisbon("2026-02-11 23:59")):
        beyond = BookSession(house.massage, house.lis, house.rui, _starts("2026-02-12 10:00"))
        await refused(PackageExpired, house.desk_lis, beyond)
        assert await until(house, course) == (Status.ACTIVE, 5, date(2026, 2, 11), date(2026, 2, 11))
    with on(lisbon("2026-02-12 00:00")):
        refusal = await refused(PackageExpired, house.desk_lis, RedeemSession(house.massage, house.lis, course))
        assert refusal.lapsed_at == lisbon("2026-02-12 00:00")
    with on(lisbon("2026-02-14 10:00")):
        # The worker has not run; a manager lets him begin after all, until the end of the month, and he does.
        begin = ExtendPackage(course, "was ill", last_day=date(2026, 2, 28))
        assert (await run_command(house.manager_lis, begin)).outcome.reinstated == 5
        assert await until(house, course) == (Status.ACTIVE, 5, date(2026, 2, 28), date(2026, 2, 28))
    with on(lisbon("2026-02-28 23:59")):
        await used(house, course, service_id=house.massage)
        assert (await until(house, course))[:3] == (Status.ACTIVE, 4, date(2026, 4, 29))


def _starts(*walls: str) -> tuple[Start, ...]:
    return tuple(Start(at=lisbon(wall)) for wall in walls)
