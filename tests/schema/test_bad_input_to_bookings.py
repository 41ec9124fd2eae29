"""Whatever is wrong with what is asked of bookings is refused, never a fault, and writes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fixtures.booking_acts import (
    ATTACH,
    BOOK,
    CALL_OFF,
    CANCEL,
    COMPLETE,
    MISS,
    MOVE,
    SYNC,
    booked,
    booking,
    calling_off,
    later,
    moving,
    on,
    told,
)
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, sold
from tests.fixtures.desk import on as clock_at
from tests.fixtures.graph import graph
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


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
