"""The last minutes of packages under every sky: they end with the branch's own day, where that has no midnight too."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.catalog.terms import Expiry, Validity
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.audit import audit_ledgers
from domain.ledger.seal import seal_operations
from domain.packages import reading
from domain.packages.errors import PackageExpired
from domain.packages.rules import Status
from domain.packages.view import PackageView
from tests.fixtures.desk import on, refused
from tests.fixtures.golden import cases
from tests.fixtures.skies import Shop, shop

pytestmark = pytest.mark.anyio

TICK = timedelta(microseconds=1)
SKIES = [
    # The last day with its grace, the instant at which it ends, and what the wall shows then.
    pytest.param("America/Santiago", date(2026, 9, 5), "2026-09-06T04:00Z", "01:00-03:00", id="Santiago, no midnight"),
    pytest.param("America/Santiago", date(2026, 4, 4), "2026-04-05T04:00Z", "00:00-04:00", id="Santiago, 23:00 twice"),
    pytest.param("Africa/Cairo", date(2026, 4, 23), "2026-04-23T22:00Z", "01:00+03:00", id="Cairo, no midnight"),
    pytest.param("Africa/Cairo", date(2026, 10, 29), "2026-10-29T22:00Z", "00:00+02:00", id="Cairo, 23:00 twice"),
    pytest.param("Asia/Beirut", date(2026, 3, 28), "2026-03-28T22:00Z", "01:00+03:00", id="Beirut, no midnight"),
    pytest.param("Asia/Beirut", date(2026, 10, 24), "2026-10-24T22:00Z", "00:00+02:00", id="Beirut, 23:00 twice"),
    pytest.param("Atlantic/Azores", date(2026, 10, 24), "2026-10-25T00:00Z", "00:00+00:00", id="Azores, 00:00 twice"),
]


async def seen(there: Shop, package_id: str) -> PackageView:
    """The package as it is read now."""
    return (await reading.by_ids(there.root, [package_id]))[package_id]


async def ends_at(there: Shop, package_id: str, instant: datetime) -> None:
    """The last session can be used one microsecond before the instant, and at the instant nothing can."""
    with on(instant - TICK):
        await run_command(there.root, there.use(package_id))
    with on(instant):
        refusal = await refused(PackageExpired, there.root, there.use(package_id))
        assert refusal.lapsed_at == instant
        assert ((await seen(there, package_id)).status, (await seen(there, package_id)).remaining) == (
            Status.EXPIRED,
            0,
        )


async def golden(asked: dict[str, Any], expect: dict[str, Any]) -> None:
    """Sell with that validity under that sky, and see until when it can be used."""
    with on(datetime.fromisoformat(asked["sold_at"])):
        there = await shop(asked["zone"])
        package_id = await there.sold(Validity(**asked["valid"]))
        assert (await seen(there, package_id)).expires_on == date.fromisoformat(expect["last_day"])
    await ends_at(there, package_id, datetime.fromisoformat(expect["expires_at"]))


@pytest.mark.parametrize(("asked", "expect"), cases("calendar"))
async def test_golden_calendar_at_the_desk(sqlite_db: str, asked: dict[str, Any], expect: dict[str, Any]) -> None:
    await golden(asked, expect)


@pytest.mark.parametrize(("asked", "expect"), cases("calendar", "CA05", "CA07", "CA09", "CA11", "CA15", "CA19"))
async def test_golden_calendar_on_postgresql(postgres_db: str, asked: dict[str, Any], expect: dict[str, Any]) -> None:
    await golden(asked, expect)


@pytest.mark.parametrize(("zone", "last", "ends", "wall"), SKIES)
async def test_without_grace_a_package_ends_with_the_last_day(
    db: str, zone: str, last: date, ends: str, wall: str
) -> None:
    instant = datetime.fromisoformat(ends)
    assert instant.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")[11:] == wall
    with on(instant - timedelta(days=40)):
        there = await shop(zone)
        package_id = await there.sold(Validity(until=last))
    await ends_at(there, package_id, instant)


@pytest.mark.parametrize(("zone", "last", "ends", "wall"), SKIES)
async def test_grace_ends_with_its_last_day_and_the_lapse_is_posted_on_the_next(
    db: str, zone: str, last: date, ends: str, wall: str
) -> None:
    instant = datetime.fromisoformat(ends)
    with on(instant - timedelta(days=40)):
        there = await shop(zone)
        package_id = await there.sold(Validity(until=last - timedelta(days=7), expiry=Expiry.SOFT, grace_days=7))
    with on(instant - timedelta(days=6, hours=12)):
        assert (await seen(there, package_id)).status is Status.IN_GRACE
    await ends_at(there, package_id, instant)

    # The sweep comes three days late and counts all the same from that instant.
    with on(instant + timedelta(days=3)):
        assert await lapse_packages() == 1
    (entry,) = await rows("SELECT effective_at, posted_on FROM journal_entry WHERE event = 'LAPSE'")
    assert (entry["effective_at"], entry["posted_on"]) == (instant, last + timedelta(days=1))
    await seal_operations()
    assert await audit_ledgers(there.root.chain_id) == []


@pytest.mark.parametrize("last", [date(2011, 12, 29), date(2011, 12, 30)])
async def test_in_apia_the_30th_of_december_2011_never_came(sqlite_db: str, last: date) -> None:
    with on(datetime.fromisoformat("2011-12-01T20:00Z")):
        there = await shop("Pacific/Apia")
        package_id = await there.sold(Validity(until=last))
    await ends_at(there, package_id, datetime.fromisoformat("2011-12-30T10:00Z"))
