"""Booking holds sessions on lots that can be used when the visit starts; all of them or none, and says why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.booked import Attachment, ExternalRef
from domain.bookings.errors import BookingInPast, BookingOverlaps, DatesDoNotFit, ExternalRefTaken, ServiceNotOffered
from domain.bookings.rules import AttachmentKind, Start, State
from domain.catalog.define_service import DefineService
from domain.catalog.store import BranchPrice
from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.packages.errors import BranchClosed, NotEnoughSessions, PersonMayNotUse, WrongBranch, WrongService
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, refused, used
from tests.fixtures.visits import (
    TICK,
    VISIT,
    assert_audited,
    booked,
    bought,
    counts,
    ended,
    special,
    story,
    the_booking,
    version,
    visit,
)

pytestmark = pytest.mark.anyio

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def made(house: Harbour, *starts: datetime, **changed: Any) -> Any:
    """What the answer to a booking on MONDAY says."""
    return await ended(house, MONDAY, visit(house, *starts, **changed))


async def test_a_visit_holds_a_session_and_the_answer_says_what_remains_and_why(house: Harbour) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        await used(house, package_id, sessions=2)

    done = await made(house, practitioner_id=house.practitioner_lis.id, reason="first time")

    (lot,) = await rows("SELECT id FROM lot WHERE package_id = $1", package_id)
    (one,) = done.bookings
    assert (done.package_id, done.series_id, done.branch_id) == (package_id, None, house.lis)
    assert (one.starts_at, one.ends_at, one.charged) == (VISIT, VISIT + timedelta(minutes=45), 0)
    assert [(held.lot_id, held.sessions) for held in one.held] == [(lot["id"], 1)]
    assert (done.remaining, done.remaining_of_service) == (7, 7)
    assert done.why == "10 issued - 2 consumed - 1 held = 7 available"
    assert (await counts(package_id), await version(package_id)) == ([(7, 1, 2, 0)], 3)
    kept = await the_booking(house, one.booking_id)
    assert (kept.state, kept.sessions, kept.booked_at, kept.practitioner_id) == (
        State.CONFIRMED,
        1,
        MONDAY,
        house.practitioner_lis.id,
    )
    assert await story(one.booking_id) == ["BOOKED"]
    assert await rows("SELECT id FROM journal_entry WHERE event <> 'SALE' AND event <> 'SESSION'") == []
    await assert_audited(house)


async def test_a_group_holds_a_session_for_each_of_its_persons(house: Harbour) -> None:
    package_id = await bought(house, house.bundle)
    booking_id = await booked(house, service_id=house.massage, sessions=3, companion_ids=(house.rui,))
    assert await counts(package_id) == [(1, 3, 0, 0), (2, 0, 0, 0)]
    found = await rows("SELECT customer_id FROM booking_person WHERE booking_id = $1 ORDER BY id", booking_id)
    assert [row["customer_id"] for row in found] == [house.ana, house.rui]
    with on(MONDAY):
        four = visit(house, VISIT + DAY, service_id=house.massage, sessions=2)
        refusal = await refused(NotEnoughSessions, house.desk_lis, four)
        assert (refusal.package_id, refusal.asked, refusal.remaining) == (package_id, 2, 1)
        both = visit(house, service_id=house.massage, customer_id=house.rui)
        assert (await refused(BookingOverlaps, house.desk_lis, both)).booking_id == booking_id


async def test_who_comes_holds_the_package_or_shares_it(house: Harbour) -> None:
    package_id, shared = await bought(house), await bought(house, house.bundle)
    with on(MONDAY):
        stranger = visit(house, package_id=package_id, sessions=2, companion_ids=(house.rui,))
        refusal = await refused(PersonMayNotUse, house.owner, stranger)
        assert (refusal.package_id, refusal.person_id) == (package_id, house.rui)
        eva = visit(house, service_id=house.massage, package_id=shared, customer_id=house.eva)
        assert (await refused(PersonMayNotUse, house.owner, eva)).person_id == house.eva
        guests = visit(house, sessions=4)
        assert (await run_command(house.desk_lis, guests)).outcome.remaining == 6


async def test_a_series_holds_a_session_for_each_date(house: Harbour) -> None:
    package_id = await bought(house)
    local = Start(local=datetime.fromisoformat("2026-03-15T10:00"))
    done = await made(house, starts=(local,), every_days=7, times=3)
    assert [each.starts_at for each in done.bookings] == [
        datetime(2026, 3, 15, 10, tzinfo=UTC),
        datetime(2026, 3, 22, 10, tzinfo=UTC),
        datetime(2026, 3, 29, 9, tzinfo=UTC),
    ]
    assert (done.series_id is not None, done.remaining) == (True, 7)
    found = await rows("SELECT DISTINCT series_id FROM booking")
    assert found == [{"series_id": done.series_id}]
    assert (await counts(package_id), await version(package_id)) == ([(7, 3, 0, 0)], 2)
    await assert_audited(house)


async def test_a_series_is_refused_as_a_whole_and_names_the_dates_that_do_not_fit(house: Harbour) -> None:
    await bought(house, house.trial)
    await booked(house, VISIT + DAY, service_id=house.facial)
    days = [VISIT, VISIT + DAY, VISIT + 2 * DAY, VISIT + 2 * DAY + HOUR / 2, VISIT + 200 * DAY]
    with on(MONDAY):
        refusal = await refused(DatesDoNotFit, house.owner, visit(house, *reversed(days), service_id=house.facial))
    assert [(each.starts_at, each.code) for each in refusal.dates] == [
        (days[1], "BOOKING_OVERLAPS"),
        (days[3], "BOOKING_OVERLAPS"),
        (days[4], "NOT_ENOUGH_SESSIONS"),
    ]
    assert "from 2026-03-10 10:00 to 10:50 UTC" in refusal.dates[0].message


async def test_dates_that_are_over_or_never_come_are_named_with_the_others(house: Harbour) -> None:
    await bought(house)
    await booked(house, VISIT)
    gap = Start(local=datetime.fromisoformat("2026-03-29T01:30"))
    fits = Start(at=datetime(2026, 3, 29, 1, tzinfo=UTC))
    starts = (Start(at=VISIT + 300 * DAY), gap, fits, Start(at=VISIT), Start(at=MONDAY - HOUR))
    with on(MONDAY):
        refusal = await refused(DatesDoNotFit, house.owner, visit(house, starts=starts))
        assert [(each.starts_at, each.code) for each in refusal.dates] == [
            (MONDAY - HOUR, "BOOKING_IN_PAST"),
            (VISIT, "BOOKING_OVERLAPS"),
            (datetime(2026, 3, 29, 1, tzinfo=UTC), "NO_SUCH_LOCAL_TIME"),
            (VISIT + 300 * DAY, "PACKAGE_EXPIRED"),
        ]
        one = await refused(DatesDoNotFit, house.owner, visit(house, starts=(gap, fits)))
        assert one.message == "1 date does not fit; none was booked. Leave it out or choose another."
        over = await refused(DatesDoNotFit, house.owner, visit(house, MONDAY - DAY, MONDAY - HOUR))
        assert [each.code for each in over.dates] == ["BOOKING_IN_PAST", "BOOKING_IN_PAST"]
        await refused(BookingInPast, house.owner, visit(house, MONDAY - HOUR))


async def test_a_series_of_fifty_takes_at_most_fifteen_statements(house: Harbour) -> None:
    package_id = await special(house, sessions=60)
    with counting() as statements:
        done = await made(house, every_days=1, times=50, package_id=package_id)
    assert (len(done.bookings), done.remaining) == (50, 10)
    assert len(statements) <= 15, statements.statements
    with counting() as best:
        assert (await made(house, VISIT + HOUR, every_days=1, times=10)).remaining == 0
    assert len(best) <= 15, best.statements
    await assert_audited(house)


async def test_the_package_that_has_enough_own_before_shared_and_the_sooner_lapse_first(house: Harbour) -> None:
    shared = await bought(house, house.buy_3_free_1, customer_id=house.rui)
    own = await bought(house, house.bundle)

    async def chosen(at: datetime, sessions: int) -> str | None:
        done = await made(house, at, service_id=house.massage, sessions=sessions)
        package_id: str | None = done.package_id
        return package_id

    assert await chosen(VISIT, 3) == own
    assert await chosen(VISIT + DAY, 2) == shared
    assert await chosen(VISIT + 2 * DAY, 1) == own
    assert [await version(package_id) for package_id in (own, shared)] == [3, 2]
    await assert_audited(house)


async def test_lots_of_other_services_do_not_decide_between_packages(house: Harbour) -> None:
    later = await bought(house, house.bundle)
    sooner = await bought(house, house.buy_3_free_1)
    # The facials of the later package are in a lot that lapses first of all.
    soon = "UPDATE lot SET expires_at = $2, lapses_at = $2 WHERE package_id = $1 AND item = 1"
    await execute(soon, later, MONDAY + timedelta(days=30))
    assert (await made(house, service_id=house.massage)).package_id == sooner


async def test_a_reference_is_taken_once_for_each_source(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house, external=ExternalRef("cal", "7"))
    with on(MONDAY):
        again = visit(house, VISIT + DAY, external=ExternalRef(" cal ", "7"))
        refusal = await refused(ExternalRefTaken, house.integrator, again)
        assert (refusal.source, refusal.reference, refusal.booking_id) == ("cal", "7", booking_id)
    await booked(house, VISIT + DAY, external=ExternalRef("other", "7"))


async def test_attachments_are_kept(house: Harbour) -> None:
    await bought(house)
    form = Attachment(AttachmentKind.FORM, "Health form", "forms/17")
    booking_id = await booked(house, attachments=(replace(form, title="  Health form "),))
    assert (await the_booking(house, booking_id)).attachments == (form,)


async def test_who_is_expected_elsewhere_cannot_come(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house)
    ends = VISIT + timedelta(minutes=45)
    with on(MONDAY):
        for start in (VISIT, VISIT - HOUR / 2, ends - TICK):
            refusal = await refused(BookingOverlaps, house.owner, visit(house, start, branch_id=house.mad))
            assert (refusal.customer_id, refusal.booking_id) == (house.ana, booking_id)
            assert (refusal.starts_at, refusal.ends_at) == (VISIT, ends)
    await booked(house, ends)
    await booked(house, VISIT - timedelta(minutes=45))


async def test_not_in_the_past_but_from_now_on(house: Harbour) -> None:
    await bought(house)
    with on(MONDAY):
        refusal = await refused(BookingInPast, house.owner, visit(house, MONDAY - TICK))
        assert (refusal.starts_at, refusal.earliest) == (MONDAY - TICK, MONDAY)
        (over,) = (await refused(DatesDoNotFit, house.owner, visit(house, VISIT, MONDAY - DAY))).dates
        assert (over.starts_at, over.code) == (MONDAY - DAY, "BOOKING_IN_PAST")
    await booked(house, MONDAY)


async def test_not_where_or_for_what_the_terms_exclude(house: Harbour) -> None:
    package_id, trial = await bought(house), await bought(house, house.trial)
    with on(MONDAY):
        facial = visit(house, service_id=house.facial, package_id=package_id)
        assert (await refused(WrongService, house.owner, facial)).services == (house.physio,)
        madrid = visit(house, service_id=house.facial, package_id=trial, branch_id=house.mad)
        assert (await refused(WrongBranch, house.owner, madrid)).usable_at == (house.lis,)
        prices = (BranchPrice(house.lis, 5000),)
        sauna = (await run_command(house.owner, DefineService("SAUNA", "Sauna", 30, prices))).outcome.service_id
        refusal = await refused(ServiceNotOffered, house.owner, visit(house, service_id=sauna, branch_id=house.mad))
        assert (refusal.service_id, refusal.branch_id) == (sauna, house.mad)
        assert (await refused(NotEnoughSessions, house.owner, visit(house, service_id=sauna))).package_id is None


async def test_a_branch_that_will_be_closed_by_then(house: Harbour) -> None:
    await bought(house)
    await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", VISIT, house.mad)
    with on(MONDAY):
        refusal = await refused(BranchClosed, house.owner, visit(house, branch_id=house.mad))
        assert (refusal.branch_id, refusal.closed_at) == (house.mad, VISIT)
        series = visit(house, VISIT - DAY, VISIT, branch_id=house.mad)
        assert [each.code for each in (await refused(DatesDoNotFit, house.owner, series)).dates] == ["BRANCH_CLOSED"]
        await run_command(house.owner, visit(house, VISIT - HOUR, branch_id=house.mad))


async def test_who_may_book_and_a_customer_only_for_himself(house: Harbour) -> None:
    package_id = await bought(house)
    ana, rui = await customer_actor(house, house.ana), await customer_actor(house, house.rui)
    with on(MONDAY):
        for stranger in (house.manager_mad, house.accountant, rui):
            await refused(Forbidden, stranger, visit(house))
        theirs = visit(house, customer_id=house.rui, package_id=package_id)
        assert (await refused(NotFound, rui, theirs)).path == ("packageId",)
        for day, known in enumerate((house.desk_lis, house.practitioner_lis, house.integrator, ana)):
            await run_command(known, visit(house, VISIT + day * DAY))


async def test_what_does_not_exist_in_the_chain(house: Harbour) -> None:
    package_id = await bought(house)
    good = visit(house, package_id=package_id)
    with on(MONDAY):
        for bad, noun in (
            (replace(good, service_id="x_none"), "service"),
            (replace(good, branch_id="x_none"), "branch"),
            (replace(good, package_id="x_none"), "package"),
            (replace(good, practitioner_id="x_none"), "practitioner"),
            (replace(good, customer_id="x_none"), "customer"),
        ):
            refusal = await refused(NotFound, house.owner, bad)
            assert (refusal.noun, refusal.id, refusal.path) == (noun, "x_none", (f"{noun}Id",))
        companion = replace(good, sessions=2, companion_ids=(house.other_customer,))
        assert (await refused(NotFound, house.owner, companion)).path == ("companionIds", "0")


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"sessions": 0}, ("sessions",)),
        ({"sessions": 101}, ("sessions",)),
        ({"starts": ()}, ("starts",)),
        ({"starts": (Start(),)}, ("starts", "0")),
        ({"starts": (Start(VISIT, VISIT.replace(tzinfo=None)),)}, ("starts", "0")),
        ({"starts": (Start(MONDAY + timedelta(days=3661)),)}, ("starts", "0")),
        ({"starts": (Start(local=datetime.fromisoformat("0001-01-01")),)}, ("starts", "0")),
        ({"starts": (Start(VISIT),) * 201}, ("starts",)),
        ({"starts": (Start(VISIT), Start(VISIT + DAY)), "every_days": 7, "times": 2}, ("starts",)),
        ({"every_days": 7}, ("repeat",)),
        ({"times": 2}, ("repeat",)),
        ({"every_days": 0, "times": 2}, ("repeat", "everyDays")),
        ({"every_days": 1, "times": 10**9}, ("starts",)),
        ({"every_days": 366, "times": 200}, ("repeat",)),
        ({"minutes": 0}, ("minutes",)),
        ({"minutes": 1441}, ("minutes",)),
        ({"companion_ids": ("x",)}, ("companionIds",)),
        ({"every_days": 1, "times": 2, "external": ExternalRef("cal", "1")}, ("externalRef",)),
        ({"external": ExternalRef(" ", "1")}, ("externalRef", "source")),
        ({"reason": "x" * 501}, ("reason",)),
        ({"attachments": (Attachment(AttachmentKind.NOTE, " ", ""),)}, ("attachments", "0", "title")),
    ],
)
async def test_bad_input(house: Harbour, changed: dict[str, Any], path: tuple[str, ...]) -> None:
    with on(MONDAY):
        assert (await refused(InvalidInput, house.owner, visit(house, **changed))).path == path


async def test_nobody_comes_twice_to_one_visit(house: Harbour) -> None:
    for companions in ((house.ana,), (house.rui, house.rui)):
        with on(MONDAY):
            command = visit(house, sessions=3, companion_ids=companions)
            assert (await refused(InvalidInput, house.owner, command)).path == ("companionIds",)


async def test_the_day_of_the_visit_is_the_branch_s_own(house: Harbour) -> None:
    await bought(house)
    done = await made(house, starts=(Start(local=datetime.fromisoformat("2026-03-09T10:00")),), branch_id=house.mad)
    assert done.bookings[0].starts_at == VISIT - HOUR
    assert date(2026, 3, 9) == done.bookings[0].starts_at.date()
