"""A hold ends once: used when the visit took place, used or returned as the terms say when it did not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.attach_to_booking import AttachToBooking
from domain.bookings.booked import Attachment
from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.cancel_booking_by_business import CancelBookingByBusiness
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.errors import BookingEnded, BookingNotStarted, BookingStarted
from domain.bookings.mark_no_show import MarkNoShow
from domain.bookings.rules import AttachmentKind, Cause, State
from domain.catalog.terms import Item, Missed, Price, TaxPoint, Use, Validity, ValidityStart
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.packages.errors import AlreadyReversed, NotPaidFor
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, package, refused, sold
from tests.fixtures.visits import (
    EXPIRES,
    LAPSES,
    TICK,
    VISIT,
    assert_audited,
    booked,
    bought,
    counts,
    ended,
    lenient,
    posted_by,
    special,
    story,
    the_booking,
    undone,
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


async def test_a_visit_that_took_place_uses_what_it_held_as_of_its_start(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house, sessions=2, branch_id=house.mad, practitioner_id=house.practitioner_lis.id)
    done = await ended(house, VISIT + 3 * DAY, CompleteBooking(booking_id, reason="all well"))
    assert (done.state, done.used, done.returned, done.charged, done.currency) == ("COMPLETED", 2, 0, 0, "EUR")
    assert (done.remaining, done.why) == (8, "10 issued - 2 consumed = 8 available")
    assert await posted_by(booking_id, "COMPLETED") == [
        ("DEFERRED_REVENUE", house.lis, 9000),
        ("DUE_TO_BRANCH", house.lis, -9000),
        ("DUE_FROM_BRANCH", house.mad, 9000),
        ("REVENUE", house.mad, -9000),
    ]
    (entry,) = await rows("SELECT effective_at, posted_on FROM journal_entry WHERE event = 'SESSION'")
    assert (entry["effective_at"], entry["posted_on"]) == (VISIT, date(2026, 3, 9))
    (used,) = await rows(
        "SELECT effective_at, practitioner_id, branch_id, value_minor FROM movement WHERE target = 'CONSUMED'"
    )
    assert used == {
        "effective_at": VISIT,
        "practitioner_id": house.practitioner_lis.id,
        "branch_id": house.mad,
        "value_minor": 9000,
    }
    kept = await the_booking(house, booking_id)
    assert (kept.state, kept.ended_at) == (State.COMPLETED, VISIT + 3 * DAY)
    assert await story(booking_id) == ["BOOKED", "COMPLETED"]
    assert (await counts(package_id), await versions(package_id)) == ([(8, 0, 2, 0)], [1, 2, 3])
    await assert_audited(house)


async def test_from_the_day_of_the_visit_on_by_the_clock_of_the_branch(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house, branch_id=house.pdl)
    midnight = datetime(2026, 3, 9, 1, tzinfo=UTC)
    with on(midnight - TICK):
        refusal = await refused(BookingNotStarted, house.owner, CompleteBooking(booking_id))
        assert (refusal.booking_id, refusal.starts_at) == (booking_id, VISIT)
    assert (await ended(house, midnight, CompleteBooking(booking_id))).used == 1
    (used,) = await rows("SELECT effective_at FROM movement WHERE target = 'CONSUMED'")
    assert used["effective_at"] == midnight


@pytest.mark.parametrize(("no_show", "used", "returned"), [(Missed.CONSUME, 3, 0), (Missed.RETURN, 2, 1)])
async def test_of_a_group_those_who_stayed_away_are_no_shows(
    house: Harbour, no_show: Missed, used: int, returned: int
) -> None:
    package_id = await lenient(house, no_show=no_show)
    booking_id = await booked(house, sessions=3)
    with on(VISIT):
        for attended in (0, 4):
            bad = CompleteBooking(booking_id, attended)
            assert (await refused(InvalidInput, house.owner, bad)).path == ("attended",)
    done = await ended(house, VISIT, CompleteBooking(booking_id, 2))
    assert (done.used, done.returned) == (used, returned)
    assert await counts(package_id) == [(7 + returned, 0, used, 0)]
    await assert_audited(house)


@pytest.mark.parametrize(("no_show", "used"), [(Missed.CONSUME, 1), (Missed.RETURN, 0)])
async def test_a_no_show_costs_what_the_terms_say(house: Harbour, no_show: Missed, used: int) -> None:
    package_id = await lenient(house, no_show=no_show)
    booking_id = await booked(house)
    with on(VISIT - TICK):
        assert (await refused(BookingNotStarted, house.owner, MarkNoShow(booking_id))).starts_at == VISIT
    done = await ended(house, VISIT, MarkNoShow(booking_id))
    assert (done.state, done.used, done.returned, done.remaining) == ("NO_SHOW", used, 1 - used, 10 - used)
    assert await counts(package_id) == [(10 - used, 0, used, 0)]
    assert (
        await posted_by(booking_id, "NO_SHOW")
        == [
            ("DEFERRED_REVENUE", house.lis, 4500),
            ("REVENUE", house.lis, -4500),
        ]
        * used
    )
    await assert_audited(house)


@pytest.mark.parametrize(
    ("at", "late", "state", "used"),
    [
        (FREE_UNTIL, Missed.CONSUME, "CANCELLED", 0),
        (FREE_UNTIL + TICK, Missed.CONSUME, "LATE_CANCELLED", 1),
        (FREE_UNTIL + TICK, Missed.RETURN, "LATE_CANCELLED", 0),
        (VISIT - TICK, Missed.CONSUME, "LATE_CANCELLED", 1),
    ],
)
async def test_a_cancellation_is_free_until_its_hour(
    house: Harbour, at: datetime, late: Missed, state: str, used: int
) -> None:
    package_id = await lenient(house, late=late)
    booking_id = await booked(house)
    done = await ended(house, at, CancelBooking(booking_id, "ill"))
    assert (done.state, done.used, done.returned) == (state, used, 1 - used)
    assert (await counts(package_id), await story(booking_id)) == ([(10 - used, 0, used, 0)], ["BOOKED", state])
    found = await rows("SELECT effective_at FROM movement WHERE booking_id = $1 ORDER BY id", booking_id)
    assert [row["effective_at"] for row in found] == [MONDAY, at]
    await assert_audited(house)


async def test_what_has_started_is_not_called_off_by_the_customer(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house)
    with on(VISIT):
        refusal = await refused(BookingStarted, house.owner, CancelBooking(booking_id))
        assert (refusal.booking_id, refusal.starts_at) == (booking_id, VISIT)


async def test_a_booking_ends_once(house: Harbour) -> None:
    await bought(house)
    endings: tuple[tuple[Any, datetime, str], ...] = (
        (CompleteBooking, VISIT, "COMPLETED"),
        (MarkNoShow, VISIT, "NO_SHOW"),
        (CancelBooking, MONDAY, "CANCELLED"),
    )
    for day, (command, at, state) in enumerate(endings):
        booking_id = await booked(house, VISIT + 7 * day * DAY)
        ends_at = at + 7 * day * DAY
        await ended(house, ends_at, command(booking_id))
        with on(ends_at + HOUR):
            for again in (
                CompleteBooking(booking_id),
                MarkNoShow(booking_id),
                CancelBooking(booking_id),
                CancelBookingByBusiness(Cause.STAFF, booking_id),
            ):
                refusal = await refused(BookingEnded, house.owner, again)
                assert (refusal.booking_id, refusal.state, refusal.ended_at) == (booking_id, state, ends_at)
    await assert_audited(house)


async def test_held_sessions_outlive_the_lapse_and_lapse_when_they_go_back(house: Harbour) -> None:
    package_id = await lenient(house, no_show=Missed.RETURN)
    used, returned = await booked(house, EXPIRES - HOUR), await booked(house, EXPIRES - 2 * HOUR)
    with on(EXPIRES):
        assert await lapse_packages() == 1
    assert await counts(package_id) == [(0, 2, 0, 8)]
    done = await ended(house, EXPIRES + 2 * DAY, CompleteBooking(used))
    assert (done.used, done.remaining, done.why) == (1, 0, "10 issued - 1 consumed - 1 held - 8 expired = 0 available")
    done = await ended(house, EXPIRES + 2 * DAY, MarkNoShow(returned))
    assert (done.returned, done.remaining, done.why) == (1, 0, "10 issued - 1 consumed - 9 expired = 0 available")
    with on(EXPIRES + 3 * DAY):
        assert await lapse_packages() == 1
    assert await counts(package_id) == [(0, 0, 1, 9)]
    await assert_audited(house)


async def test_the_first_visit_starts_validity_on_its_day(house: Harbour) -> None:
    validity = Validity(days=30, starts=ValidityStart.FIRST_USE, start_within_days=90)
    asked = replace(terms(Item((house.physio,), 10), price_minor=45000), validity=validity)
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "FIRST", asked))
    start_by = datetime(2026, 5, 31, 23, tzinfo=UTC)
    booking_id = await booked(house, start_by - 10 * HOUR)
    with on(start_by):
        assert await lapse_packages() == 1
    assert await counts(package_id) == [(0, 1, 0, 9)]
    # The visit took place in time, so what lapsed meanwhile comes back and lasts for thirty days from it.
    done = await ended(house, start_by + DAY, CompleteBooking(booking_id))
    assert (done.remaining, await counts(package_id)) == (9, [(9, 0, 1, 0)])
    with on(start_by + DAY):
        assert [lot.last_day for lot in (await package(house, package_id)).lots] == [date(2026, 6, 30)]
    assert await posted_by(booking_id, "COMPLETED") == [
        ("DEFERRED_REVENUE", house.lis, -40500),
        ("BREAKAGE_REVENUE", house.lis, 40500),
        ("DEFERRED_REVENUE", house.lis, 4500),
        ("REVENUE", house.lis, -4500),
    ]
    await undone(house, booking_id, start_by + DAY, Fault.CUSTOMER)
    assert await counts(package_id) == [(10, 0, 0, 0)]
    with on(start_by + DAY):
        assert (await package(house, package_id)).remaining == 0
    await assert_audited(house)


async def test_no_more_is_completed_than_is_paid_where_the_terms_say_so(house: Harbour) -> None:
    asked = terms(Item((house.physio,), 10), price_minor=45000, use=Use(up_to_paid=True))
    with on(MONDAY):
        await sold(house, await published(house.owner, "PAID", asked), payments=cash(4500))
    first, second, third = [await booked(house, VISIT + day * DAY) for day in range(3)]
    await ended(house, VISIT, CompleteBooking(first))
    with on(VISIT + 2 * DAY):
        refusal = await refused(NotPaidFor, house.owner, CompleteBooking(second))
        assert (refusal.paid.amount_minor, refusal.outstanding.amount_minor) == (4500, 40500)
        # What is lost by staying away is lost all the same.
        await run_command(house.owner, MarkNoShow(second))
        await run_command(house.owner, MarkNoShow(third))
    await assert_audited(house)


async def test_tax_that_is_due_at_the_visit_falls_due_at_home(house: Harbour) -> None:
    price = Price(45000, "EUR", tax_rate_bp=2500, tax_point=TaxPoint.AT_REDEMPTION)
    asked = replace(terms(Item((house.physio,), 10), price_minor=45000), price=price)
    with on(MONDAY):
        await sold(house, await published(house.owner, "TAXED", asked))
    booking_id = await booked(house)
    await ended(house, VISIT, CompleteBooking(booking_id))
    assert await posted_by(booking_id, "COMPLETED") == [
        ("DEFERRED_REVENUE", house.lis, 4500),
        ("TAX_PAYABLE", house.lis, -900),
        ("REVENUE", house.lis, -3600),
    ]
    await assert_audited(house)


async def test_what_ended_a_booking_is_reversed_and_the_booking_stays_as_it_ended(house: Harbour) -> None:
    package_id = await bought(house)
    completed, missed, late = [await booked(house, VISIT + day * DAY, sessions=2) for day in range(3)]
    await ended(house, VISIT, CompleteBooking(completed))
    await ended(house, VISIT + DAY, MarkNoShow(missed))
    await ended(house, VISIT + 2 * DAY - TICK, CancelBooking(late))
    assert await counts(package_id) == [(4, 0, 6, 0)]
    for number, booking_id in enumerate((completed, missed, late), 1):
        done = await undone(house, booking_id, VISIT + 2 * DAY)
        assert (done.sessions, done.remaining) == (2, 4 + 2 * number)
    assert await counts(package_id) == [(10, 0, 0, 0)]
    states = [(await the_booking(house, booking_id)).state for booking_id in (completed, missed, late)]
    assert states == [State.COMPLETED, State.NO_SHOW, State.LATE_CANCELLED]
    (last,) = await rows("SELECT operation_id FROM booking_change WHERE booking_id = $1 AND kind = 'NO_SHOW'", missed)
    with on(VISIT + 2 * DAY):
        await refused(AlreadyReversed, house.owner, ReverseRedemption(last["operation_id"], Fault.BUSINESS, "again"))
        await refused(BookingEnded, house.owner, CompleteBooking(missed))
    await assert_audited(house)


async def test_what_went_back_at_the_end_is_not_given_back_again(house: Harbour) -> None:
    package_id = await lenient(house, no_show=Missed.RETURN)
    booking_id = await booked(house, sessions=3)
    await ended(house, VISIT, CompleteBooking(booking_id, 1))
    assert (await undone(house, booking_id, VISIT)).sessions == 1
    assert await counts(package_id) == [(10, 0, 0, 0)]
    await assert_audited(house)


async def test_a_completion_reversed_after_the_lapse_is_replaced_when_the_business_is_to_blame(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house, LAPSES - HOUR)
    await ended(house, LAPSES - HOUR, CompleteBooking(booking_id))
    done = await undone(house, booking_id, LAPSES + HOUR)
    assert (done.remaining, len(done.replacement_lot_ids)) == (1, 1)
    assert (await counts(package_id))[1] == (1, 0, 0, 0)
    await assert_audited(house)


async def test_who_may_end_a_booking(house: Harbour) -> None:
    await bought(house)
    ana, rui = await customer_actor(house, house.ana), await customer_actor(house, house.rui)
    booking_id = await booked(house)
    with on(VISIT - 2 * DAY):
        for command in (CompleteBooking(booking_id), MarkNoShow(booking_id)):
            for stranger in (ana, house.manager_mad, house.accountant):
                await refused(Forbidden, stranger, command)
        assert (await refused(NotFound, rui, CancelBooking(booking_id))).path == ("bookingId",)
        await refused(NotFound, house.other_owner, CancelBooking(booking_id))
        await refused(NotFound, house.owner, CancelBooking("bkg_none"))
        await refused(InvalidInput, house.owner, CancelBooking(booking_id, "x" * 501))
        assert (await run_command(ana, CancelBooking(booking_id))).outcome.state == "CANCELLED"


async def test_attachments_are_added_once_also_to_what_has_ended(house: Harbour) -> None:
    await special(house)
    form = Attachment(AttachmentKind.FORM, "Consent", "forms/1")
    note = Attachment(AttachmentKind.NOTE, "Left knee", "notes/2")
    booking_id = await booked(house, attachments=(form,))
    await ended(house, VISIT, CompleteBooking(booking_id))
    done = await ended(house, VISIT, AttachToBooking(booking_id, (form, note)))
    assert done.attachments == (form, note) == (await the_booking(house, booking_id)).attachments
    assert await story(booking_id) == ["BOOKED", "COMPLETED", "ATTACHED"]
    many = tuple(replace(note, title=f"{number}") for number in range(19))
    with on(VISIT):
        for bad in ((), many):
            command = AttachToBooking(booking_id, bad)
            assert (await refused(InvalidInput, house.owner, command)).path == ("attachments",)
        assert (await run_command(house.owner, visit(house, VISIT + DAY))).outcome.remaining == 8
