"""What the business calls off is returned always, one visit or a whole branch, and replaced where a lot has lapsed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.book_session import BookSession
from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.cancel_booking_by_business import CancelBookingByBusiness
from domain.bookings.errors import NothingToCancel, TooManyBookings
from domain.bookings.rules import Cause, Start, State
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import Shortfall
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from tests.fixtures.chain import Harbour, customer, harbour
from tests.fixtures.desk import MONDAY, on, package, refused, sold
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
    story,
    the_booking,
    versions,
    visit,
)

pytestmark = pytest.mark.anyio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def off(**which: Any) -> CancelBookingByBusiness:
    return CancelBookingByBusiness(**{"cause": Cause.CLOSURE, "reason": "burst pipe"} | which)


async def states(*booking_ids: str, house: Harbour) -> list[str]:
    return [(await the_booking(house, booking_id)).state.value for booking_id in booking_ids]


async def test_a_single_visit_also_when_it_is_late_or_has_started(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house, sessions=2, branch_id=house.mad)
    done = await ended(house, VISIT + HOUR, off(booking_id=booking_id, cause=Cause.STAFF))
    (one,) = done.bookings
    assert (one.booking_id, one.package_id, one.customer_id) == (booking_id, package_id, house.ana)
    assert (one.starts_at, one.returned, one.replacement_lot_ids) == (VISIT, 2, ())
    assert (await counts(package_id), await versions(package_id)) == ([(10, 0, 0, 0)], [1, 2, 3])
    assert await story(booking_id) == ["BOOKED", "CANCELLED_BY_BUSINESS"]
    (change,) = await rows("SELECT cause, note FROM booking_change WHERE kind = 'CANCELLED_BY_BUSINESS'")
    (operation,) = await rows(
        "SELECT branch_id, customer_id, package_id, reason FROM operation WHERE act = 'cancel_booking_by_business'"
    )
    assert change == {"cause": "STAFF", "note": "burst pipe"}
    assert operation == {
        "branch_id": house.mad,
        "customer_id": house.ana,
        "package_id": package_id,
        "reason": "burst pipe",
    }
    await assert_audited(house)


async def test_what_lapsed_meanwhile_is_replaced_with_its_original_value(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house, LAPSES - HOUR, sessions=2)
    with on(LAPSES):
        await lapse_packages()
    done = await ended(house, LAPSES, off(booking_id=booking_id))
    (replacement,) = done.bookings[0].replacement_lot_ids
    (lot,) = await rows("SELECT origin, available, value_left_minor, last_day FROM lot WHERE id = $1", replacement)
    assert lot == {
        "origin": "GOODWILL",
        "available": 2,
        "value_left_minor": 9000,
        "last_day": date(2026, 10, 13),
    }
    assert await counts(package_id) == [(0, 0, 0, 8), (2, 0, 0, 0)]
    with on(LAPSES):
        assert (await package(house, package_id)).remaining == 2
    await assert_audited(house)


async def test_in_grace_nothing_needs_to_be_replaced(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house, LAPSES - HOUR)
    done = await ended(house, LAPSES - TICK, off(booking_id=booking_id))
    assert done.bookings[0].replacement_lot_ids == ()
    assert await counts(package_id) == [(10, 0, 0, 0)]


async def test_a_whole_branch_and_nothing_that_has_started_or_is_elsewhere(house: Harbour) -> None:
    ten, bundle = await bought(house), await bought(house, house.bundle, customer_id=house.rui)
    started = await booked(house)
    first, second = await booked(house, VISIT + DAY), await booked(house, VISIT + 2 * DAY, sessions=3)
    other = await booked(house, VISIT + DAY, customer_id=house.rui, service_id=house.massage)
    elsewhere = await booked(house, VISIT + 3 * DAY, branch_id=house.mad)
    done = await ended(house, VISIT + TICK, off(branch_id=house.lis, cause=Cause.WEATHER))
    together = sorted([(first, 1), (other, 1)])
    assert [(each.booking_id, each.returned) for each in done.bookings] == [*together, (second, 3)]
    assert await states(started, elsewhere, first, house=house) == ["CONFIRMED", "CONFIRMED", "CANCELLED_BY_BUSINESS"]
    assert (await counts(ten), await counts(bundle)) == ([(8, 2, 0, 0)], [(4, 0, 0, 0), (2, 0, 0, 0)])
    operations = await rows(
        "SELECT package_id, customer_id FROM operation WHERE act = 'cancel_booking_by_business' ORDER BY package_id"
    )
    assert {row["package_id"] for row in operations} == {None, ten, bundle}
    assert (await versions(ten))[-1] == 6
    await assert_audited(house)


async def test_the_same_answer_under_the_same_key(house: Harbour) -> None:
    await bought(house)
    for days in (3, 1, 2):
        await booked(house, VISIT + days * DAY)
    with on(MONDAY):
        first = await run_command(house.owner, off(branch_id=house.lis), "closing the branch")
        again = await run_command(house.owner, off(branch_id=house.lis), "closing the branch")
    assert (again.replayed, again.outcome) == (True, first.outcome)
    assert [each.starts_at for each in first.outcome.bookings] == [VISIT + days * DAY for days in (1, 2, 3)]


async def test_a_practitioner_who_is_ill_by_the_days_of_each_branch(house: Harbour) -> None:
    await bought(house)
    ill = house.practitioner_lis.id
    hours = (datetime(2026, 3, 9, 0, 30, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC))
    azores = await booked(house, hours[0], branch_id=house.pdl, practitioner_id=ill)
    lisbon = await booked(house, hours[1], practitioner_id=ill)
    without = await booked(house, hours[1] + HOUR)
    done = await ended(house, MONDAY, off(practitioner_id=ill, first_day=date(2026, 3, 9), last_day=date(2026, 3, 9)))
    assert [each.booking_id for each in done.bookings] == [lisbon]
    done = await ended(house, MONDAY, off(practitioner_id=ill, last_day=date(2026, 3, 8)))
    assert [each.booking_id for each in done.bookings] == [azores]
    done = await ended(house, MONDAY, off(first_day=date(2026, 3, 9)))
    assert [each.booking_id for each in done.bookings] == [without]


async def test_visits_on_the_customer_s_account_are_called_off_too(house: Harbour) -> None:
    with on(MONDAY):
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))
    account = await booked(house)
    done = await ended(house, MONDAY, off(booking_id=account))
    assert [(each.booking_id, each.package_id, each.returned) for each in done.bookings] == [(account, None, 0)]
    (operation,) = await rows("SELECT branch_id, customer_id FROM operation WHERE act = 'cancel_booking_by_business'")
    assert operation == {"branch_id": house.lis, "customer_id": house.ana}
    await bought(house)
    with on(MONDAY):
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.REFUSE))
    held = await booked(house)
    with on(MONDAY):
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))
    account = await booked(house, VISIT + DAY, service_id=house.facial)
    await ended(house, MONDAY, off(branch_id=house.lis))
    assert await states(held, account, house=house) == ["CANCELLED_BY_BUSINESS"] * 2
    await assert_audited(house)


async def test_thirty_visits_take_no_more_statements_than_two(house: Harbour) -> None:
    async def visits(count: int, day: int) -> None:
        with on(MONDAY):
            for number in range(count):
                person = await customer(house.owner, f"Guest {number}", "", house.lis)
                package_id = await sold(house, house.ten, customer_id=person)
                start = Start(VISIT + day * DAY)
                await run_command(
                    house.owner, BookSession(house.physio, house.lis, person, (start,), package_id=package_id)
                )

    await visits(2, 1)
    with counting() as few:
        await ended(house, MONDAY, off(branch_id=house.lis))
    await visits(30, 2)
    with counting() as many:
        done = await ended(house, MONDAY, off(branch_id=house.lis))
    assert len(done.bookings) == 30
    assert len(many) == len(few) <= 16, many.statements
    await assert_audited(house)


async def test_nothing_to_cancel_and_too_many(house: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    await bought(house)
    booking_id = await booked(house)
    with on(MONDAY):
        for which in ({"branch_id": house.mad}, {"first_day": date(2026, 3, 10)}, {"practitioner_id": "stf_none"}):
            await refused(NothingToCancel, house.owner, off(**which))
        await run_command(house.owner, CancelBooking(booking_id))
        await refused(NothingToCancel, house.owner, off(branch_id=house.lis))
        await run_command(house.owner, visit(house, VISIT, VISIT + DAY))
        monkeypatch.setattr("domain.bookings.calling_off.MOST_BOOKINGS", 1)
        assert (await refused(TooManyBookings, house.owner, off(branch_id=house.lis))).most == 1
    with on(EXPIRES):
        await refused(NothingToCancel, house.owner, off(branch_id=house.lis))


async def test_visits_of_the_days_around_leave_room_for_those_that_are_meant(
    house: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bought(house)
    before = [await booked(house, VISIT + number * HOUR) for number in range(3)]
    meant = await booked(house, VISIT + DAY)
    monkeypatch.setattr("domain.bookings.calling_off.MOST_BOOKINGS", 1)
    day = date(2026, 3, 10)
    done = await ended(house, MONDAY, off(branch_id=house.lis, first_day=day, last_day=day))
    assert [each.booking_id for each in done.bookings] == [meant]
    assert await states(*before, house=house) == ["CONFIRMED"] * 3


async def test_who_may_call_off(house: Harbour) -> None:
    await bought(house)
    booking_id = await booked(house)
    everywhere = off(first_day=date(2026, 3, 1))
    await booked(house, VISIT + DAY, branch_id=house.mad)
    with on(MONDAY):
        for stranger, which in (
            (house.practitioner_lis, off(booking_id=booking_id)),
            (house.manager_mad, off(booking_id=booking_id)),
            (house.manager_mad, off(branch_id=house.lis)),
            (house.manager_lis, everywhere),
        ):
            await refused(Forbidden, stranger, which)
        await refused(NotFound, house.other_owner, off(booking_id=booking_id))
        assert len((await run_command(house.integrator, everywhere)).outcome.bookings) == 2
    assert await states(booking_id, house=house) == [State.CANCELLED_BY_BUSINESS.value]


@pytest.mark.parametrize(
    ("which", "path"),
    [
        ({}, ("bookingId",)),
        ({"booking_id": "bkg_a", "branch_id": "brn_a"}, ("bookingId",)),
        ({"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 1)}, ("lastDay",)),
        ({"first_day": date(1, 1, 1)}, ("firstDay",)),
        ({"last_day": date(9999, 12, 31)}, ("lastDay",)),
        ({"booking_id": "bkg_a", "reason": "x" * 501}, ("reason",)),
    ],
)
async def test_bad_input(house: Harbour, which: dict[str, Any], path: tuple[str, ...]) -> None:
    with on(MONDAY):
        assert (await refused(InvalidInput, house.owner, off(**which))).path == path
