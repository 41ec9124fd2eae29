"""Who besides the holder may use a package, up to which limit, and what revoking leaves as it is."""

from datetime import timedelta
from typing import Any

import pytest

from domain.bookings.book_session import BookSession
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.reschedule_booking import RescheduleBooking
from domain.bookings.rules import Start
from domain.customers.change_household import ChangeHousehold
from domain.customers.errors import NotInHousehold
from domain.kernel import clock
from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from domain.packages import reading
from domain.packages.errors import NotEnoughSessions, PersonMayNotUse, ShareLimitReached
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.sharing.errors import NotShared, SharedWithHolder, SharingNotAllowed
from domain.sharing.reading import shares_of
from domain.sharing.revoke_sharing import RevokeSharing
from domain.sharing.share_package import SharePackage
from domain.sharing.share_with_household import ShareWithHousehold
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, customer, customer_actor
from tests.fixtures.desk import MONDAY, left, on, refused, sold, used
from tests.fixtures.families import family, shared
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio


def _use(house: Harbour, package_id: str | None, customer_id: str, sessions: int = 1) -> RedeemSession:
    return RedeemSession(house.physio, house.lis, package_id, customer_id, sessions)


def _book(house: Harbour, package_id: str | None, customer_id: str, hours: int = 24, **rest: Any) -> BookSession:
    start = Start(at=clock.now() + timedelta(hours=hours))
    return BookSession(house.physio, house.lis, customer_id, (start,), package_id=package_id, **rest)


async def _seen(actor: Actor) -> list[str]:
    found = await rows("SELECT id FROM package ORDER BY id")
    return [each["id"] for each in found if each["id"] in await reading.by_ids(actor, [each["id"]])]


async def _shares(actor: Actor, package_id: str, revoked: bool = False) -> list[tuple[str, int | None, int, bool]]:
    found = (await shares_of(actor, [package_id], revoked))[package_id]
    return [(each.customer_id, each.most_sessions, each.used, each.revoked_at is not None) for each in found]


async def test_a_member_with_a_limit_uses_no_more_by_redeeming_and_booking_together(db: str) -> None:
    with on(MONDAY):
        home = await family(db)
        house, leo = home.house, home.leo
        await shared(house, home.shared, leo, 3)
        first = await used(house, home.shared, customer_id=leo)
        booking_id = await booked(house, clock.now() + timedelta(hours=24), customer_id=leo, package_id=home.shared)
        refusal = await refused(ShareLimitReached, house.desk_lis, _use(house, home.shared, leo, 2))
        assert (refusal.limit, refusal.used, refusal.asked, refusal.person_id) == (3, 2, 2, leo)
        await used(house, home.shared, customer_id=leo)
        for command in (_use(house, home.shared, leo), _use(house, None, leo), _book(house, home.shared, leo, 48)):
            refusal = await refused(ShareLimitReached, house.desk_lis, command)
            assert (refusal.limit, refusal.used, refusal.asked) == (3, 3, 1)
        await run_command(house.owner, ReverseRedemption(first.operation_id, Fault.BUSINESS, "typed twice"))
        assert await _shares(house.owner, home.shared) == [(leo, 3, 2, False)]
    with on(MONDAY + timedelta(hours=24)):
        await run_command(house.owner, CompleteBooking(booking_id))
        assert await _shares(house.owner, home.shared) == [(leo, 3, 2, False)]
        await used(house, home.shared, customer_id=house.rui, sessions=7)
        assert await left(home.shared) == [(1, 4500)]


async def test_of_a_group_each_companion_counts_one_and_who_booked_the_others(db: str) -> None:
    with on(MONDAY):
        home = await family(db)
        house, leo = home.house, home.leo
        await shared(house, home.shared, leo, 2)
        await shared(house, home.shared, house.rui, 3)
        group: dict[str, Any] = {"sessions": 4, "companion_ids": (leo,)}
        done = await run_command(house.owner, _book(house, home.shared, house.rui, **group))
        assert await _shares(house.owner, home.shared) == [(leo, 2, 1, False), (house.rui, 3, 3, False)]
        refusal = await refused(ShareLimitReached, house.owner, _book(house, home.shared, house.rui, 48))
        assert (refusal.person_id, refusal.used) == (house.rui, 3)
        series = BookSession(
            house.physio, house.lis, leo, (Start(at=MONDAY + timedelta(days=3)),), 7, 2, package_id=home.shared
        )
        refusal = await refused(ShareLimitReached, house.owner, series)
        assert (refusal.person_id, refusal.limit, refusal.used, refusal.asked) == (leo, 2, 1, 2)
    with on(MONDAY + timedelta(hours=24)):
        await run_command(house.owner, CompleteBooking(done.outcome.bookings[0].booking_id, attended=1))
        assert await _shares(house.owner, home.shared) == [(leo, 2, 0, False), (house.rui, 3, 1, False)]


