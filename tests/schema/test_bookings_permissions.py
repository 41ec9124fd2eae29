"""Who may book, move and end visits, as the policy table says, over HTTP."""

import re
from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.access import POLICIES, Actor
from domain.kernel.ids import new_id
from tests.fixtures.askers import askers
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
    moving,
    on,
    told,
)
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import MONDAY, sold
from tests.fixtures.desk import on as clock_at
from tests.fixtures.graph import Graph, graph
from tests.fixtures.package_acts import refused
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
DOCUMENTS = {
    "book_session": BOOK,
    "reschedule_booking": MOVE,
    "cancel_booking": CANCEL,
    "complete_booking": COMPLETE,
    "mark_no_show": MISS,
    "cancel_booking_by_business": CALL_OFF,
    "sync_booking": SYNC,
    "attach_to_booking": ATTACH,
}
FORM = {"kind": "FORM", "title": "Intake"}


async def test_the_matrix_is_the_one_that_was_agreed(sqlite_db: str) -> None:
    house = await harbour(sqlite_db)
    found = {act: [name for name, asker in (await askers(house)).items() if asker.may(act)] for act in DOCUMENTS}
    desk = ["owner", "manager there", "desk"]
    visits = [*desk, "practitioner", "key BOOK"]
    assert found == {
        **dict.fromkeys(DOCUMENTS, visits),
        "cancel_booking_by_business": [*desk, "key BOOK"],
        "sync_booking": ["owner", "key BOOK"],
    }
    assert [act for act in DOCUMENTS if POLICIES[act].customers] == [
        "book_session",
        "reschedule_booking",
        "cancel_booking",
    ]


