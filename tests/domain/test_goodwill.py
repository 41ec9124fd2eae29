"""Goodwill gives sessions without value, for a reason, by those who may, and says until when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.kernel.commands import run_command
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.rules import Origin
from domain.packages.errors import PackageExpired, WrongService
from domain.packages.grant_goodwill import GoodwillGranted, GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.rules import Status
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, package, posted, refused, sold, used

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_thirty_days_for_every_service_unless_said_otherwise(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.bundle)
        done = await run_command(house.manager_lis, GrantGoodwill(package_id, 2, "a cold room"))
        lot = (await package(house, package_id)).lots[-1]
    assert done.outcome == GoodwillGranted(package_id, lot.id, 2, date(2026, 4, 1), 8)
    assert (lot.origin, lot.available, lot.value_issued_minor) == (Origin.GOODWILL, 2, 0)
    assert lot.services == {house.massage, house.facial}
    assert lot.expires_at == lot.lapses_at == datetime(2026, 4, 1, 23, tzinfo=UTC)
    assert await posted(done.operation_id) == []


async def test_for_one_service_until_a_day(house: Harbour) -> None:
    package_id = await sold(house, house.bundle)
    day = date(2030, 1, 1)
    await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry", (house.facial,), day))
    lot = (await package(house, package_id)).lots[-1]
    assert (set(lot.services), lot.last_day) == ({house.facial}, day)


async def test_goodwill_brings_an_expired_package_back_into_use(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(MONDAY + timedelta(days=200)):
        await refused(PackageExpired, house.owner, RedeemSession(house.physio, house.lis, package_id))
        await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
        assert (await package(house, package_id)).status is Status.ACTIVE
        done = await used(house, package_id)
    assert (done.outcome.remaining, await posted(done.operation_id)) == (0, [])


async def test_managers_of_the_home_branch_and_owners_only(house: Harbour) -> None:
    command = GrantGoodwill(await sold(house, house.ten), 1, "sorry")
    for actor in (house.desk_lis, house.practitioner_lis, house.manager_mad, house.accountant, house.integrator):
        await refused(Forbidden, actor, command)


async def test_what_cannot_be_granted(house: Harbour) -> None:
    with on(MONDAY):
        good = GrantGoodwill(await sold(house, house.ten), 1, "sorry")
        for bad, path in (
            (replace(good, sessions=0), "sessions"),
            (replace(good, sessions=-1), "sessions"),
            (replace(good, sessions=1001), "sessions"),
            (replace(good, reason=" "), "reason"),
            (replace(good, reason="x" * 501), "reason"),
            (replace(good, last_day=date(2026, 3, 1)), "lastDay"),
            (replace(good, last_day=date(9999, 12, 31)), "lastDay"),
        ):
            assert (await refused(InvalidInput, house.owner, bad)).path == (path,)
        refusal = await refused(WrongService, house.owner, replace(good, service_ids=(house.facial,)))
        assert (refusal.service_id, refusal.services) == (house.facial, (house.physio,))
        await refused(NotFound, house.owner, replace(good, package_id="pkg_none"))
        await refused(NotFound, house.other_owner, good)
        assert (await run_command(house.owner, replace(good, last_day=date(2026, 3, 2)))).outcome.remaining == 11
