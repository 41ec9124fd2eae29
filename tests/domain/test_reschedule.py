"""A visit that moves takes its sessions with it, on lots that can be used then, as often and as long as terms allow."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.errors import (
    BookingEnded,
    BookingInPast,
    BookingOverlaps,
    BookingStarted,
    NoReschedulesLeft,
    NoSuchLocalTime,
    ServiceNotOffered,
    TooLateToReschedule,
)
from domain.bookings.reschedule_booking import RescheduleBooking
from domain.bookings.rules import Start
from domain.catalog.terms import Item, Missed, Validity, ValidityStart
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.packages.errors import BranchClosed, PackageDisputed, PackageExpired, WrongBranch
from domain.packages.grant_goodwill import GrantGoodwill
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, refused, sold
from tests.fixtures.visits import (
    LAPSES,
    TICK,
    VISIT,
    assert_audited,
    booked,
    bought,
    counts,
    ended,
    lenient,
    story,
    the_booking,
    versions,
    visit,
)

pytestmark = pytest.mark.anyio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FREE_UNTIL = VISIT - DAY


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def to(booking_id: str, start: datetime = VISIT + DAY, **rest: Any) -> RescheduleBooking:
    return RescheduleBooking(booking_id, Start(start), **rest)


async def movements(booking_id: str) -> list[tuple[str, str, int]]:
    found = await rows("SELECT source, target, sessions FROM movement WHERE booking_id = $1 ORDER BY id", booking_id)
    return [(row["source"], row["target"], row["sessions"]) for row in found]


async def test_the_lot_that_holds_is_kept_where_it_can_be_used_then(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house, sessions=2)
    done = await ended(house, MONDAY, to(booking_id, reason="a meeting"))
    (lot,) = await rows("SELECT id FROM lot WHERE package_id = $1", package_id)
    assert (done.starts_at, done.ends_at) == (VISIT + DAY, VISIT + DAY + timedelta(minutes=45))
    assert [(held.lot_id, held.sessions) for held in done.held] == [(lot["id"], 2)]
    assert (done.reschedules, done.remaining, done.why) == (1, 8, "10 issued - 2 held = 8 available")
    assert await movements(booking_id) == [("AVAILABLE", "HELD", 2)]
    assert await story(booking_id) == ["BOOKED", "RESCHEDULED"]
    found = await rows("SELECT starts_at, note FROM booking_change WHERE booking_id = $1 ORDER BY id", booking_id)
    assert [(row["starts_at"], row["note"]) for row in found] == [(VISIT, ""), (VISIT + DAY, "a meeting")]
    assert await versions(package_id) == [1, 2, 3]
    await assert_audited(house)


async def test_the_hold_moves_to_a_lot_that_is_alive_then(house: Harbour) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        await run_command(house.owner, GrantGoodwill(package_id, 2, "sorry", last_day=date(2026, 3, 10)))
    booking_id = await booked(house, sessions=2)
    assert await counts(package_id) == [(10, 0, 0, 0), (0, 2, 0, 0)]
    await ended(house, MONDAY, to(booking_id, VISIT + 2 * DAY))
    assert await counts(package_id) == [(8, 2, 0, 0), (2, 0, 0, 0)]
    assert await movements(booking_id) == [
        ("AVAILABLE", "HELD", 2),
        ("HELD", "AVAILABLE", 2),
        ("AVAILABLE", "HELD", 2),
    ]
    await ended(house, MONDAY, to(booking_id, VISIT + 2 * DAY + HOUR))
    assert len(await movements(booking_id)) == 3
    await assert_audited(house)


async def test_what_outlived_the_lapse_cannot_be_put_off(house: Harbour) -> None:
    package_id = await lenient(house, late=Missed.RETURN)
    hard_end = datetime(2026, 8, 29, 23, tzinfo=UTC)
    booking_id = await booked(house, hard_end - HOUR, at=hard_end - 5 * DAY)
    with on(hard_end - 2 * HOUR):
        refusal = await refused(PackageExpired, house.owner, to(booking_id, hard_end))
        assert (refusal.package_id, refusal.lapsed_at) == (package_id, hard_end)
        await run_command(house.owner, to(booking_id, hard_end - TICK))
        await lapse_packages()
    assert await counts(package_id) == [(9, 1, 0, 0)]


async def test_several_times_as_the_terms_allow(house: Harbour) -> None:
    await lenient(house, reschedules=2)
    booking_id = await booked(house)
    for day in (1, 2):
        assert (await ended(house, MONDAY, to(booking_id, VISIT + day * DAY))).reschedules == day
    with on(MONDAY):
        refusal = await refused(NoReschedulesLeft, house.owner, to(booking_id))
        assert (refusal.booking_id, refusal.allowed) == (booking_id, 2)


async def test_as_long_as_cancelling_is_free_then_by_a_manager(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house)
    with on(FREE_UNTIL):
        await run_command(house.desk_lis, to(booking_id, VISIT, minutes=60))
    with on(FREE_UNTIL + TICK):
        for clerk in (house.desk_lis, house.practitioner_lis, house.integrator):
            refusal = await refused(TooLateToReschedule, clerk, to(booking_id))
            assert (refusal.booking_id, refusal.until) == (booking_id, FREE_UNTIL)
        await run_command(house.manager_lis, to(booking_id))
    assert (await the_booking(house, booking_id)).ends_at == VISIT + DAY + HOUR


async def test_to_where_and_when_it_is_anyway_is_no_move(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house)
    with on(FREE_UNTIL + TICK):
        done = (await run_command(house.desk_lis, to(booking_id, VISIT))).outcome
    assert (done.starts_at, done.reschedules, done.remaining) == (VISIT, 0, 9)
    assert [held.sessions for held in done.held] == [1]
    assert (await story(booking_id), await versions(package_id)) == (["BOOKED"], [1, 2, 3])
    assert await movements(booking_id) == [("AVAILABLE", "HELD", 1)]
    await assert_audited(house)


async def test_late_too_where_that_costs_nothing(house: Harbour) -> None:
    await lenient(house, late=Missed.RETURN)
    booking_id = await booked(house)
    with on(VISIT - TICK):
        await run_command(house.desk_lis, to(booking_id))


async def test_not_once_it_has_started_or_ended(house: Harbour) -> None:
    await bought(house)
    first, second = await booked(house), await booked(house, VISIT + DAY)
    with on(VISIT):
        refusal = await refused(BookingStarted, house.owner, to(first, VISIT + 2 * DAY))
        assert (refusal.booking_id, refusal.starts_at) == (first, VISIT)
        await refused(BookingInPast, house.owner, to(second, VISIT - TICK))
        await run_command(house.owner, CancelBooking(second))
        ended = await refused(BookingEnded, house.owner, to(second, VISIT + 2 * DAY))
        assert (ended.booking_id, ended.state, ended.ended_at) == (second, "CANCELLED", VISIT)


async def test_to_another_branch_and_practitioner(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house)
    local = Start(local=datetime.fromisoformat("2026-03-09T10:00"))
    elsewhere = RescheduleBooking(booking_id, local, house.mad, house.practitioner_lis.id)
    with on(MONDAY):
        await refused(Forbidden, house.desk_lis, elsewhere)
        done = await run_command(house.owner, elsewhere)
    assert done.outcome.starts_at == VISIT - HOUR
    moved = await the_booking(house, booking_id)
    assert (moved.branch_id, moved.practitioner_id) == (house.mad, house.practitioner_lis.id)
    with on(MONDAY):
        await refused(Forbidden, house.manager_lis, to(booking_id))
        await run_command(house.manager_mad, to(booking_id, practitioner_id=None))
    assert (await the_booking(house, booking_id)).practitioner_id == house.practitioner_lis.id


async def test_not_where_the_terms_the_prices_or_the_clock_forbid(house: Harbour) -> None:
    trial = await bought(house, house.trial)
    await bought(house)
    facial, physio = await booked(house, service_id=house.facial), await booked(house, VISIT + DAY)
    with on(MONDAY):
        refusal = await refused(WrongBranch, house.owner, to(facial, VISIT, branch_id=house.mad))
        assert (refusal.package_id, refusal.usable_at) == (trial, (house.lis,))
        await refused(NotFound, house.owner, to(facial, VISIT, branch_id=house.other_branch))
        gap = RescheduleBooking(physio, Start(local=datetime.fromisoformat("2026-03-29T01:30")))
        await refused(NoSuchLocalTime, house.owner, gap)
        await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", VISIT, house.mad)
        await refused(BranchClosed, house.owner, to(physio, VISIT + 2 * DAY, branch_id=house.mad))
        await run_command(house.owner, to(physio, VISIT - HOUR, branch_id=house.mad))
        await execute("DELETE FROM service_price WHERE branch_id = $1", house.pdl)
        unsold = await refused(ServiceNotOffered, house.owner, to(physio, branch_id=house.pdl))
        assert unsold.branch_id == house.pdl


async def test_it_may_overlap_itself_but_nobody_else_s_other_visit(house: Harbour) -> None:
    await bought(house)
    booking_id, other = await booked(house), await booked(house, VISIT + DAY)
    await ended(house, MONDAY, to(booking_id, VISIT + timedelta(minutes=10)))
    with on(MONDAY):
        refusal = await refused(BookingOverlaps, house.owner, to(booking_id, VISIT + DAY - timedelta(minutes=44)))
        assert (refusal.booking_id, refusal.starts_at) == (other, VISIT + DAY)


async def test_every_block_must_clear(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house)
    await execute("UPDATE package SET disputed_at = $2 WHERE id = $1", package_id, MONDAY)
    with on(MONDAY):
        await refused(PackageDisputed, house.owner, to(booking_id))


async def test_a_first_visit_that_is_put_off_starts_validity_later_for_those_after_it(house: Harbour) -> None:
    validity = Validity(days=30, starts=ValidityStart.FIRST_USE, start_within_days=90)
    asked = replace(terms(Item((house.physio,), 10), price_minor=45000), validity=validity)
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "FIRST", asked))
    first, second = await booked(house), await booked(house, VISIT + DAY)
    too_late = datetime(2026, 6, 1, 10, tzinfo=UTC)
    with on(MONDAY):
        await refused(PackageExpired, house.owner, to(second, VISIT + 31 * DAY))
        await run_command(house.owner, to(first, VISIT + 2 * DAY))
        await run_command(house.owner, to(second, VISIT + 30 * DAY))
        assert (await refused(PackageExpired, house.owner, to(first, too_late + 90 * DAY))).package_id == package_id
    await assert_audited(house)


async def test_a_customer_moves_only_his_own(house: Harbour) -> None:
    await bought(house, house.bundle)
    booking_id = await booked(house, service_id=house.massage)
    ana, rui = await customer_actor(house, house.ana), await customer_actor(house, house.rui)
    with on(MONDAY):
        assert (await refused(NotFound, rui, to(booking_id))).noun == "booking"
        await run_command(ana, to(booking_id))
    with on(VISIT + TICK):
        await refused(TooLateToReschedule, ana, to(booking_id, VISIT + 3 * DAY))


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"start": Start()}, ("start",)),
        ({"start": Start(VISIT, VISIT.replace(tzinfo=None))}, ("start",)),
        ({"start": Start(MONDAY + timedelta(days=3661))}, ("start",)),
        ({"minutes": 0}, ("minutes",)),
        ({"reason": "x" * 501}, ("reason",)),
    ],
)
async def test_bad_input(house: Harbour, changed: dict[str, Any], path: tuple[str, ...]) -> None:
    await bought(house)
    booking_id = await booked(house)
    with on(MONDAY):
        bad = replace(to(booking_id), **changed)
        assert (await refused(InvalidInput, house.owner, bad)).path == path


async def test_what_does_not_exist_in_the_chain(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house)
    with on(MONDAY):
        for who, command in ((house.owner, to("bkg_none")), (house.other_owner, to(booking_id))):
            assert (await refused(NotFound, who, command)).path == ("bookingId",)
        assert (await run_command(house.owner, visit(house, LAPSES - TICK))).outcome.remaining == 8
