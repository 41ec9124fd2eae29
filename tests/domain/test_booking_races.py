"""Bookings that are made, moved and ended at the same time are so one after the other, and each hold ends once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from domain.bookings.attach_to_booking import AttachToBooking
from domain.bookings.booked import Attachment, ExternalRef
from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.cancel_booking_by_business import CancelBookingByBusiness
from domain.bookings.close_bookings import close_bookings
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.errors import BookingOverlaps
from domain.bookings.mark_no_show import MarkNoShow
from domain.bookings.reschedule_booking import RescheduleBooking
from domain.bookings.rules import AttachmentKind, Cause, Start, State
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import OpenBookings, Shortfall
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import Done, run_command
from domain.kernel.db import execute, rows, transaction
from tests.fixtures.chain import Harbour, customer, harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.races import at_once
from tests.fixtures.visits import (
    LAPSES,
    VISIT,
    assert_audited,
    booked,
    bought,
    counts,
    heard,
    story,
    the_booking,
    told,
    use,
    visit,
)
from tests.fixtures.waiting import eventually_so

pytestmark = pytest.mark.anyio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def tally(answers: Sequence[Any]) -> Counter[str]:
    """How often each refusal came, and how often the act was carried out."""
    return Counter(type(answer).__name__ for answer in answers)


async def all_at_once(house: Harbour, *commands: Any) -> Sequence[Any]:
    return await at_once(*(run_command(house.owner, command) for command in commands))


async def test_cancelling_against_completing(house: Harbour) -> None:
    package_id = await bought(house)
    for day in range(4):
        start = VISIT + day * DAY
        booking_id = await booked(house, start)
        with on(start - HOUR):
            answers = await all_at_once(
                house, CancelBooking(booking_id), CompleteBooking(booking_id), CancelBooking(booking_id)
            )
        assert tally(answers) == {"Done": 1, "BookingEnded": 2}
        (won,) = [answer.outcome.state for answer in answers if isinstance(answer, Done)]
        assert {a.state for a in answers if not isinstance(a, Done)} == {won}
        assert await story(booking_id) == ["BOOKED", won]
    assert await counts(package_id) == [(6, 0, 4, 0)]
    await assert_audited(house)


async def test_completing_twice_and_a_no_show_besides(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house)
    with on(VISIT):
        answers = await all_at_once(
            house,
            *[CompleteBooking(booking_id)] * 3,
            MarkNoShow(booking_id),
            CancelBookingByBusiness(Cause.STAFF, booking_id),
        )
    assert tally(answers) == {"Done": 1, "BookingEnded": 4}
    assert len(await story(booking_id)) == 2
    (lot,) = await counts(package_id)
    assert (lot[1], lot[0] + lot[2]) == (0, 10)
    await assert_audited(house)


async def test_holding_against_holding_the_last_session(house: Harbour) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        await used(house, package_id, sessions=9)
        named = (visit(house, VISIT + day * DAY, package_id=package_id) for day in range(3))
        best = (visit(house, VISIT + day * DAY) for day in range(3, 6))
        answers = await all_at_once(house, *named, *best)
    assert tally(answers) == {"Done": 1, "NotEnoughSessions": 5}
    assert await counts(package_id) == [(0, 1, 9, 0)]
    assert len(await rows("SELECT id FROM booking")) == 1
    await assert_audited(house)


async def test_holding_against_using_the_last_session(house: Harbour) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        await used(house, package_id, sessions=9)
        answers = await all_at_once(
            house, visit(house), use(house, package_id), visit(house, VISIT + DAY), use(house, package_id)
        )
    assert tally(answers) == {"Done": 1, "NotEnoughSessions": 3}
    (lot,) = await counts(package_id)
    assert lot[0] == 0
    assert lot[1] + lot[2] == 10
    await assert_audited(house)


async def test_moving_against_cancelling(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house)
    moves = [RescheduleBooking(booking_id, Start(VISIT + day * DAY)) for day in (1, 2)]
    with on(MONDAY):
        answers = await all_at_once(house, moves[0], CancelBooking(booking_id), moves[1])
    assert not isinstance(answers[1], BaseException)
    done = tally(answers)
    assert done["Done"] + done["BookingEnded"] == 3
    told_story = await story(booking_id)
    assert told_story == ["BOOKED", *["RESCHEDULED"] * (done["Done"] - 1), "CANCELLED"]
    assert await counts(package_id) == [(10, 0, 0, 0)]
    await assert_audited(house)


async def test_what_waits_while_a_visit_moves_to_another_branch_finds_it_there(postgres_db: str) -> None:
    with on(MONDAY):
        house = await harbour(postgres_db)
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))
    booking_id = await booked(house)  # on the account: no package keeps the acts apart
    moved, waited_for = asyncio.Event(), asyncio.Event()

    async def move() -> None:
        async with transaction():
            await execute("UPDATE booking SET branch_id = $2 WHERE id = $1", booking_id, house.mad)
            moved.set()
            await waited_for.wait()

    moving = asyncio.create_task(move())
    await moved.wait()
    with on(MONDAY):
        attaching = asyncio.create_task(
            run_command(house.owner, AttachToBooking(booking_id, (Attachment(AttachmentKind.NOTE, "Knee", "n/1"),)))
        )
        cancelling = asyncio.create_task(run_command(house.desk_lis, CancelBooking(booking_id)))
        await eventually_so(both_wait)
        waited_for.set()
        answers = await asyncio.gather(moving, attaching, cancelling, return_exceptions=True)
    kept = await the_booking(house, booking_id)
    assert tally(answers) == {"NoneType": 1, "Done": 1, "Forbidden": 1}
    assert (kept.branch_id, kept.state, len(kept.attachments)) == (house.mad, State.CONFIRMED, 1)


async def both_wait() -> bool:
    return len(await rows("SELECT 1 AS one FROM pg_locks WHERE NOT granted")) == 2


async def test_one_reference_at_once_for_one_and_for_several_customers(house: Harbour) -> None:
    await bought(house)
    await bought(house, customer_id=house.eva)
    ref = ExternalRef("cal", "1")
    asked = [visit(house, VISIT + day * DAY, external=ref) for day in range(3)]
    asked += [visit(house, VISIT + day * DAY, external=ref, customer_id=house.eva) for day in range(3)]
    with on(MONDAY):
        answers = await all_at_once(house, *asked)
    assert tally(answers) == {"Done": 1, "ExternalRefTaken": 5}
    assert len(await rows("SELECT id FROM booking")) == 1
    await assert_audited(house)


async def test_one_person_in_one_place_at_a_time(house: Harbour) -> None:
    await bought(house, house.bundle)
    await bought(house, house.bundle, customer_id=house.rui)
    asked = [visit(house, service_id=house.massage, branch_id=branch) for branch in (house.lis, house.mad)]
    both = [
        visit(house, service_id=house.massage, customer_id=one, companion_ids=(other,), sessions=2)
        for one, other in ((house.ana, house.rui), (house.rui, house.ana))
    ]
    with on(MONDAY):
        answers = await all_at_once(house, *asked, *both)
    assert tally(answers) == {"Done": 1, "BookingOverlaps": 3}
    assert {a.starts_at for a in answers if isinstance(a, BookingOverlaps)} <= {VISIT, VISIT - HOUR, VISIT}
    await assert_audited(house)


async def test_what_a_scheduler_says_twice_at_once(house: Harbour) -> None:
    package_id = await bought(house)
    event = told(house, MONDAY, State.CONFIRMED)
    with on(MONDAY):
        answers = await all_at_once(house, *[event] * 4)
    effects = Counter(effect for answer in answers for effect in answer.outcome.effects)
    assert effects == {"BOOKED": 1, "STALE": 3}
    assert await counts(package_id) == [(9, 1, 0, 0)]
    await assert_audited(house)


async def test_the_newest_word_of_a_scheduler_counts_whichever_comes_first(house: Harbour) -> None:
    package_id = await bought(house)
    for number in range(3):
        start = VISIT + 7 * number * DAY
        this: dict[str, Any] = {"external": ExternalRef("cal", str(number)), "starts_at": start}
        older = told(house, MONDAY + HOUR, State.CANCELLED, **this)
        newer = told(house, MONDAY + 2 * HOUR, State.CONFIRMED, **this | {"starts_at": start + DAY})
        with on(MONDAY + DAY):
            first = await run_command(house.owner, told(house, MONDAY, State.CONFIRMED, **this))
            cancelled, moved = await all_at_once(house, older, newer)
        kept = await the_booking(house, first.outcome.booking_id)
        if cancelled.outcome.effects == ("STALE",):
            assert (moved.outcome.effects, kept.state, kept.starts_at) == (("MOVED",), State.CONFIRMED, start + DAY)
        else:  # the older word was heard first; a cancelled booking cannot come back
            assert (tally([moved]), kept.state) == ({"BookingEnded": 1}, State.CANCELLED)
    held = [row["state"] for row in await rows("SELECT state FROM booking")].count("CONFIRMED")
    assert await counts(package_id) == [(10 - held, held, 0, 0)]
    await assert_audited(house)


async def test_the_desk_and_a_scheduler_complete_and_attach_at_once(house: Harbour) -> None:
    package_id = await bought(house)
    notes = [Attachment(AttachmentKind.NOTE, "Knee", f"n/{number}") for number in range(2)]
    for number in range(4):
        start = VISIT + number * DAY
        this: dict[str, Any] = {"external": ExternalRef("cal", str(number)), "starts_at": start}
        booking_id = (await heard(house, told(house, MONDAY, State.CONFIRMED, **this))).booking_id
        says = told(house, start, State.COMPLETED, attachments=(notes[0],), **this)
        with on(start):
            answers = await all_at_once(
                house, CompleteBooking(booking_id), says, AttachToBooking(booking_id, (notes[1],))
            )
        assert tally(answers) - Counter(BookingEnded=1) in ({"Done": 3}, {"Done": 2})
        assert isinstance(answers[1], Done)  # whoever was first: that it took place is no news to refuse
        assert set((await the_booking(house, booking_id)).attachments) == set(notes)
    assert await counts(package_id) == [(6, 0, 4, 0)]
    await assert_audited(house)


async def test_closing_a_branch_while_its_desk_works_on(house: Harbour) -> None:
    guests, bookings = [], []
    with on(MONDAY):
        for number in range(6):
            guests.append(await customer(house.owner, f"Guest {number}", "", house.lis))
            await sold(house, house.ten, customer_id=guests[-1])
        for guest in guests:
            done = await run_command(house.owner, visit(house, VISIT, VISIT + DAY, customer_id=guest))
            bookings.append([each.booking_id for each in done.outcome.bookings])
    with on(VISIT - HOUR):
        await at_once(*(rows("SELECT 1 AS one") for _ in range(10)))  # as many connections as there are
        commands = (
            CancelBookingByBusiness(Cause.CLOSURE, branch_id=house.lis),
            *(CompleteBooking(first) for first, _ in bookings),
            *(visit(house, VISIT + 2 * DAY, customer_id=guest) for guest in guests),
            *(RescheduleBooking(second, Start(VISIT + 3 * DAY)) for _, second in bookings),
            CancelBookingByBusiness(Cause.WEATHER, branch_id=house.lis),
        )
        acts = (run_command(house.owner, command) for command in commands)
        answers = await asyncio.gather(*acts, return_exceptions=True)
    assert set(tally(answers)) <= {"Done", "BookingEnded", "NothingToCancel"}, tally(answers)
    assert not isinstance(answers[0], BaseException) or not isinstance(answers[-1], BaseException)
    open_ = "(SELECT COUNT(*) FROM booking k WHERE k.package_id = l.package_id AND state = 'CONFIRMED')"
    assert await rows(f"SELECT l.id FROM lot l WHERE held <> {open_}") == []
    await assert_audited(house)


async def test_closing_time_in_several_workers_against_the_desk(house: Harbour) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        await run_command(house.owner, ChangeChainSettings(open_bookings=OpenBookings.COMPLETE))
    booking_ids = [await booked(house, VISIT + day * DAY) for day in range(5)]
    with on(VISIT + 9 * DAY):
        answers = await at_once(
            close_bookings(),
            close_bookings(),
            *(run_command(house.owner, CompleteBooking(booking_id)) for booking_id in booking_ids),
        )
        assert await close_bookings() == 0
    assert set(tally(answers)) <= {"int", "Done", "BookingEnded"}, answers
    assert [await story(booking_id) for booking_id in booking_ids] == [["BOOKED", "COMPLETED"]] * 5
    assert await counts(package_id) == [(5, 0, 5, 0)]
    await assert_audited(house)


async def test_the_lapse_against_the_end_of_what_it_left_held(house: Harbour) -> None:
    package_id = await bought(house)
    first, second = await booked(house, LAPSES - HOUR), await booked(house, LAPSES - 2 * HOUR)
    with on(LAPSES):
        await at_once(
            lapse_packages(),
            run_command(house.owner, CompleteBooking(first)),
            run_command(house.owner, CancelBookingByBusiness(Cause.STAFF, second)),
            lapse_packages(),
        )
        await lapse_packages()
    assert await counts(package_id) == [(0, 0, 1, 8), (1, 0, 0, 0)]
    await assert_audited(house)
