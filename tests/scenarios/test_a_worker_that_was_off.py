"""A worker that was off for three days in July: the desk sees the same meanwhile, and the books are the same after."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from domain.bookings.cancel_booking_by_business import CancelBookingByBusiness
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.rules import Cause
from domain.expiry.extend_package import ExtendPackage
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.errors import PackageExpired
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from domain.payments.open_dispute import OpenDispute
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import cash, on, package, refused, sold, used
from tests.fixtures.year import booked, books, lisbon, worker

pytestmark = pytest.mark.anyio

LAPSE = lisbon("2026-07-16 00:00")
"""When ten sessions that were sold on 2 January lapse: 180 days and 14 of grace."""
TICK = timedelta(microseconds=1)
LATE = lisbon("2026-07-17 10:00")
E, X, A = Status.IN_GRACE, Status.EXPIRED, Status.ACTIVE
AFTER = [(X, 0), (X, 0), (A, 10), (A, 1), (X, 0), (A, 1)]


async def tireless() -> None:
    """The worker that is always there."""
    await worker()


async def off() -> None:
    """The worker that is not there."""


@dataclass(frozen=True, slots=True)
class Story:
    """Seven packages of ten that end in the same night, and whether the worker works that week."""

    house: Harbour
    plain: str
    visited: str
    missed: str
    undone: str
    regretted: str
    promised: str
    disputed: str
    works: Callable[[], Awaitable[None]]

    async def seen(self) -> list[tuple[Status, int]]:
        """What the desk sees of six of them, before and after the worker has had its chance; the last is kept."""
        before = await self._seen()
        await self.works()
        assert await self._seen() == before
        return before

    async def _seen(self) -> list[tuple[Status, int]]:
        names = (self.plain, self.visited, self.missed, self.undone, self.regretted, self.promised)
        found = [await package(self.house, name) for name in names]
        kept = await package(self.house, self.disputed)
        assert (kept.status, kept.lots[0].available) == (Status.DISPUTED, 10)
        return [(each.status, each.remaining) for each in found]


async def january(db: str, works: Callable[[], Awaitable[None]]) -> Story:
    """The packages are bought, and three sessions of the first are used."""
    with on(lisbon("2026-01-02 10:00")):
        house = await harbour(db)
        six = [await sold(house, house.ten, payments=cash(45000)) for _ in range(6)]
        disputed = await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
        names = ("plain", "visited", "missed", "undone", "regretted", "promised")
        story = Story(house=house, disputed=disputed, works=works, **dict(zip(names, six, strict=True)))
        await used(house, story.plain, sessions=3)
    return story


@pytest.mark.parametrize("works", [tireless, off])
async def test_a_worker_that_was_off(db: str, works: Callable[[], Awaitable[None]]) -> None:
    story = await january(db, works)
    house = story.house
    with on(lisbon("2026-07-10 10:00")):
        await run_command(house.owner, OpenDispute(story.disputed, 45000, "EUR", "not recognised"))
        (visit,) = await booked(
            house.desk_lis, house.physio, house.lis, house.ana, "2026-07-15T18:00", package_id=story.visited
        )
        (in_vain,) = await booked(
            house.desk_lis, house.physio, house.lis, house.ana, "2026-07-15T19:00", package_id=story.promised
        )
    with on(lisbon("2026-07-15 12:00")):
        mistake, regret = [await used(house, package_id) for package_id in (story.undone, story.regretted)]
        assert await story.seen() == [(E, 7), (E, 9), (E, 10), (E, 9), (E, 9), (E, 9)]
    with on(LAPSE - TICK):
        assert await story.seen() == [(E, 7), (E, 9), (E, 10), (E, 9), (E, 9), (E, 9)]

    with on(LAPSE):
        assert await story.seen() == [(X, 0)] * 6
        gone = await refused(PackageExpired, house.desk_lis, RedeemSession(house.physio, house.lis, story.plain))
        assert (gone.expired_on, gone.lapsed_at) == (date(2026, 7, 1), LAPSE)
    with on(LATE):
        # The visit of the last evening is closed late; one package may go on.
        assert (await run_command(house.desk_lis, CompleteBooking(visit))).outcome.used == 1
        longer = ExtendPackage(story.missed, "was in hospital", last_day=date(2026, 8, 31))
        back = (await run_command(house.manager_lis, longer)).outcome
        assert (back.reinstated, back.remaining) == (10, 10)
        undo = ReverseRedemption(mistake.operation_id, Fault.BUSINESS, "another customer")
        assert (await run_command(house.manager_lis, undo)).outcome.remaining == 1
        # What comes back through nobody's fault comes to a lapsed lot, and lapses there and then.
        undo = ReverseRedemption(regret.operation_id, Fault.CUSTOMER, "did not like it")
        assert (await run_command(house.manager_lis, undo)).outcome.remaining == 0
        ill = CancelBookingByBusiness(Cause.STAFF, in_vain, reason="nobody was there")
        assert (await run_command(house.desk_lis, ill)).outcome.bookings[0].returned == 1
        assert await story.seen() == AFTER
    with on(lisbon("2026-07-18 23:00")):
        assert await story.seen() == AFTER

    with on(lisbon("2026-07-19 09:00")):
        await worker()
        assert await worker() == 0
        await the_books_are(house)


async def the_books_are(house: Harbour) -> None:
    """The same whoever wrote them down and when: each lapse has its own instant and its own day."""
    days = [await books(house, date(2026, 7, day)) for day in (15, 16, 17, 19)]
    kept = {"CASH": 270000, "DISPUTES": 45000}
    after = kept | {"DEFERRED_REVENUE": -99000, "REVENUE": -18000, "BREAKAGE_REVENUE": -198000}
    assert [found["Lisbon"] for found in days] == [
        kept | {"DEFERRED_REVENUE": -288000, "REVENUE": -27000},
        kept | {"DEFERRED_REVENUE": -49500, "REVENUE": -27000, "BREAKAGE_REVENUE": -238500},
        after,
        after,
    ]
    in_time = [(LAPSE, date(2026, 7, 16), amount) for amount in (31500, 40500, 40500, 40500, 40500, 45000)]
    assert await lapses() == [*in_time, (LATE, date(2026, 7, 17), 4500)]


async def lapses() -> list[tuple[datetime, date, int]]:
    """Instant, accounting day and value of what lapsed."""
    found = await rows(
        """SELECT e.effective_at, e.posted_on, l.credit_minor FROM journal_entry e JOIN journal_line l
        ON l.entry_id = e.id WHERE e.event = 'LAPSE' AND l.credit_minor > 0 ORDER BY e.effective_at, l.credit_minor"""
    )
    return [(row["effective_at"], row["posted_on"], row["credit_minor"]) for row in found]
