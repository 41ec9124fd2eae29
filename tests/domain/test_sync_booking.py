"""What a scheduler says is done once, however often and in whatever order it says it; the newest word counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.booked import Attachment, ExternalRef
from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.errors import BookingEnded, BookingInPast, BookingNotStarted, BookingOverlaps, ServiceNotOffered
from domain.bookings.rules import AttachmentKind, State
from domain.bookings.sync_booking import Effect
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import Shortfall
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.packages.errors import BranchClosed, NotEnoughSessions, PackageExpired
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused
from tests.fixtures.unchanged import unchanged
from tests.fixtures.visits import (
    LAPSES,
    TICK,
    VISIT,
    assert_audited,
    booked,
    bought,
    counts,
    ended,
    heard,
    posted_by,
    story,
    the_booking,
    told,
    versions,
)

pytestmark = pytest.mark.anyio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FREE_UNTIL = VISIT - DAY
CONFIRMED, COMPLETED, CANCELLED = State.CONFIRMED, State.COMPLETED, State.CANCELLED
BOOKED, MOVED, ENDED, NOTED, STALE = Effect.BOOKED, Effect.MOVED, Effect.ENDED, Effect.NOTED, Effect.STALE


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_visit_is_booked_moved_and_completed_as_it_is_told(house: Harbour) -> None:
    package_id = await bought(house)
    made = await heard(house, told(house, MONDAY, CONFIRMED, sessions=2))
    assert (made.effects, made.state) == ((BOOKED,), "CONFIRMED")
    moved = await heard(house, told(house, MONDAY + HOUR, CONFIRMED, starts_at=VISIT + DAY, sessions=2))
    assert (moved.effects, moved.booking_id) == ((MOVED,), made.booking_id)
    done = await heard(house, told(house, VISIT + 2 * DAY, COMPLETED, starts_at=VISIT + DAY, sessions=2))
    assert (done.effects, done.state) == ((ENDED,), "COMPLETED")
    kept = await the_booking(house, made.booking_id)
    assert (kept.starts_at, kept.told_at, kept.reschedules) == (VISIT + DAY, VISIT + 2 * DAY, 1)
    assert await story(made.booking_id) == ["BOOKED", "RESCHEDULED", "COMPLETED"]
    assert (await counts(package_id), await versions(package_id)) == ([(8, 0, 2, 0)], [1, 2, 3, 4])
    assert await posted_by(made.booking_id, "COMPLETED") == [
        ("DEFERRED_REVENUE", house.lis, 9000),
        ("REVENUE", house.lis, -9000),
    ]
    acts = await rows("SELECT act, effective_at FROM operation WHERE principal = 'INTEGRATION' ORDER BY seq")
    assert {row["act"] for row in acts} == {"sync_booking", "book_session", "reschedule_booking", "complete_booking"}
    await assert_audited(house)


async def test_the_same_event_again_and_an_older_one_change_nothing(house: Harbour) -> None:
    await bought(house)
    first, moved = (
        told(house, MONDAY, CONFIRMED),
        told(house, MONDAY + HOUR, CONFIRMED, starts_at=VISIT + DAY),
    )
    await heard(house, first)
    await heard(house, moved)
    for again in (first, moved, told(house, MONDAY + HOUR - TICK, CANCELLED)):
        async with unchanged(but=("operation", "unsealed_operation", "sqlite_sequence")):
            assert (await heard(house, again, MONDAY + DAY)).effects == (STALE,)


async def test_the_same_message_later_is_only_noted(house: Harbour) -> None:
    await bought(house)
    made = await heard(house, told(house, MONDAY, CONFIRMED))
    form = Attachment(AttachmentKind.FORM, "Consent", "forms/1")
    again = await heard(house, told(house, MONDAY + HOUR, CONFIRMED, attachments=(form,)))
    kept = await the_booking(house, made.booking_id)
    assert (again.effects, kept.told_at, kept.attachments) == ((NOTED,), MONDAY + HOUR, (form,))
    assert await story(made.booking_id) == ["BOOKED"]


async def test_a_cancellation_that_comes_before_its_booking_keeps_it_from_holding_anything(house: Harbour) -> None:
    package_id = await bought(house)
    off = await heard(house, told(house, MONDAY + HOUR, CANCELLED))
    assert (off.effects, off.state) == ((NOTED,), "CANCELLED")
    late = await heard(house, told(house, MONDAY, CONFIRMED), MONDAY + 2 * HOUR)
    assert (late.effects, late.state, late.booking_id) == ((STALE,), "CANCELLED", off.booking_id)
    assert (await counts(package_id), await story(off.booking_id)) == ([(10, 0, 0, 0)], ["CANCELLED"])
    await assert_audited(house)


async def test_whether_a_cancellation_was_late_is_told_by_when_it_was_said(house: Harbour) -> None:
    package_id = await bought(house)
    await heard(house, told(house, MONDAY, CONFIRMED))
    early = await heard(house, told(house, FREE_UNTIL, CANCELLED), VISIT + DAY)
    assert (early.effects, early.state) == ((ENDED,), "CANCELLED")
    other: dict[str, Any] = {"external": ExternalRef("cal", "A-2"), "starts_at": VISIT}
    await heard(house, told(house, MONDAY, CONFIRMED, **other))
    late = await heard(house, told(house, FREE_UNTIL + TICK, CANCELLED, **other))
    assert late.state == "LATE_CANCELLED"
    again = await heard(house, told(house, VISIT, CANCELLED, **other))
    assert (again.effects, again.state) == ((NOTED,), "LATE_CANCELLED")
    assert await counts(package_id) == [(9, 0, 1, 0)]
    await assert_audited(house)


async def test_a_visit_that_is_told_when_it_is_over(house: Harbour) -> None:
    package_id = await bought(house)
    done = await heard(house, told(house, VISIT + HOUR, COMPLETED), VISIT + 7 * DAY)
    assert (done.effects, done.state) == ((BOOKED, ENDED), "COMPLETED")
    assert await story(done.booking_id) == ["BOOKED", "COMPLETED"]
    assert await counts(package_id) == [(9, 0, 1, 0)]
    missed = told(house, VISIT + DAY, State.NO_SHOW, external=ExternalRef("cal", "A-2"), starts_at=VISIT + 3 * HOUR)
    assert (await heard(house, missed)).state == "NO_SHOW"
    with on(VISIT + 7 * DAY + TICK):
        old = told(house, VISIT, COMPLETED, external=ExternalRef("cal", "A-3"))
        refusal = await refused(BookingInPast, house.integrator, old)
        assert (refusal.starts_at, refusal.earliest) == (VISIT, VISIT + TICK)
    await assert_audited(house)


@pytest.mark.parametrize("swept", [False, True])
async def test_a_visit_before_the_lapse_is_found_its_session_whether_the_sweep_ran_or_not(
    house: Harbour, swept: bool
) -> None:
    package_id = await bought(house)
    if swept:
        with on(LAPSES):
            assert await lapse_packages() == 1
    done = await heard(house, told(house, LAPSES + HOUR, COMPLETED, starts_at=LAPSES - HOUR))
    assert done.state == "COMPLETED"
    with on(LAPSES + HOUR):
        await lapse_packages()
        assert await counts(package_id) == [(0, 0, 1, 9)]
        other: dict[str, Any] = {"external": ExternalRef("cal", "A-2"), "package_id": package_id}
        after = told(house, LAPSES + HOUR, COMPLETED, starts_at=LAPSES, **other)
        await refused(PackageExpired, house.integrator, after)
    await assert_audited(house)


async def test_a_move_that_is_heard_after_the_old_start_still_counts(house: Harbour) -> None:
    package_id = await bought(house)
    made = await heard(house, told(house, MONDAY, CONFIRMED))
    late = await heard(house, told(house, VISIT - HOUR, CONFIRMED, starts_at=VISIT + DAY), VISIT + 2 * HOUR)
    assert late.effects == (MOVED,)
    both = told(house, VISIT + 3 * DAY, COMPLETED, starts_at=VISIT + 2 * DAY, branch_id=house.mad)
    assert (await heard(house, both)).effects == (MOVED, ENDED)
    assert (await the_booking(house, made.booking_id)).branch_id == house.mad
    assert (await counts(package_id), await versions(package_id)) == ([(9, 0, 1, 0)], [1, 2, 3, 4, 5])
    await assert_audited(house)


async def test_the_business_calls_off_through_the_scheduler(house: Harbour) -> None:
    package_id = await bought(house)
    await heard(house, told(house, LAPSES - 9 * DAY, CONFIRMED, starts_at=LAPSES - HOUR))
    off = told(house, LAPSES + HOUR, State.CANCELLED_BY_BUSINESS, starts_at=LAPSES - HOUR)
    assert (await heard(house, off)).state == "CANCELLED_BY_BUSINESS"
    assert await counts(package_id) == [(9, 0, 0, 0), (1, 0, 0, 0)]
    await assert_audited(house)


async def test_what_ended_here_does_not_end_otherwise_there(house: Harbour) -> None:
    await bought(house)
    made = await heard(house, told(house, MONDAY, CONFIRMED))
    await ended(house, MONDAY + HOUR, CancelBooking(made.booking_id))
    with on(VISIT):
        for state in (CONFIRMED, COMPLETED, State.NO_SHOW):
            refusal = await refused(BookingEnded, house.integrator, told(house, VISIT, state))
            assert (refusal.booking_id, refusal.state, refusal.ended_at) == (
                made.booking_id,
                "CANCELLED",
                MONDAY + HOUR,
            )
    assert (await heard(house, told(house, VISIT, CANCELLED))).effects == (NOTED,)


async def test_what_the_desk_booked_under_the_reference_is_the_scheduler_s_too(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house, external=ExternalRef("cal", "A-1"))
    done = await heard(house, told(house, MONDAY - DAY, CONFIRMED, starts_at=VISIT + DAY), MONDAY)
    assert (done.booking_id, done.effects) == (booking_id, (MOVED,))


async def test_on_its_day_a_visit_may_be_completed_and_not_missed_before_it_starts(house: Harbour) -> None:
    await bought(house)
    await heard(house, told(house, MONDAY, CONFIRMED))
    with on(VISIT - HOUR):
        early = told(house, VISIT - HOUR, State.NO_SHOW)
        assert (await refused(BookingNotStarted, house.integrator, early)).starts_at == VISIT
    with on(VISIT - DAY):
        await refused(BookingNotStarted, house.integrator, told(house, VISIT - DAY, COMPLETED))
    assert (await heard(house, told(house, VISIT - HOUR, COMPLETED))).state == "COMPLETED"


async def test_it_is_refused_what_everybody_is(house: Harbour) -> None:
    await bought(house, house.trial)
    await bought(house)
    with on(MONDAY):
        confirm = told(house, MONDAY, CONFIRMED)
        await refused(NotEnoughSessions, house.integrator, replace(confirm, sessions=11))
        await refused(NotEnoughSessions, house.integrator, replace(confirm, service_id=house.massage))
        await run_command(house.integrator, confirm)
        other = replace(confirm, external=ExternalRef("cal", "A-2"))
        await refused(BookingOverlaps, house.integrator, other)
        await execute("DELETE FROM service_price WHERE branch_id = $1", house.pdl)
        await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", VISIT, house.mad)
        for branch_id, reason in ((house.pdl, ServiceNotOffered), (house.mad, BranchClosed)):
            await refused(reason, house.integrator, replace(other, branch_id=branch_id, starts_at=VISIT + DAY))
            moved = replace(confirm, told_at=MONDAY + TICK, branch_id=branch_id, starts_at=VISIT + DAY)
            await refused(reason, house.integrator, moved)
        for person in (house.manager_lis, house.desk_lis, house.accountant):
            await refused(Forbidden, person, confirm)


async def test_a_booking_is_somebody_s_and_for_something_and_so_many(house: Harbour) -> None:
    await bought(house)
    await heard(house, told(house, MONDAY, CONFIRMED))
    with on(MONDAY + HOUR):
        later = told(house, MONDAY + HOUR, CONFIRMED)
        for changed in (replace(later, customer_id=house.rui), replace(later, service_id=house.massage)):
            assert (await refused(NotFound, house.integrator, changed)).path == ("externalRef", "reference")
        more = replace(later, sessions=2)
        assert (await refused(InvalidInput, house.integrator, more)).path == ("sessions",)
        assert (await run_command(house.integrator, replace(later, sessions=2, state=CANCELLED))).outcome.effects == (
            ENDED,
        )


async def test_a_visit_on_the_account_is_completed_and_charged(house: Harbour) -> None:
    with on(MONDAY):
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))
    done = await heard(house, told(house, VISIT, COMPLETED))
    assert (done.effects, await story(done.booking_id)) == ((BOOKED, ENDED), ["BOOKED", "COMPLETED"])
    assert await rows("SELECT sessions, amount_minor FROM charge") == [{"sessions": 1, "amount_minor": 5000}]
    await assert_audited(house)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"told_at": MONDAY + timedelta(minutes=5) + TICK}, ("toldAt",)),
        ({"told_at": datetime(1969, 12, 31, tzinfo=UTC)}, ("toldAt",)),
        ({"state": State.LATE_CANCELLED}, ("state",)),
        ({"sessions": 0}, ("sessions",)),
        ({"minutes": 0}, ("minutes",)),
        ({"starts_at": MONDAY + timedelta(days=3661)}, ("startsAt",)),
        ({"starts_at": datetime(1, 1, 1, tzinfo=UTC)}, ("startsAt",)),
        ({"external": ExternalRef("cal", " ")}, ("externalRef", "reference")),
        ({"reason": "x" * 501}, ("reason",)),
    ],
)
async def test_bad_input(house: Harbour, changed: dict[str, Any], path: tuple[str, ...]) -> None:
    with on(MONDAY):
        bad = replace(told(house, MONDAY, CONFIRMED), **changed)
        assert (await refused(InvalidInput, house.integrator, bad)).path == path


async def test_the_desk_completes_what_the_scheduler_booked(house: Harbour) -> None:
    await bought(house)
    made = await heard(house, told(house, MONDAY, CONFIRMED))
    await ended(house, VISIT, CompleteBooking(made.booking_id))
    assert (await heard(house, told(house, VISIT + HOUR, COMPLETED))).effects == (NOTED,)