async def test_a_limit_of_nothing_leaves_only_packages_of_their_own(db: str) -> None:
    home = await family(db)
    house, leo = home.house, home.leo
    await shared(house, home.shared, leo, 0)
    await refused(PersonMayNotUse, house.desk_lis, _use(house, home.shared, leo))
    assert (await refused(NotEnoughSessions, house.desk_lis, _use(house, None, leo))).package_id is None
    await refused(PersonMayNotUse, await customer_actor(house, leo), _book(house, home.shared, leo))
    own = await sold(house, house.ten, customer_id=leo)
    done = await run_command(house.desk_lis, _use(house, None, leo))
    assert done.outcome.package_id == own


async def test_a_cousin_uses_what_she_is_named_for_and_sees_it_as_long(db: str) -> None:
    with on(MONDAY):
        home = await family(db)
        house = home.house
        eva = await customer_actor(house, house.eva)
        await refused(PersonMayNotUse, house.desk_lis, _use(house, home.named, house.eva))
        assert await _seen(eva) == []
        await shared(house, home.named, house.eva, 2)
        assert await _seen(eva) == [home.named]
        assert (await reading.shared_with(house.owner, [house.eva, home.leo], 5)) == {
            house.eva: [home.named],
            home.leo: [home.shared],
        }
        chosen = await run_command(house.desk_lis, _use(house, None, house.eva))
        assert chosen.outcome.package_id == home.named
        booking = await run_command(eva, _book(house, home.named, house.eva))
        await refused(ShareLimitReached, eva, _book(house, None, house.eva, 48))
        await shared(house, home.named, home.leo, 1)
        assert await _shares(eva, home.named) == [(house.eva, 2, 2, False)]
        await run_command(house.desk_lis, RevokeSharing(home.named, house.eva))
        assert await _seen(eva) == []
        await refused(PersonMayNotUse, house.desk_lis, _book(house, home.named, house.eva, 48))
        await refused(NotFound, eva, _book(house, home.named, house.eva, 48))
        booking_id = booking.outcome.bookings[0].booking_id
        moved = RescheduleBooking(booking_id, Start(at=MONDAY + timedelta(days=2)))
        assert (await run_command(eva, moved)).outcome.reschedules == 1
        assert await _shares(house.owner, home.named, revoked=True) == [
            (house.eva, 2, 2, True),
            (home.leo, 1, 0, False),
        ]
    with on(MONDAY + timedelta(days=2)):
        done = await run_command(house.desk_lis, CompleteBooking(booking_id))
    assert (done.outcome.used, done.outcome.remaining) == (1, 8)


async def test_a_guardian_turns_the_sharing_of_the_household_off_and_on_and_limits_outlast_that(db: str) -> None:
    home = await family(db)
    house, leo = home.house, home.leo
    rui = await customer_actor(house, house.rui)
    await run_command(rui, SharePackage(home.shared, leo, 3))
    await used(house, home.shared, customer_id=leo)
    await run_command(rui, RevokeSharing(home.shared))
    for person in (leo, house.rui):
        await refused(PersonMayNotUse, house.desk_lis, _use(house, home.shared, person))
    assert (await refused(NotShared, rui, RevokeSharing(home.shared))).customer_id is None
    await refused(NotShared, rui, SharePackage(home.shared, leo, 5))
    await run_command(rui, ShareWithHousehold(home.shared))
    assert await _shares(house.owner, home.shared) == [(leo, 3, 1, False)]
    await run_command(rui, RevokeSharing(home.shared, leo))
    await refused(PersonMayNotUse, house.desk_lis, _use(house, home.shared, leo))
    assert (await refused(NotShared, rui, RevokeSharing(home.shared, leo))).customer_id == leo
    await shared(house, home.shared, leo)
    await used(house, home.shared, customer_id=leo, sessions=9)
    assert await _shares(house.owner, home.shared, revoked=True) == [
        (leo, 3, 10, True),
        (leo, 0, 10, True),
        (leo, None, 10, False),
    ]


