"""A worker that was off for three days in July: the desk sees the same meanwhile, and the books are the same after."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from domain.bookings.complete_booking import CompleteBooking
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
E, X = Status.IN_GRACE, Status.EXPIRED


async def tireless() -> None:
    """The worker that is always there."""
    await worker()


async def off() -> None:
    """The worker that is not there."""


@dataclass(frozen=True, slots=True)
class Story:
    """Five packages of ten that end in the same night, and whether the worker works that week."""

    house: Harbour
    plain: str
    visited: str
    missed: str
    undone: str
    disputed: str
    works: Callable[[], Awaitable[None]]

    async def seen(self) -> list[tuple[Status, int]]:
        """What the desk sees of four of them, before and after the worker has had its chance; the fifth is kept."""
        before = await self._seen()
        await self.works()
        assert await self._seen() == before
        return before

    async def _seen(self) -> list[tuple[Status, int]]:
        names = (self.plain, self.visited, self.missed, self.undone)
        found = [await package(self.house, name) for name in names]
        kept = await package(self.house, self.disputed)
        assert (kept.status, kept.lots[0].available) == (Status.DISPUTED, 10)
        return [(each.status, each.remaining) for each in found]


async def january(db: str, works: Callable[[], Awaitable[None]]) -> Story:
    """The packages are bought, and three sessions of the first are used."""
    with on(lisbon("2026-01-02 10:00")):
        house = await harbour(db)
        plain, visited, missed, undone = [await sold(house, house.ten, payments=cash(45000)) for _ in range(4)]
        disputed = await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
        story = Story(house, plain, visited, missed, undone, disputed, works)
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
    with on(lisbon("2026-07-15 12:00")):
        mistake = await used(house, story.undone)
        assert await story.seen() == [(E, 7), (E, 9), (E, 10), (E, 9)]
    with on(LAPSE - TICK):
        assert await story.seen() == [(E, 7), (E, 9), (E, 10), (E, 9)]

    with on(LAPSE):
        assert await story.seen() == [(X, 0), (X, 0), (X, 0), (X, 0)]
        gone = await refused(PackageExpired, house.desk_lis, RedeemSession(house.physio, house.lis, story.plain))
        assert (gone.expired_on, gone.lapsed_at) == (date(2026, 7, 1), LAPSE)
    with on(lisbon("2026-07-17 10:00")):
        # The visit of the last evening is closed late; one package may go on; one session was typed by mistake.
        assert (await run_command(house.desk_lis, CompleteBooking(visit))).outcome.used == 1
        longer = ExtendPackage(story.missed, "was in hospital", last_day=date(2026, 8, 31))
        back = (await run_command(house.manager_lis, longer)).outcome
        assert (back.reinstated, back.remaining) == (10, 10)
        undo = ReverseRedemption(mistake.operation_id, Fault.BUSINESS, "another customer")
        assert (await run_command(house.manager_lis, undo)).outcome.remaining == 1
        assert await story.seen() == [(X, 0), (X, 0), (Status.ACTIVE, 10), (Status.ACTIVE, 1)]
    with on(lisbon("2026-07-18 23:00")):
        assert await story.seen() == [(X, 0), (X, 0), (Status.ACTIVE, 10), (Status.ACTIVE, 1)]

    with on(lisbon("2026-07-19 09:00")):
        await worker()
        assert await worker() == 0
        await the_books_are(house)


async def the_books_are(house: Harbour) -> None:
    """The same whoever wrote them down and when: each lapse has its own instant and its own day."""
    days = [await books(house, date(2026, 7, day)) for day in (15, 16, 17, 19)]
    assert [found["Lisbon"] for found in days] == [
        {"CASH": 180000, "DISPUTES": 45000, "DEFERRED_REVENUE": -202500, "REVENUE": -22500},
        {
            "CASH": 180000,
            "DISPUTES": 45000,
            "DEFERRED_REVENUE": -45000,
            "REVENUE": -22500,
            "BREAKAGE_REVENUE": -157500,
        },
        *[
            {
                "CASH": 180000,
                "DISPUTES": 45000,
                "DEFERRED_REVENUE": -94500,
                "REVENUE": -18000,
                "BREAKAGE_REVENUE": -112500,
            }
        ]
        * 2,
    ]
    assert await lapses() == [(LAPSE, date(2026, 7, 16), amount) for amount in (31500, 40500, 40500, 45000)]


async def lapses() -> list[tuple[datetime, date, int]]:
    """Instant, accounting day and value of what lapsed."""
    found = await rows(
        """SELECT e.effective_at, e.posted_on, l.credit_minor FROM journal_entry e JOIN journal_line l
        ON l.entry_id = e.id WHERE e.event = 'LAPSE' AND l.credit_minor > 0 ORDER BY e.effective_at, l.credit_minor"""
    )
    return [(row["effective_at"], row["posted_on"], row["credit_minor"]) for row in found]
