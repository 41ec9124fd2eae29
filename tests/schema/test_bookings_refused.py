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
    ATTACH,
    BOOK,
    CALL_OFF,
    CANCEL,
    COMPLETE,
    MISS,
    MOVE,
    SYNC,
    at,
    booked,
    booking,
    calling_off,
    later,
    moving,
    on,
    told,
)
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, sold
from tests.fixtures.desk import on as clock_at
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import refused
from tests.fixtures.unchanged import unchanged

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
                    "nextInstant": "2026-03-29T01:30:00Z",
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


def invalid(house: Harbour, booking_id: str) -> list[tuple[str, dict[str, Any], list[str]]]:
    """(document, input, the path of each problem)."""
    ref = {"source": "calendar", "reference": "evt-1"}
    note = {"kind": "NOTE", "title": "Bring shoes"}
    two = [{"at": later(days=1)}, {"at": later(days=2)}]
    both = ["externalRef.source", "externalRef.reference"]
    return [
        *((BOOK, booking(house, sessions=n), ["sessions"]) for n in (0, -1, 101, 2**31 - 1)),
        *((BOOK, booking(house, minutes=n), ["minutes"]) for n in (0, -1, 1441)),
        (BOOK, booking(house, starts=[]), ["starts"]),
        (BOOK, booking(house, starts=two, repeat={"everyDays": 7, "times": 2}), ["starts"]),
        (BOOK, booking(house, starts=two * 101), ["starts"]),
        (BOOK, booking(house, repeat={"everyDays": 0, "times": 2}), ["repeat.everyDays"]),
        (BOOK, booking(house, repeat={"everyDays": 367, "times": 2}), ["repeat.everyDays"]),
        (BOOK, booking(house, repeat={"everyDays": 7, "times": 1}), ["repeat"]),
        (BOOK, booking(house, repeat={"everyDays": 7, "times": -1}), ["repeat", "repeat.times"]),
        (BOOK, booking(house, repeat={"everyDays": 7, "times": 2**31 - 1}), ["starts"]),
        (BOOK, booking(house, starts=[two[0], {"local": "0001-01-01T00:00"}]), ["starts.1"]),
        (BOOK, booking(house, starts=[{"at": "0001-01-01T00:00:00Z"}]), ["starts.0"]),
        (BOOK, booking(house, starts=[{"local": "9999-12-31T23:59"}]), ["starts.0"]),
        (BOOK, booking(house, starts=[{"at": "9999-12-31T23:59:59Z"}]), ["starts.0"]),
        (BOOK, booking(house, companionIds=[house.rui]), ["companionIds"]),
        (BOOK, booking(house, sessions=3, companionIds=[house.rui, house.rui]), ["companionIds"]),
        (BOOK, booking(house, sessions=2, companionIds=[house.ana]), ["companionIds"]),
        (BOOK, booking(house, starts=two, externalRef=ref), ["externalRef"]),
        (
            BOOK,
            booking(house, externalRef={"source": " ", "reference": ""}),
            both,
        ),
        (
            BOOK,
            booking(house, externalRef={"source": "s" * 41, "reference": "r" * 121}),
            both,
        ),
        (BOOK, booking(house, attachments=[note, note | {"title": " "}]), ["attachments.1.title"]),
        (BOOK, booking(house, attachments=[note | {"reference": "r" * 501}]), ["attachments.0.reference"]),
        (BOOK, booking(house, attachments=[note] * 21), ["attachments"]),
        (BOOK, booking(house, reason="x" * 501, sessions=0), ["sessions", "reason"]),
        (MOVE, moving(booking_id, start={"local": "0001-01-01T00:00"}), ["start"]),
        (MOVE, moving(booking_id, start={"local": "9999-12-31T00:00"}), ["start"]),
        (MOVE, moving(booking_id, minutes=0, reason="bell\x07"), ["minutes", "reason"]),
        *((COMPLETE, on(booking_id, attended=n), ["attended"]) for n in (0, -1, 2)),
        *((document, on(booking_id, reason="x" * 501), ["reason"]) for document in (CANCEL, COMPLETE, MISS)),
        (CALL_OFF, calling_off(), ["bookingId"]),
        (CALL_OFF, calling_off(bookingId=booking_id, branchId=house.lis), ["bookingId"]),
        (CALL_OFF, calling_off(firstDay="2026-03-05", lastDay="2026-03-04"), ["lastDay"]),
        (CALL_OFF, calling_off(firstDay="0001-01-01", lastDay="9999-12-31"), ["firstDay", "lastDay"]),
        (SYNC, told(house, toldAt=later(hours=1)), ["toldAt"]),
        (SYNC, told(house, toldAt="0001-01-01T00:00:00Z"), ["toldAt"]),
        (SYNC, told(house, startsAt="0001-01-01T00:00:00Z", state="CANCELLED"), ["startsAt"]),
        (SYNC, told(house, startsAt="9999-12-31T00:00:00Z"), ["startsAt"]),
        (SYNC, told(house, state="LATE_CANCELLED"), ["state"]),
        (ATTACH, on(booking_id, attachments=[]), ["attachments"]),
        (ATTACH, on(booking_id, attachments=[note | {"title": ""}]), ["attachments.0.title"]),
        (ATTACH, on(booking_id, attachments=[note], idempotencyKey="short"), ["idempotencyKey"]),
    ]