async def test_a_customer_books_moves_and_cancels_visits_of_their_own(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        ana = await customer_actor(house, house.ana)
        async with graph() as app:
            made = await app.act(ana, BOOK, input=booking(house))
            (visit,) = made["bookings"]
            assert (made["remaining"], visit["booking"]["state"]) == (9, "CONFIRMED")
            moved = await app.act(ana, MOVE, input=moving(visit["bookingId"]))
            assert (moved["__typename"], moved["reschedules"]) == ("RescheduleBookingPayload", 1)
            called_off = await app.act(ana, CANCEL, input=on(visit["bookingId"]))
            assert (called_off["state"], called_off["remaining"]) == ("CANCELLED", 10)


async def test_the_booking_of_another_does_not_exist_for_a_customer_although_a_companion_sees_it(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.buy_3_free_1)
        with_rui = {"service_id": house.massage, "sessions": 2, "companion_ids": (house.rui,)}
        booking_id = await booked(house, MONDAY + 3 * DAY, **with_rui)
        rui = await customer_actor(house, house.rui)
        async with graph() as app:
            for document, given in ((MOVE, moving(booking_id)), (CANCEL, on(booking_id))):
                kind, facts = await refused(app, rui, document, given)
                assert (kind, facts["noun"], facts["path"]) == ("NotFound", "booking", ["bookingId"])
            seen = await app.ask(rui, "query($id: ID!) { booking(id: $id) { state } }", id=booking_id)
            for document in (COMPLETE, MISS):
                assert await app.errors(rui, document, input=on(booking_id)) == ["FORBIDDEN"]
    assert seen["booking"] == {"state": "CONFIRMED"}


async def test_to_a_customer_whoever_is_not_of_the_household_does_not_exist_as_a_companion(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten, customer_id=house.eva)
        await booked(house, MONDAY + 3 * DAY, customer_id=house.eva)
        ana = await customer_actor(house, house.ana)
        async with graph() as app:
            for other in (house.eva, new_id("cus"), house.other_customer):
                given = booking(house, sessions=2, companionIds=[other])
                kind, facts = await refused(app, ana, BOOK, given)
                assert (kind, facts["noun"], facts["path"]) == ("NotFound", "customer", ["companionIds", "0"])
            own_ref = booking(house, externalRef={"source": "calendar", "reference": "evt-1"})
            kind, facts = await refused(app, ana, BOOK, own_ref)
            assert (kind, facts["path"]) == ("InvalidInput", ["externalRef"])


async def test_the_desk_of_another_branch_may_not_act_on_visits_here_nor_take_them_there(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        booking_id = await booked(house, MONDAY + 3 * DAY)
        table: list[tuple[Actor, str, dict[str, Any]]] = [
            (house.manager_mad, BOOK, booking(house)),
            *((house.manager_mad, document, on(booking_id)) for document in (CANCEL, COMPLETE, MISS)),
            (house.manager_mad, MOVE, moving(booking_id)),
            (house.manager_mad, ATTACH, on(booking_id, attachments=[FORM])),
            (house.manager_mad, CALL_OFF, calling_off(bookingId=booking_id)),
            (house.manager_mad, CALL_OFF, calling_off(branchId=house.lis)),
            (house.manager_mad, CALL_OFF, calling_off(firstDay="2026-03-02")),
            (house.desk_lis, MOVE, moving(booking_id, branchId=house.mad)),
            (house.desk_lis, SYNC, told(house)),
        ]
        async with graph() as app, unchanged():
            for actor, document, given in table:
                assert await app.errors(actor, document, input=given) == ["FORBIDDEN"], given


async def answered(app: Graph, credentials: Actor, document: str, known: str, **variables: Any) -> str:
    """The answer without what differs from request to request, the id replaced."""
    response = await app.post(credentials, document, **variables)
    text = re.sub(r'"(requestId":"\w+"|currentlyAvailable":\d+)', "", response.text)
    return f"{response.status_code} {text}".replace(known, "<id>")


async def test_bookings_of_another_chain_are_answered_byte_for_byte_as_absent_ones(db: str) -> None:
    with clock_at(MONDAY):
        house = await harbour(db)
        package_id = await sold(house, house.ten)
        booking_id = await booked(house, MONDAY + 3 * DAY)
        there = {"branchId": house.other_branch, "customerId": house.other_customer}
        acts = [
            *((document, on(booking_id), "bookingId", booking_id) for document in (CANCEL, COMPLETE, MISS)),
            (MOVE, moving(booking_id), "bookingId", booking_id),
            (ATTACH, on(booking_id, attachments=[FORM]), "bookingId", booking_id),
            (CALL_OFF, calling_off(), "bookingId", booking_id),
            (CALL_OFF, calling_off(), "branchId", house.lis),
            (CALL_OFF, calling_off(), "practitionerId", house.practitioner_lis.id),
            (BOOK, booking(house), "branchId", house.lis),
            (BOOK, booking(house) | there, "serviceId", house.physio),
            (BOOK, booking(house) | there, "packageId", package_id),
            (SYNC, told(house), "branchId", house.lis),
        ]
        reads = [
            f"bookings(filter: {{{name}: $id}}) {{ totalCount nodes {{ id }} }}"
            for name in ("branchId", "practitionerId", "customerId", "packageId", "seriesId")
        ]
        reads += ["booking(id: $id) { id }", "node(id: $id) { id }"]
        known = {"bkg": booking_id, "brn": house.lis, "stf": house.practitioner_lis.id, "cus": house.ana}
        known |= {"pkg": package_id, "srv": house.physio}
        async with graph() as app, unchanged():
            for document, given, field, foreign in acts:
                absent = new_id(foreign.partition("_")[0])
                said = [
                    await answered(app, house.other_owner, document, one, input=given | {field: one})
                    for one in (foreign, absent)
                ]
                assert said[0] == said[1], (field, said)
                assert '"NotFound"' in said[0] or '"NothingToCancel"' in said[0], said[0]
            for prefix, foreign in known.items():
                for read in reads:
                    query = f"query($id: ID!) {{ {read} }}"
                    ids = (foreign, new_id(prefix))
                    asked = [await answered(app, house.other_owner, query, one, id=one) for one in ids]
                    assert asked[0] == asked[1], (prefix, read)
