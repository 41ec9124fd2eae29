"""Bookings over HTTP: made, moved and ended, and each one's story from booking to redemption and back."""

from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.db import rows
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
    moving,
    on,
    told,
)
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, sold
from tests.fixtures.desk import on as clock_at
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import REVERSE, undoing
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


async def lot_of(package_id: str) -> str:
    """The one lot of a package."""
    (lot,) = await rows("SELECT id FROM lot WHERE package_id = $1", package_id)
    lot_id: str = lot["id"]
    return lot_id


async def test_a_visit_is_booked_by_the_clock_of_the_branch_and_says_what_remains_and_why(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
        given = booking(house, starts=[{"local": "2026-03-30T10:00"}], practitionerId=house.practitioner_lis.id)
        async with graph() as app:
            answer = await app.act(house.desk_lis, BOOK, input=given)
            again = await app.act(house.desk_lis, BOOK, input=given)
    (visit,) = answer["bookings"]
    assert (answer["remaining"], answer["remainingOfService"]) == (9, 9)
    assert answer["why"].startswith("10 issued - 1 held = 9 available")
    assert (answer["package"], answer["seriesId"]) == ({"id": package_id}, None)
    assert (visit["startsAt"], visit["endsAt"]) == ("2026-03-30T09:00:00Z", "2026-03-30T09:45:00Z")
    assert (visit["held"], visit["charged"]) == ([{"lotId": await lot_of(package_id), "sessions": 1}], 0)
    assert {name: visit["booking"][name] for name in ("id", "state", "localStart", "timeZone")} == {
        "id": visit["bookingId"],
        "state": "CONFIRMED",
        "localStart": "2026-03-30T10:00",
        "timeZone": "Europe/Lisbon",
    }
    assert again == answer | {"replayed": True}


async def test_a_series_repeats_the_time_of_day_of_the_branch_across_the_change_of_clocks(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        repeat = {"everyDays": 7, "times": 3}
        given = booking(house, starts=[{"local": "2026-03-16T18:30:00"}], repeat=repeat)
        async with graph() as app:
            answer = await app.act(house.desk_lis, BOOK, input=given)
            series = (
                "query($of: ID!) { bookings(filter: {seriesId: $of}) { totalCount nodes { localStart startsAt } } }"
            )
            found = (await app.ask(house.desk_lis, series, of=answer["seriesId"]))["bookings"]
    assert answer["remaining"] == 7
    assert found["totalCount"] == 3
    assert [(node["localStart"], node["startsAt"]) for node in found["nodes"]] == [
        ("2026-03-16T18:30", "2026-03-16T18:30:00Z"),
        ("2026-03-23T18:30", "2026-03-23T18:30:00Z"),
        ("2026-03-30T18:30", "2026-03-30T17:30:00Z"),
    ]


def steps(answer: dict[str, Any]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """The story in an answer: kind, act, and what happened to the sessions of which lot."""
    return [
        (step["kind"], step["act"], [(m["effect"], m["lotId"], m["sessions"]) for m in step["moved"]])
        for step in answer["booking"]["story"]
    ]


async def test_the_story_goes_from_booking_over_moving_and_completing_to_the_reversal(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
        lot_id = await lot_of(package_id)
        booking_id = await booked(house, FRIDAY)
        async with graph() as app:
            moved = await app.act(house.desk_lis, MOVE, input=moving(booking_id, start={"at": at(FRIDAY + DAY)}))
            assert (moved["reschedules"], moved["startsAt"]) == (1, "2026-03-07T10:00:00Z")
            assert moved["held"] == [{"lotId": lot_id, "sessions": 1}]
    with clock_at(FRIDAY + DAY):
        async with graph() as app:
            done = await app.act(house.desk_lis, COMPLETE, input=on(booking_id, reason="as planned"))
            assert (done["state"], done["used"], done["returned"], done["remaining"]) == ("COMPLETED", 1, 0, 9)
            assert (done["charged"], done["chargedAmount"]["amount"], done["package"]) == (
                0,
                "0.00",
                {"id": package_id},
            )
            await app.act(house.desk_lis, REVERSE, input=undoing(done["operationId"]))
            story = "query($id: ID!) { booking(id: $id) { state story { kind act operation { reverses { id } }"
            story += " moved { effect lotId sessions } held used returned startsAt note } } }"
            told_now = await app.ask(house.desk_lis, story, id=booking_id)
    assert steps(told_now) == [
        ("BOOKED", "book_session", [("HELD", lot_id, 1)]),
        ("RESCHEDULED", "reschedule_booking", []),
        ("COMPLETED", "complete_booking", [("USED", lot_id, 1)]),
        ("REVERSED", "reverse_redemption", [("RETURNED", lot_id, 1)]),
    ]
    story = told_now["booking"]["story"]
    assert [(step["held"], step["used"], step["returned"]) for step in story] == [
        (1, 0, 0),
        (0, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert [step["startsAt"] for step in story] == [
        "2026-03-06T10:00:00Z",
        "2026-03-07T10:00:00Z",
        "2026-03-07T10:00:00Z",
        None,
    ]
    assert story[2]["note"] == "as planned"
    assert story[3]["operation"]["reverses"] == {"id": done["operationId"]}


async def test_what_goes_back_through_the_fault_of_the_business_after_a_lapse_is_told_with_its_new_lot(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.trial, branch_id=house.lis)
        lot_id = await lot_of(package_id)
        booking_id = await booked(house, MONDAY + 90 * DAY, service_id=house.facial)
    with clock_at(MONDAY + 100 * DAY):
        async with graph() as app:
            answer = await app.act(house.desk_lis, CALL_OFF, input=calling_off(bookingId=booking_id, reason="ill"))
    (visit,) = answer["bookings"]
    (new_lot,) = visit["replacementLotIds"]
    assert (visit["customerId"], visit["returned"]) == (house.ana, 1)
    assert steps(visit)[-1] == (
        "CANCELLED_BY_BUSINESS",
        "cancel_booking_by_business",
        [("RETURNED", lot_id, 1), ("REPLACED", new_lot, 1)],
    )
    assert [(step["cause"], step["note"]) for step in visit["booking"]["story"]] == [(None, ""), ("STAFF", "ill")]


@pytest.mark.parametrize(("hours", "state", "used"), [(25, "CANCELLED", 0), (23, "LATE_CANCELLED", 1)])
async def test_a_cancellation_tells_by_the_clock_what_it_came_to(db: str, hours: int, state: str, used: int) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        booking_id = await booked(house, FRIDAY)
    with clock_at(FRIDAY - timedelta(hours=hours)):
        async with graph() as app:
            answer = await app.act(house.desk_lis, CANCEL, input=on(booking_id))
    assert (answer["state"], answer["used"], answer["returned"]) == (state, used, 1 - used)
    assert answer["booking"]["state"] == state


async def test_nobody_came_and_the_terms_take_the_session(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        booking_id = await booked(house, FRIDAY)
    with clock_at(FRIDAY + DAY):
        async with graph() as app:
            answer = await app.act(house.desk_lis, MISS, input=on(booking_id))
    assert (answer["state"], answer["used"], answer["remaining"]) == ("NO_SHOW", 1, 9)


async def test_a_scheduler_may_say_the_same_again_and_out_of_order(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        async with graph() as app:
            first = await app.act(house.owner, SYNC, input=told(house))
            stale = await app.act(house.owner, SYNC, input=told(house, toldAt=at(MONDAY - DAY), state="CANCELLED"))
            with clock_at(MONDAY + timedelta(hours=1)):
                ended = await app.act(
                    house.owner, SYNC, input=told(house, state="CANCELLED", startsAt=first["booking"]["startsAt"])
                )
            find = """{ bookings(filter: {externalRef: {source: "calendar", reference: "evt-1"}}) {
              nodes { id externalRef { source reference } } } }"""
            (found,) = (await app.ask(house.owner, find))["bookings"]["nodes"]
    assert (first["effects"], stale["effects"], ended["effects"]) == (["BOOKED"], ["STALE"], ["ENDED"])
    assert (stale["state"], ended["state"]) == ("CONFIRMED", "CANCELLED")
    assert found == {"id": first["bookingId"], "externalRef": {"source": "calendar", "reference": "evt-1"}}


async def test_attachments_are_added_and_shown(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        form = {"kind": "FORM", "title": "Intake", "reference": "forms/1"}
        contract = {"kind": "CONTRACT", "title": "Terms", "reference": ""}
        async with graph() as app:
            made = await app.act(house.desk_lis, BOOK, input=booking(house, attachments=[form]))
            booking_id = made["bookings"][0]["bookingId"]
            given = on(booking_id, attachments=[contract, form])
            answer = await app.act(house.desk_lis, ATTACH, input=given)
            query = "query($id: ID!) { node(id: $id) { ... on Booking { attachments { kind title reference } } } }"
            shown = await app.ask(house.desk_lis, query, id=booking_id)
    assert answer["attachments"] == [form, contract]
    assert shown["node"]["attachments"] == [form, contract]


SHOWN = """query($id: ID!) { booking(id: $id) {
  branch { code } service { code } practitioner { name } customer { name } persons { name } package { id }
  packageId customerId seriesId externalRef { source } sessions charged state reschedules bookedAt endedAt
  leftOpenSince overdue localStart timeZone
  cancellation { freeUntil lateCosts noShowCosts reschedulesLeft }
} }"""


async def test_a_booking_shows_who_comes_where_and_what_cancelling_comes_to(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.buy_3_free_1)
        booking_id = await booked(
            house,
            FRIDAY,
            service_id=house.massage,
            sessions=2,
            companion_ids=(house.rui,),
            practitioner_id=house.practitioner_lis.id,
        )
        async with graph() as app:
            shown = (await app.ask(house.desk_lis, SHOWN, id=booking_id))["booking"]
    assert shown == {
        "branch": {"code": "LIS"},
        "service": {"code": "MAS60"},
        "practitioner": {"name": "Paulo Practitioner"},
        "customer": {"name": "Ana Silva"},
        "persons": [{"name": "Ana Silva"}, {"name": "Rui Silva"}],
        "package": {"id": package_id},
        "packageId": package_id,
        "customerId": house.ana,
        "seriesId": None,
        "externalRef": None,
        "sessions": 2,
        "charged": 0,
        "state": "CONFIRMED",
        "reschedules": 0,
        "bookedAt": "2026-03-02T10:00:00Z",
        "endedAt": None,
        "leftOpenSince": None,
        "overdue": False,
        "localStart": "2026-03-06T10:00",
        "timeZone": "Europe/Lisbon",
        "cancellation": {
            "freeUntil": "2026-03-05T10:00:00Z",
            "lateCosts": "CONSUME",
            "noShowCosts": "CONSUME",
            "reschedulesLeft": None,
        },
    }
    with clock_at(FRIDAY + DAY):
        async with graph() as app:
            assert (await app.ask(house.desk_lis, SHOWN, id=booking_id))["booking"]["overdue"] is True


async def test_the_same_key_and_input_give_the_same_again_and_another_input_is_a_mismatch(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        ids = [await booked(house, MONDAY + timedelta(hours=n)) for n in range(1, 7)]
        form = [{"kind": "FORM", "title": "Intake"}]
        table: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
            (BOOK, booking(house), {"sessions": 2}),
            (MOVE, moving(ids[0]), {"minutes": 30}),
            (CANCEL, on(ids[1]), {"reason": "ill"}),
            (COMPLETE, on(ids[2]), {"attended": 1}),
            (CALL_OFF, calling_off(bookingId=ids[3]), {"cause": "WEATHER"}),
            (ATTACH, on(ids[4], attachments=form), {"attachments": form * 2}),
            (SYNC, told(house, startsAt=at(FRIDAY + DAY)), {"startsAt": at(FRIDAY + 2 * DAY)}),
        ]
        async with graph() as app:
            for document, given, other in table:
                first = await app.act(house.owner, document, input=given)
                assert first.get("replayed") is False, first
                async with unchanged():
                    again = await app.act(house.owner, document, input=given)
                    mismatch = await app.errors(house.owner, document, input=given | other)
                assert (again, mismatch) == (first | {"replayed": True}, ["IDEMPOTENCY_MISMATCH"]), document