async def test_only_the_holder_guardians_and_the_desk_at_home_share(db: str) -> None:
    home = await family(db)
    house, leo = home.house, home.leo
    actors = {each: await customer_actor(house, each) for each in (house.ana, leo, house.eva)}
    await refused(Forbidden, actors[leo], SharePackage(home.shared, house.rui, 1))
    await refused(NotFound, actors[leo], RevokeSharing(home.named))
    await refused(NotFound, actors[house.eva], RevokeSharing(home.shared))
    await refused(NotFound, actors[house.ana], SharePackage(home.named, house.eva))
    secret = await sold(house, house.ten, customer_id=leo)
    await refused(NotFound, actors[house.ana], RevokeSharing(secret))
    await refused(Forbidden, house.manager_mad, ShareWithHousehold(home.shared))
    await refused(Forbidden, house.accountant, ShareWithHousehold(home.shared))
    await refused(NotFound, house.other_owner, ShareWithHousehold(home.shared))
    await run_command(actors[house.ana], SharePackage(home.named, leo, 1))
    await run_command(house.owner, ChangeHousehold(house.household, guardians=(house.rui,)))
    await run_command(await customer_actor(house, house.rui), RevokeSharing(home.named, leo))
    own = await sold(house, house.buy_3_free_1, customer_id=house.rui)
    await refused(Forbidden, actors[house.ana], RevokeSharing(own))


async def test_what_cannot_be_shared_so_is_refused(db: str) -> None:
    home = await family(db)
    house = home.house
    plain = await sold(house, house.ten)
    unknown = new_id("cus")
    desk = house.desk_lis
    assert (await refused(SharingNotAllowed, desk, SharePackage(plain, house.rui))).sharing == "NONE"
    assert (await refused(SharingNotAllowed, desk, ShareWithHousehold(home.named))).sharing == "NAMED"
    await refused(SharingNotAllowed, desk, RevokeSharing(plain))
    await refused(SharedWithHolder, desk, SharePackage(home.shared, house.ana, 1))
    await refused(NotInHousehold, desk, SharePackage(home.shared, house.eva, 1))
    await refused(InvalidInput, desk, SharePackage(home.shared, house.rui, -1))
    for nobody in (unknown, house.other_customer):
        await refused(NotFound, desk, SharePackage(home.named, nobody))
        await refused(NotFound, desk, RevokeSharing(home.named, nobody))
    await refused(NotShared, desk, RevokeSharing(home.named, house.eva))
    await refused(NotShared, desk, RevokeSharing(home.named))


async def test_who_leaves_the_household_shares_no_more_and_keeps_what_was_used(db: str) -> None:
    home = await family(db)
    house, leo = home.house, home.leo
    await used(house, home.shared, customer_id=leo)
    await run_command(house.desk_lis, ChangeHousehold(house.household, remove=(leo,)))
    await refused(PersonMayNotUse, house.desk_lis, _use(house, home.shared, leo))
    assert await left(home.shared) == [(9, 40500)]
    assert await _seen(await customer_actor(house, leo)) == []


async def test_of_two_uses_at_once_that_pass_the_limit_together_one_is_refused(db: str) -> None:
    home = await family(db)
    house, leo = home.house, home.leo
    await shared(house, home.shared, leo, 3)
    answers = await at_once(
        run_command(house.desk_lis, _use(house, home.shared, leo, 2)),
        run_command(house.owner, _use(house, None, leo, 2)),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "ShareLimitReached"]
    assert await _shares(house.owner, home.shared) == [(leo, 3, 2, False)]


async def test_to_revoke_while_the_person_redeems_lets_one_of_them_be_first(db: str) -> None:
    home = await family(db)
    house = home.house
    await shared(house, home.named, house.eva)
    redeemed, revoked = await at_once(
        run_command(house.desk_lis, _use(house, home.named, house.eva)),
        run_command(house.owner, RevokeSharing(home.named, house.eva)),
    )
    assert type(revoked).__name__ == "Done"
    assert type(redeemed).__name__ in ("Done", "PersonMayNotUse")
    await refused(PersonMayNotUse, house.desk_lis, _use(house, home.named, house.eva))


async def test_a_sharer_costs_a_statement_more_than_the_holder(sqlite_db: str) -> None:
    home = await family(sqlite_db)
    house, leo = home.house, home.leo
    other = await customer(house.owner, "Gil", "Rocha", house.lis)
    await shared(house, home.shared, leo, 5)
    await shared(house, home.named, other, 5)
    costs = []
    for package_id, person in ((home.shared, house.ana), (home.shared, leo), (home.named, other)):
        with counting() as counter:
            await run_command(house.desk_lis, _use(house, package_id, person))
        costs.append(len(counter))
    assert [cost - costs[0] for cost in costs] == [0, 1, 1]
