"""What may be booked ahead depends on the clock: last days, grace, first use, blocks; and on what is left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.errors import DatesDoNotFit
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import Shortfall
from domain.catalog.terms import Activation, Expiry, GraceAllows, Item, Price, Use, Validity, ValidityStart
from domain.expiry.freeze_package import FreezePackage
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import execute, insert, rows
from domain.packages.errors import (
    GraceForBookedOnly,
    NotEnoughSessions,
    PackageDisputed,
    PackageExpired,
    PackageFrozen,
    PackagePending,
)
from domain.packages.grant_goodwill import GrantGoodwill
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, package, refused, sold, used
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
    posted_by,
    special,
    visit,
)

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
FROM_FIRST_USE = Validity(days=30, starts=ValidityStart.FIRST_USE, start_within_days=90)
START_BY = date(2026, 5, 31)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def made(house: Harbour, *starts: datetime, at: datetime = MONDAY, **changed: Any) -> Any:
    return await ended(house, at, visit(house, *starts, **changed))


async def last_days(house: Harbour, package_id: str) -> list[date]:
    return [lot.last_day for lot in (await package(house, package_id)).lots]


async def test_up_to_the_lapse_and_no_further(house: Harbour) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        refusal = await refused(PackageExpired, house.owner, visit(house, LAPSES, package_id=package_id))
        assert (refusal.package_id, refusal.expired_on, refusal.lapsed_at) == (package_id, date(2026, 8, 29), LAPSES)
        assert (await refused(PackageExpired, house.owner, visit(house, LAPSES))).package_id == package_id
    assert (await made(house, LAPSES - TICK)).package_id == package_id


async def test_each_date_takes_the_lot_that_lapses_first_of_those_alive_then(house: Harbour) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        await run_command(house.owner, GrantGoodwill(package_id, 2, "waited long", last_day=date(2026, 3, 15)))
    done = await made(house, VISIT, VISIT + 7 * DAY, VISIT + DAY)
    sold_lot, goodwill = await rows("SELECT id FROM lot WHERE package_id = $1 ORDER BY id", package_id)
    assert [held.lot_id for each in done.bookings for held in each.held] == [
        goodwill["id"],
        goodwill["id"],
        sold_lot["id"],
    ]
    group = await made(house, VISIT + 2 * DAY, sessions=3)
    assert [(held.lot_id, held.sessions) for held in group.bookings[0].held] == [(sold_lot["id"], 3)]
    assert await counts(package_id) == [(6, 4, 0, 0), (0, 2, 0, 0)]
    await assert_audited(house)


async def test_grace_is_open_to_what_is_booked_before_the_last_day_ends(house: Harbour) -> None:
    validity = Validity(days=180, expiry=Expiry.SOFT, grace_days=14, grace_allows=GraceAllows.BOOKED_ONLY)
    asked = replace(terms(Item((house.physio,), 10), price_minor=45000), validity=validity)
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "BOOKED", asked))
    booking_id = await booked(house, LAPSES - timedelta(hours=9), at=EXPIRES - TICK)
    with on(EXPIRES):
        refusal = await refused(GraceForBookedOnly, house.owner, visit(house, EXPIRES + DAY, package_id=package_id))
        assert refusal.lapses_at == LAPSES
    done = await ended(house, LAPSES - timedelta(hours=8), CompleteBooking(booking_id))
    assert (done.used, await counts(package_id)) == (1, [(9, 0, 1, 0)])
    await assert_audited(house)


async def test_grace_for_all_may_be_booked_in_grace(house: Harbour) -> None:
    await bought(house)
    done = await made(house, LAPSES - TICK, at=EXPIRES + DAY)
    assert (done.remaining, done.why) == (9, "10 issued - 1 held = 9 available")


async def test_what_has_not_started_is_booked_as_though_the_first_visit_had(house: Harbour) -> None:
    package_id = await _from_first_use(house)
    first = datetime(2026, 5, 25, 10, tzinfo=UTC)
    late = datetime(2026, 6, 20, 10, tzinfo=UTC)
    with on(MONDAY):
        for asked in (visit(house, late, package_id=package_id), visit(house, late)):
            assert (await refused(PackageExpired, house.owner, asked)).expired_on == START_BY
        too_late = visit(house, first, first + 31 * DAY, package_id=package_id)
        refusal = await refused(DatesDoNotFit, house.owner, too_late)
        assert [(each.starts_at, each.code) for each in refusal.dates] == [(first + 31 * DAY, "PACKAGE_EXPIRED")]
    series = await made(house, first, first + 30 * DAY, package_id=package_id)
    assert await last_days(house, package_id) == [START_BY]
    assert (await made(house, late)).package_id == package_id
    await ended(house, first, CompleteBooking(series.bookings[0].booking_id))
    assert await last_days(house, package_id) == [date(2026, 6, 24)]
    await ended(house, first + 30 * DAY, CompleteBooking(series.bookings[1].booking_id))
    assert await counts(package_id) == [(7, 1, 2, 0)]
    await assert_audited(house)


async def test_a_hold_beyond_the_last_day_to_start_outlives_the_visit_that_was_to_start_it(house: Harbour) -> None:
    package_id = await _from_first_use(house)
    first, late = datetime(2026, 5, 25, 10, tzinfo=UTC), datetime(2026, 6, 20, 10, tzinfo=UTC)
    series = (await made(house, first, late, package_id=package_id)).bookings
    await ended(house, first - 2 * DAY, CancelBooking(series[0].booking_id))
    with on(late):
        assert await lapse_packages() == 1
    done = await ended(house, late, CompleteBooking(series[1].booking_id))
    assert (done.used, done.remaining, await counts(package_id)) == (1, 0, [(0, 0, 1, 9)])
    assert await last_days(house, package_id) == [START_BY]
    await assert_audited(house)


async def _from_first_use(house: Harbour) -> str:
    asked = replace(terms(Item((house.physio,), 10), price_minor=45000), validity=FROM_FIRST_USE)
    with on(MONDAY):
        return await sold(house, await published(house.owner, "FIRST", asked))


@pytest.mark.parametrize("swept", [False, True])
async def test_a_first_visit_that_nobody_has_completed_lets_nothing_be_booked_once_the_rest_has_lapsed(
    house: Harbour, swept: bool
) -> None:
    asked = replace(terms(Item((house.physio,), 10), price_minor=45000), validity=FROM_FIRST_USE)
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "START", asked))
    last = datetime(2026, 5, 31, 10, tzinfo=UTC)
    await made(house, last, package_id=package_id)
    after = last + 2 * DAY
    with on(after):
        if swept:
            assert await lapse_packages() == 1
        await refused(NotEnoughSessions, house.owner, visit(house, after + DAY, package_id=package_id))


async def test_not_what_is_not_paid(house: Harbour) -> None:
    package_id = await special(house, use=Use(activation=Activation.FULL_PAYMENT))
    with on(MONDAY):
        refusal = await refused(PackagePending, house.owner, visit(house))
        assert (refusal.package_id, refusal.outstanding.amount_minor) == (package_id, 45000)


async def test_not_inside_a_freeze_but_after_it(house: Harbour) -> None:
    package_id = await special(house, use=Use(freeze_days=60, freeze_times=2))
    with on(MONDAY):
        freeze = FreezePackage(package_id, "abroad", date(2026, 3, 9), date(2026, 3, 16))
        await run_command(house.owner, freeze)
        refusal = await refused(PackageFrozen, house.owner, visit(house))
        assert (refusal.package_id, refusal.frozen_from, refusal.thaws_at, refusal.thaws_on) == (
            package_id,
            datetime(2026, 3, 9, tzinfo=UTC),
            datetime(2026, 3, 16, tzinfo=UTC),
            date(2026, 3, 16),
        )
    assert (await made(house, datetime(2026, 3, 16, tzinfo=UTC))).remaining == 9
    await booked(house, at=VISIT - 2 * DAY, starts=visit(house, VISIT - DAY).starts)


async def test_called_off_late_while_it_is_frozen_until_just_before(house: Harbour) -> None:
    package_id = await special(house, use=Use(freeze_days=60, freeze_times=2))
    starts = datetime(2026, 3, 16, 9, tzinfo=UTC)
    booking_id = await booked(house, starts)
    with on(MONDAY):
        await run_command(house.owner, FreezePackage(package_id, "abroad", date(2026, 3, 9), date(2026, 3, 16)))
    done = await ended(house, starts - timedelta(hours=12), CancelBooking(booking_id))
    assert (done.state, done.used, await counts(package_id)) == ("LATE_CANCELLED", 1, [(9, 0, 1, 0)])
    await assert_audited(house)


async def test_not_while_it_is_disputed_and_what_was_booked_waits(house: Harbour) -> None:
    package_id = await bought(house)
    booking_id = await booked(house)
    await execute("UPDATE package SET disputed_at = $2 WHERE id = $1", package_id, MONDAY + DAY)
    with on(MONDAY + 2 * DAY):
        refusal = await refused(PackageDisputed, house.owner, visit(house, VISIT + DAY))
        assert (refusal.package_id, refusal.disputed_at) == (package_id, MONDAY + DAY)
    with on(VISIT):
        assert (await refused(PackageDisputed, house.owner, CompleteBooking(booking_id))).package_id == package_id
    await execute("UPDATE package SET disputed_at = $2 WHERE id = $1", package_id, VISIT + TICK)
    assert (await ended(house, VISIT + DAY, CompleteBooking(booking_id))).used == 1


async def charging(house: Harbour) -> None:
    with on(MONDAY):
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))


async def test_what_is_lacking_is_refused_unless_the_chain_charges_it(house: Harbour) -> None:
    package_id = await special(house, sessions=2)
    with on(MONDAY):
        for asked in (visit(house, sessions=3), visit(house, sessions=3, package_id=package_id)):
            refusal = await refused(NotEnoughSessions, house.owner, asked)
            assert (refusal.package_id, refusal.asked, refusal.remaining) == (package_id, 3, 2)


async def test_a_part_is_held_and_the_rest_is_charged_when_the_visit_has_taken_place(house: Harbour) -> None:
    await charging(house)
    asked = replace(terms(Item((house.physio,), 2), price_minor=9000), price=Price(9000, "EUR", tax_rate_bp=2500))
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "TWO", asked))
    done = await made(house, sessions=3, branch_id=house.mad)
    (one,) = done.bookings
    assert (one.charged, done.remaining, [held.sessions for held in one.held]) == (1, 0, [2])
    assert await rows("SELECT id FROM charge") == []
    closed = await ended(house, VISIT, CompleteBooking(one.booking_id))
    assert (closed.used, closed.charged, closed.charged_minor, closed.currency) == (2, 1, 5000, "EUR")
    # 90.00 with 18.00 of tax that was due at sale: 72.00 for two sessions; 50.00 with 10.00 of tax for the third.
    assert await posted_by(one.booking_id, "COMPLETED") == [
        ("DEFERRED_REVENUE", house.lis, 7200),
        ("DUE_TO_BRANCH", house.lis, -7200),
        ("DUE_FROM_BRANCH", house.mad, 7200),
        ("REVENUE", house.mad, -7200),
        ("RECEIVABLE", house.mad, 5000),
        ("REVENUE", house.mad, -4000),
        ("TAX_PAYABLE", house.mad, -1000),
    ]
    (charge,) = await rows("SELECT customer_id, branch_id, booking_id, sessions, amount_minor, tax_minor FROM charge")
    assert charge == {
        "customer_id": house.ana,
        "branch_id": house.mad,
        "booking_id": one.booking_id,
        "sessions": 1,
        "amount_minor": 5000,
        "tax_minor": 1000,
    }
    assert await counts(package_id) == [(0, 0, 2, 0)]
    await assert_audited(house)


async def test_without_any_package_all_of_it_is_charged_and_nothing_when_it_is_called_off(house: Harbour) -> None:
    await charging(house)
    done = await made(house, VISIT, VISIT + DAY, sessions=2, branch_id=house.mad)
    assert (done.package_id, done.remaining, [each.charged for each in done.bookings]) == (None, 0, [2, 2])
    first, second = (each.booking_id for each in done.bookings)
    with on(MONDAY):
        await execute("DELETE FROM service_price WHERE service_id = $1", house.physio)
    off = await ended(house, VISIT - TICK, CancelBooking(first))
    assert (off.state, off.used, off.charged, off.currency) == ("LATE_CANCELLED", 0, 0, "EUR")
    price = {"service_id": house.physio, "branch_id": house.mad, "list_price_minor": 5000}
    await insert("service_price", [price])
    closed = await ended(house, VISIT + DAY, CompleteBooking(second))
    assert (closed.charged, closed.charged_minor, closed.package_id) == (2, 10000, None)
    assert await posted_by(second, "COMPLETED") == [("RECEIVABLE", house.mad, 10000), ("REVENUE", house.mad, -10000)]
    await assert_audited(house)


async def test_a_charge_is_no_way_round_the_last_day_of_a_package_that_has_sessions(house: Harbour) -> None:
    await charging(house)
    package_id = await bought(house)
    dates = (LAPSES - DAY, LAPSES, LAPSES + DAY)
    with on(MONDAY):
        for named in (None, package_id):
            refusal = await refused(PackageExpired, house.owner, visit(house, LAPSES, package_id=named))
            assert (refusal.package_id, refusal.lapsed_at) == (package_id, LAPSES)
            series = await refused(DatesDoNotFit, house.owner, visit(house, *dates, package_id=named))
            assert [(each.starts_at, each.code) for each in series.dates] == [
                (LAPSES, "PACKAGE_EXPIRED"),
                (LAPSES + DAY, "PACKAGE_EXPIRED"),
            ]


async def test_dates_that_only_lack_sessions_are_not_among_those_that_do_not_fit(house: Harbour) -> None:
    await charging(house)
    await bought(house)
    dates = (VISIT, LAPSES - DAY, LAPSES + DAY)
    with on(MONDAY):
        refusal = await refused(DatesDoNotFit, house.owner, visit(house, *dates, sessions=4))
        assert [(each.starts_at, each.code) for each in refusal.dates] == [(LAPSES + DAY, "PACKAGE_EXPIRED")]
        assert (await run_command(house.owner, visit(house, *dates, sessions=6))).outcome.bookings[2].charged == 6


async def test_a_package_that_is_used_up_or_has_lapsed_by_now_is_none_where_the_chain_charges(house: Harbour) -> None:
    await charging(house)
    used_up = await bought(house)
    with on(MONDAY):
        await used(house, used_up, sessions=10)
    done = await made(house, LAPSES)
    assert (done.package_id, done.bookings[0].charged) == (None, 1)
    await bought(house)
    done = await made(house, LAPSES + DAY, at=LAPSES)
    assert (done.package_id, done.bookings[0].charged) == (None, 1)


async def test_a_package_that_has_everything_comes_before_one_that_has_a_part(house: Harbour) -> None:
    await charging(house)
    sooner, later = await bought(house), await bought(house)
    with on(MONDAY):
        await used(house, sooner, sessions=9)
    assert (await made(house, sessions=2)).package_id == later
    part = await made(house, VISIT + DAY, sessions=9)
    assert (part.package_id, part.bookings[0].charged) == (sooner, 8)


async def test_a_charge_is_no_way_round_a_block(house: Harbour) -> None:
    await charging(house)
    await special(house, use=Use(activation=Activation.FULL_PAYMENT))
    with on(MONDAY):
        await refused(PackagePending, house.owner, visit(house))


async def test_a_customer_who_books_is_refused_what_is_lacking_and_never_charged(house: Harbour) -> None:
    await charging(house)
    ana = await customer_actor(house, house.ana)
    with on(MONDAY):
        none = await refused(NotEnoughSessions, ana, visit(house))
        assert (none.package_id, none.asked, none.remaining) == (None, 1, 0)
        assert none.message.startswith("1 session was asked for and 0 can be used.")
    package_id = await special(house, sessions=2)
    with on(MONDAY):
        few = await refused(NotEnoughSessions, ana, visit(house, sessions=3))
        assert (few.package_id, few.asked, few.remaining) == (package_id, 3, 2)
        assert (await run_command(ana, visit(house, sessions=2))).outcome.bookings[0].charged == 0
