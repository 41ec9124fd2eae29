"""Freezes across the changes of the clocks: they last whole local days and end where the branch's day begins."""

from datetime import date, datetime, timedelta

import pytest

from domain.expiry.errors import FreezeBeyondLimit
from domain.expiry.freeze_package import FreezePackage
from domain.expiry.unfreeze_package import UnfreezePackage
from domain.kernel.commands import run_command
from domain.packages.errors import PackageFrozen
from tests.fixtures.desk import on, refused
from tests.fixtures.skies import open_shop

pytestmark = pytest.mark.anyio

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("zone", "now", "thaws_on", "thaws_at", "days"),
    [
        pytest.param("Asia/Beirut", "2026-03-20T13:00Z", date(2026, 3, 29), "2026-03-28T22:00Z", 9, id="Beirut, gap"),
        pytest.param("Africa/Cairo", "2026-04-20T13:00Z", date(2026, 5, 1), "2026-04-30T21:00Z", 11, id="Cairo"),
        pytest.param("America/Santiago", "2026-08-20T02:30Z", date(2026, 9, 6), "2026-09-06T04:00Z", 18, id="Santiago"),
        pytest.param("Atlantic/Azores", "2026-10-20T00:30Z", date(2026, 10, 25), "2026-10-25T00:00Z", 5, id="Azores"),
    ],
)
async def test_a_freeze_over_a_change_of_the_clocks_adds_whole_local_days(
    db: str, zone: str, now: str, thaws_on: date, thaws_at: str, days: int
) -> None:
    there, ten = await open_shop(zone, "2026-02-02T15:00Z", days=300)
    thaw = datetime.fromisoformat(thaws_at)
    with on(datetime.fromisoformat(now)):
        freeze = (await run_command(there.root, FreezePackage(ten, "away", thaws_on=thaws_on))).outcome
        assert (freeze.days, freeze.thaws_at) == (days, thaw)
        assert [(lot.was, lot.last_day) for lot in freeze.lots] == [
            (date(2026, 11, 29), date(2026, 11, 29) + timedelta(days=days))
        ]
    with on(thaw - TICK):
        refusal = await refused(PackageFrozen, there.root, there.use(ten))
        assert (refusal.thaws_at, refusal.thaws_on) == (thaw, thaws_on)
    with on(thaw):
        assert (await run_command(there.root, there.use(ten))).outcome.remaining == 9


async def test_a_freeze_that_ends_early_lasts_the_local_days_between_whatever_the_hours(db: str) -> None:
    there, ten = await open_shop("Africa/Cairo", "2026-02-02T15:00Z", days=300)
    with on(datetime.fromisoformat("2026-04-23T21:59Z")):  # 23:59 of the 23rd; at 22:00 it is 01:00 of the 24th
        await run_command(there.root, FreezePackage(ten, "away"))
    with on(datetime.fromisoformat("2026-04-23T22:00Z")):
        ended = (await run_command(there.root, UnfreezePackage(ten, "back already"))).outcome
        assert (ended.days, [lot.last_day for lot in ended.lots]) == (1, [date(2026, 11, 30)])
        # One of the sixty days that the terms allow is used, however short it was.
        refusal = await refused(FreezeBeyondLimit, there.root, FreezePackage(ten, "away", thaws_on=date(2026, 6, 23)))
        assert (refusal.asked_days, refusal.days_left, refusal.latest_thaw) == (60, 59, date(2026, 6, 22))