async def test_every_bad_field_is_named(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        booking_id = await booked(house, FRIDAY)
        async with graph() as app, unchanged():
            for document, given, paths in invalid(house, booking_id):
                answer = await app.act(house.owner, document, input=given)
                assert answer["__typename"] == "InvalidInput", (str(given)[:300], answer)
                assert [".".join(problem["path"]) for problem in answer["problems"]] == paths, (
                    str(given)[:300],
                    answer,
                )


NO_LOCAL = (
    "2026-03-29",
    "2026-03-29 10:00",
    "2026-03-29T10:00Z",
    "2026-03-29T10:00+01:00",
    "2026-02-30T10:00",
    "",
    "2026-03-29T25:00",
    "20260329T1000",
    "٢٠٢٦-03-29T10:00",
    "2026-03-29T10:00\n",
    5,
    ["2026-03-29T10:00"],
)


async def test_what_the_schema_does_not_know_is_bad_user_input(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        instant = later(days=1)
        starts = [{}, {"at": instant, "local": "2026-03-29T10:00"}, {"at": None}, {"at": instant, "local": None}, None]
        table: list[tuple[str, dict[str, Any]]] = [
            *((BOOK, booking(house, starts=[start])) for start in starts),
            *((BOOK, booking(house, starts=[{"local": local}])) for local in NO_LOCAL),
            (BOOK, booking(house, attachments=[{"kind": "PHOTO", "title": "x"}])),
            (BOOK, booking(house, externalRef={"source": "calendar"})),
            (BOOK, booking(house, repeat={"everyDays": 7})),
            (BOOK, booking(house) | {"customerId": None}),
            (CALL_OFF, calling_off(branchId=house.lis, cause="BOREDOM")),
            (SYNC, told(house, state="OPEN")),
        ]
        async with graph() as app, unchanged():
            for document, given in table:
                response = await app.post(house.owner, document, input=given)
                codes = {error["extensions"]["code"] for error in response.json()["errors"]}
                assert (response.status_code, codes) == (400, {"BAD_USER_INPUT"}), (given, response.text[:300])


async def test_ids_that_are_none_are_not_found(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        booking_id = await booked(house, FRIDAY)
        note = {"kind": "NOTE", "title": "x"}
        async with graph() as app, unchanged():
            for bad in ("", "bkg_", "x" * 100_000, "'; DROP TABLE booking; --", "%", "\u202e", house.chain_id):
                table: list[tuple[str, dict[str, Any], str]] = [
                    *(
                        (BOOK, booking(house) | {field: bad}, field)
                        for field in ("serviceId", "branchId", "customerId", "packageId", "practitionerId")
                    ),
                    *((document, on(bad), "bookingId") for document in (CANCEL, COMPLETE, MISS)),
                    (MOVE, moving(bad), "bookingId"),
                    (MOVE, moving(booking_id, branchId=bad), "branchId"),
                    (MOVE, moving(booking_id, practitionerId=bad), "practitionerId"),
                    (ATTACH, on(bad, attachments=[note]), "bookingId"),
                    (CALL_OFF, calling_off(bookingId=bad), "bookingId"),
                    (SYNC, told(house, customerId=bad), "customerId"),
                ]
                for document, given, field in table:
                    answer = await app.act(house.owner, document, input=given)
                    assert (answer["__typename"], answer["path"]) == ("NotFound", [field]), (str(given)[:200], answer)
