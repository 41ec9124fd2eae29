"""What is wrong with a booking is told by a refusal of its own with the facts an app needs; nothing is written."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.catalog.define_service import DefineService
from domain.catalog.store import BranchPrice
from domain.catalog.terms import Activation, BranchScope, Cancellation, Expiry, GraceAllows, Item, Use, Validity, Where
from domain.kernel.commands import run_command
from domain.kernel.db import execute
from tests.fixtures.booking_acts import (
    BOOK,
    CALL_OFF,
    CANCEL,
    COMPLETE,
    MISS,
    MOVE,
    at,
    booked,
    booking,
    calling_off,
    later,
    moving,
    on,
)
from tests.fixtures.chain import harbour, published, terms
from tests.fixtures.desk import MONDAY, sold
from tests.fixtures.desk import on as clock_at
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import refused

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


def starting(*instants: datetime) -> list[dict[str, str]]:
    """Starts as a client writes them."""
    return [{"at": at(instant)} for instant in instants]


async def test_a_time_that_cannot_be_is_refused(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
        known = await booked(house, FRIDAY)
        async with graph() as app:
            assert await refused(app, house.desk_lis, BOOK, booking(house, starts=starting(MONDAY - DAY))) == (
                "BookingInPast",
                {"startsAt": "2026-03-01T10:00:00Z", "earliest": "2026-03-02T10:00:00Z", "path": []},
            )
            after_lapse = booking(house, starts=starting(MONDAY + 195 * DAY))
            assert await refused(app, house.desk_lis, BOOK, after_lapse | {"packageId": package_id}) == (
                "PackageExpired",
                {
                    "packageId": package_id,
                    "expiredOn": "2026-08-29",
                    "lapsedAt": "2026-09-12T23:00:00Z",
                    "path": [],
                },
            )
            overlapping = booking(house, starts=starting(FRIDAY + timedelta(minutes=30)))
            assert await refused(app, house.desk_lis, BOOK, overlapping) == (
                "BookingOverlaps",
                {
                    "customerId": house.ana,
                    "startsAt": "2026-03-06T10:00:00Z",
                    "endsAt": "2026-03-06T10:45:00Z",
                    "otherBookingId": known,
                    "path": [],
                },
            )
            skipped = booking(house, starts=[{"local": "2026-03-29T01:30"}])
            no_such_time = (
                "NoSuchLocalTime",
                {
                    "local": "2026-03-29T01:30",
                    "timeZone": "Europe/Lisbon",
                    "nextInstant": "2026-03-29T01:00:00Z",
                    "path": [],
                },
            )
            assert await refused(app, house.desk_lis, BOOK, skipped) == no_such_time
            moved_there = moving(known, start={"local": "2026-03-29T01:30"})
            assert await refused(app, house.desk_lis, MOVE, moved_there) == no_such_time


async def test_each_date_of_a_series_that_does_not_fit_is_named(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
        await booked(house, FRIDAY)
        starts = starting(FRIDAY, FRIDAY + DAY, MONDAY + 200 * DAY)
        async with graph() as app:
            given = booking(house, starts=starts, packageId=package_id)
            kind, facts = await refused(app, house.desk_lis, BOOK, given)
    assert kind == "DatesDoNotFit"
    assert [(date["startsAt"], date["code"]) for date in facts["dates"]] == [
        ("2026-03-06T10:00:00Z", "BOOKING_OVERLAPS"),
        ("2026-09-18T10:00:00Z", "PACKAGE_EXPIRED"),
    ]
    assert all(date["message"] for date in facts["dates"])


async def test_what_the_terms_exclude_is_refused(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        trial, ten = await sold(house, house.trial), await sold(house, house.ten)
        tied = terms(
            Item((house.massage,), 1),
            price_minor=5000,
            where=Where(BranchScope.CHAIN, practitioner_ids=(house.practitioner_lis.id,)),
        )
        tied_id = await sold(house, await published(house.owner, "TIED", tied))
        yoga = await run_command(house.owner, DefineService("YOGA", "Yoga", 60, (BranchPrice(house.mad, 2000),)))
        table: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
            (
                {"serviceId": house.facial, "branchId": house.mad, "packageId": trial},
                "WrongBranch",
                {"packageId": trial, "branchId": house.mad, "usableAt": [house.lis]},
            ),
            (
                {"serviceId": house.facial, "packageId": ten},
                "WrongService",
                {"packageId": ten, "serviceId": house.facial, "services": [house.physio]},
            ),
            (
                {"serviceId": house.massage, "packageId": tied_id},
                "WrongPractitioner",
                {"packageId": tied_id, "practitionerIds": [house.practitioner_lis.id]},
            ),
            (
                {"serviceId": yoga.outcome.service_id},
                "ServiceNotOffered",
                {"serviceId": yoga.outcome.service_id, "branchId": house.lis},
            ),
            (
                {"customerId": house.eva, "packageId": ten},
                "PersonMayNotUse",
                {"packageId": ten, "personId": house.eva},
            ),
            (
                {"sessions": 11, "packageId": ten},
                "NotEnoughSessions",
                {"triedPackageId": ten, "asked": 11, "remaining": 10},
            ),
            (
                {"serviceId": house.massage, "customerId": house.eva},
                "NotEnoughSessions",
                {"triedPackageId": None, "asked": 1, "remaining": 0},
            ),
        ]
        async with graph() as app:
            for changed, kind, facts in table:
                given = booking(house) | changed
                assert await refused(app, house.owner, BOOK, given) == (kind, facts | {"path": []}), changed


async def test_what_keeps_a_package_from_being_used_keeps_it_from_being_booked(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        item = Item((house.physio,), 5)
        unpaid = terms(item, price_minor=20000, use=Use(Activation.FULL_PAYMENT))
        pending = await sold(house, await published(house.owner, "UNPAID", unpaid))
        grace = Validity(days=10, expiry=Expiry.SOFT, grace_days=10, grace_allows=GraceAllows.BOOKED_ONLY)
        in_grace = await sold(
            house, await published(house.owner, "GRACE", replace(terms(item, price_minor=20000), validity=grace))
        )
        async with graph() as app:
            kind, facts = await refused(app, house.desk_lis, BOOK, booking(house, packageId=pending))
            assert (kind, facts["outstanding"]["amount"]) == ("PackagePending", "200.00")
    with clock_at(MONDAY + 12 * DAY):
        async with graph() as app:
            assert await refused(app, house.desk_lis, BOOK, booking(house, packageId=in_grace)) == (
                "GraceForBookedOnly",
                {
                    "packageId": in_grace,
                    "expiredOn": "2026-03-12",
                    "lapsesAt": "2026-03-23T00:00:00Z",
                    "path": [],
                },
            )
        await execute("UPDATE branch SET closed_at = $2 WHERE id = $1", house.lis, MONDAY)
        async with graph() as app:
            assert await refused(app, house.desk_lis, BOOK, booking(house)) == (
                "BranchClosed",
                {"branchId": house.lis, "closedAt": "2026-03-02T10:00:00Z", "path": []},
            )


async def test_a_booking_ends_once(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        gone, done = await booked(house, FRIDAY), await booked(house, MONDAY + timedelta(hours=1))
        await run_command(house.owner, CancelBooking(gone))
        await run_command(house.owner, CompleteBooking(done))
        ended = {"endedAt": "2026-03-02T10:00:00Z", "path": []}
        async with graph() as app:
            for booking_id, state in ((gone, "CANCELLED"), (done, "COMPLETED")):
                for document, given in (
                    (CANCEL, on(booking_id)),
                    (COMPLETE, on(booking_id)),
                    (MISS, on(booking_id)),
                    (MOVE, moving(booking_id)),
                    (CALL_OFF, calling_off(bookingId=booking_id)),
                ):
                    assert await refused(app, house.owner, document, given) == (
                        "BookingEnded",
                        {"bookingId": booking_id, "state": state, **ended},
                    ), document


async def test_the_hour_of_the_visit_decides_what_may_still_be_done(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        item = Item((house.massage,), 2)
        once = terms(item, price_minor=9000, cancellation=Cancellation(reschedules=0))
        await sold(house, await published(house.owner, "ONCE", once))
        booking_id = await booked(house, FRIDAY)
        unmovable = await booked(house, FRIDAY + DAY, service_id=house.massage)
        starts = {"bookingId": booking_id, "startsAt": "2026-03-06T10:00:00Z", "path": []}
        async with graph() as app:
            for document in (COMPLETE, MISS):
                assert await refused(app, house.desk_lis, document, on(booking_id)) == ("BookingNotStarted", starts)
            assert await refused(app, house.desk_lis, MOVE, moving(unmovable)) == (
                "NoReschedulesLeft",
                {"bookingId": unmovable, "allowed": 0, "path": []},
            )
            assert await refused(
                app, house.desk_lis, CALL_OFF, calling_off(branchId=house.lis, lastDay="2026-03-05")
            ) == (
                "NothingToCancel",
                {"path": []},
            )
    with clock_at(FRIDAY - timedelta(hours=23)):
        async with graph() as app:
            assert await refused(app, house.desk_lis, MOVE, moving(booking_id)) == (
                "TooLateToReschedule",
                {"bookingId": booking_id, "until": "2026-03-05T10:00:00Z", "path": []},
            )
    with clock_at(FRIDAY):
        async with graph() as app:
            assert await refused(app, house.desk_lis, CANCEL, on(booking_id)) == ("BookingStarted", starts)
            assert await refused(app, house.desk_lis, MOVE, moving(booking_id)) == ("BookingStarted", starts)


async def test_a_reference_is_taken_once_for_each_source(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        ref = {"source": "calendar", "reference": "evt-1"}
        async with graph() as app:
            first = await app.act(house.desk_lis, BOOK, input=booking(house, externalRef=ref))
            booking_id = first["bookings"][0]["bookingId"]
            again = booking(house, externalRef=ref, starts=[{"at": later(days=9)}])
            assert await refused(app, house.desk_lis, BOOK, again) == (
                "ExternalRefTaken",
                {**ref, "bookingId": booking_id, "path": []},
            )
            other = await app.act(house.desk_lis, BOOK, input=again | {"externalRef": ref | {"source": "site"}})
    assert other["__typename"] == "BookSessionPayload"
