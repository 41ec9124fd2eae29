"""Bookings are found by day, person, package and reference, as far as whoever asks may see them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.cancel_booking_by_business import CancelBookingByBusiness
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.flag_booking import FlagBooking
from domain.bookings.rules import Cause
from domain.kernel.access import Actor, Principal, Scope, system
from domain.kernel.commands import run_command
from domain.kernel.db import counting
from domain.kernel.ids import new_id
from domain.people.create_api_key import CreateApiKey
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import customer, customer_actor, harbour
from tests.fixtures.cursors import forged
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import Graph, graph

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
FIND = """query($filter: BookingFilterInput, $order: BookingOrder! = STARTS_FIRST_FIRST, $first: Int, $after: String) {
  bookings(filter: $filter, orderBy: $order, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"""


async def found(app: Graph, credentials: Actor | str, **which: Any) -> list[str]:
    """The ids that a filter finds, in their order; as many as are counted."""
    page = (await app.ask(credentials, FIND, filter=which))["bookings"]
    ids = [node["id"] for node in page["nodes"]]
    assert page["totalCount"] == len(ids), which
    return ids


async def test_the_day_of_a_branch_is_one_of_its_own_clock(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        midnight = datetime(2026, 4, 10, tzinfo=UTC)  # 01:00 in Lisbon, 02:00 in Madrid, 00:00 in Ponta Delgada
        before = await booked(house, midnight - timedelta(hours=2))
        late = await booked(house, midnight - timedelta(hours=1))  # midnight in Lisbon
        madrid = await booked(house, midnight - timedelta(hours=3), branch_id=house.mad)
        azores = await booked(house, midnight, branch_id=house.pdl)
        after = await booked(house, midnight + DAY)
        async with graph() as app:
            for which, ids in (
                ({"day": "2026-04-10", "branchId": house.lis}, [late]),
                ({"day": "2026-04-09", "branchId": house.lis}, [before]),
                ({"day": "2026-04-09", "branchId": house.mad}, [madrid]),
                ({"day": "2026-04-10"}, [late, azores]),
                ({"day": "2026-04-09"}, [madrid, before]),
                ({"day": "2026-04-09", "dayUntil": "2026-04-11"}, [madrid, before, late, azores, after]),
                ({"day": "2026-04-10", "dayUntil": "2026-04-09"}, []),
                ({"day": "0001-01-01", "dayUntil": "9999-12-31"}, [madrid, before, late, azores, after]),
                ({"day": "9999-12-31"}, []),
                ({"day": "2026-04-10", "branchId": house.other_branch}, []),
            ):
                assert await found(app, house.owner, **which) == ids, which
            bad = await app.errors(house.owner, FIND, filter={"dayUntil": "2026-04-10"})
    assert bad == ["BAD_USER_INPUT"]


async def test_every_part_of_the_filter_limits(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        ten, massages = await sold(house, house.ten), await sold(house, house.buy_3_free_1)
        alone = await booked(house, MONDAY + DAY, practitioner_id=house.practitioner_lis.id)
        both = await booked(house, MONDAY + 2 * DAY, service_id=house.massage, sessions=2, companion_ids=(house.rui,))
        gone = await booked(house, MONDAY + 3 * DAY)
        await run_command(house.owner, CancelBooking(gone))
    with on(MONDAY + 2 * DAY + timedelta(minutes=30)):
        async with graph() as app:
            for which, ids in (
                ({}, [alone, both, gone]),
                ({"customerId": house.ana}, [alone, both, gone]),
                ({"customerId": house.rui}, [both]),
                ({"practitionerId": house.practitioner_lis.id}, [alone]),
                ({"packageId": massages}, [both]),
                ({"packageId": ten, "states": ["CONFIRMED"]}, [alone]),
                ({"states": ["CANCELLED", "NO_SHOW"]}, [gone]),
                ({"overdue": True}, [alone]),
                ({"overdue": False}, [both, gone]),
                ({"startsFrom": "2026-03-04T10:00:00Z"}, [both, gone]),
                ({"startsBefore": "2026-03-04T10:00:00Z"}, [alone]),
                ({"seriesId": new_id("ser")}, []),
                ({"externalRef": {"source": "calendar", "reference": "x"}}, []),
            ):
                assert await found(app, house.owner, **which) == ids, which


async def test_pages_go_on_where_they_ended_in_either_order(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        ids = [await booked(house, MONDAY + n * DAY) for n in (3, 1, 2)]
        by_start = [ids[1], ids[2], ids[0]]
        async with graph() as app:
            for order, wanted in (("STARTS_FIRST_FIRST", by_start), ("STARTS_LAST_FIRST", by_start[::-1])):
                first = (await app.ask(house.owner, FIND, order=order, first=2))["bookings"]
                cursor = first["pageInfo"]["endCursor"]
                rest = (await app.ask(house.owner, FIND, order=order, first=2, after=cursor))["bookings"]
                assert [node["id"] for node in first["nodes"] + rest["nodes"]] == wanted
                assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
                assert (first["totalCount"], rest["totalCount"]) == (3, 3)
                other = {"order": order, "filter": {"overdue": True}, "after": cursor}
                assert await app.errors(house.owner, FIND, **other) == ["BAD_USER_INPUT"]
                for keys in ((), ("now", "bkg_x"), ("2026-03-02", "bkg_x"), ("2026-03-02T10:00:00Z",)):
                    bad = {"order": order, "first": 2, "after": forged(cursor, *keys)}
                    assert await app.errors(house.owner, FIND, **bad) == ["BAD_USER_INPUT"], keys


OF_CUSTOMERS = """query($coming: Boolean, $first: Int, $after: String) { customers { nodes {
  name bookings(coming: $coming, first: $first, after: $after) { totalCount nodes { id } } } } }"""


async def test_a_customers_coming_bookings_are_those_confirmed_and_not_ended_and_the_others_are_past(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        await sold(house, house.buy_3_free_1)
        open_ = await booked(house, MONDAY + DAY)
        running = await booked(
            house, MONDAY + 2 * DAY, service_id=house.massage, sessions=2, companion_ids=(house.rui,)
        )
        soon = await booked(house, MONDAY + 4 * DAY)
        called_off = await booked(house, MONDAY + 5 * DAY)
        await run_command(house.owner, CancelBooking(called_off))
    with on(MONDAY + 2 * DAY + timedelta(minutes=30)):
        async with graph() as app:
            for coming, wanted in (
                (True, {"Ana Silva": [running, soon], "Rui Silva": [running], "Eva Ruiz": []}),
                (False, {"Ana Silva": [called_off, open_], "Rui Silva": [], "Eva Ruiz": []}),
                (None, {"Ana Silva": [called_off, soon, running, open_], "Rui Silva": [running], "Eva Ruiz": []}),
            ):
                with counting() as counter:
                    nodes = (await app.ask(house.owner, OF_CUSTOMERS, coming=coming))["customers"]["nodes"]
                assert {node["name"]: [b["id"] for b in node["bookings"]["nodes"]] for node in nodes} == wanted
                assert len(counter) == 3, counter.statements  # who asks, the customers, all their bookings
            query = """query($id: ID!, $after: String) { customer(id: $id) {
              bookings(coming: true, first: 1, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } } }"""
            page = (await app.ask(house.owner, query, id=house.ana))["customer"]["bookings"]
            assert (page["nodes"], page["pageInfo"]["hasNextPage"]) == ([{"id": running}], True)
            rest = await app.ask(house.owner, query, id=house.ana, after=page["pageInfo"]["endCursor"])
            assert rest["customer"]["bookings"]["nodes"] == [{"id": soon}]


async def test_a_package_names_the_visits_that_are_held_on_it(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id, other = await sold(house, house.ten), await sold(house, house.bundle)
        ids = [await booked(house, MONDAY + n * DAY, package_id=package_id) for n in (1, 2)]
        query = "query($id: ID!) { package(id: $id) { bookings { nodes { id } } } }"
        async with graph() as app:
            held = [(await app.ask(house.owner, query, id=each))["package"] for each in (package_id, other)]
    assert [[node["id"] for node in each["bookings"]["nodes"]] for each in held] == [ids[::-1], []]


PAGE = """{ bookings(first: 50) { nodes { id localStart overdue customer { name } service { name }
  practitioner { name } package { name }
  story { kind at held used returned note moved { lotId effect sessions } } } } }"""


async def test_a_page_of_fifty_with_everything_of_theirs_is_seven_statements(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        people = [house.ana, *[await customer(house.owner, f"Bia{n}", "Rocha", house.lis) for n in range(4)]]
        for person in people:
            await sold(house, house.ten, customer_id=person)
        async with graph() as app:
            for day in (1, 2):
                for person in people:
                    for hour in range(day == 1 or 9):
                        await booked(
                            house,
                            MONDAY + day * DAY + timedelta(hours=hour),
                            customer_id=person,
                            practitioner_id=house.practitioner_lis.id,
                        )
                with counting() as counter:
                    nodes = (await app.ask(house.owner, PAGE))["bookings"]["nodes"]
                assert len(nodes) == (5 if day == 1 else 50)
                assert {node["package"]["name"] for node in nodes} == {"Package PHY10"}
                # who asks, the page, customers, services, practitioners, packages, stories
                assert len(counter) == 7, counter.statements


SEE = "query($id: ID!) { booking(id: $id) { id } node(id: $id) { id } bookings { totalCount nodes { id } } }"


async def test_bookings_are_seen_by_who_comes_by_the_branch_and_by_the_home_of_the_package(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await sold(house, house.buy_3_free_1)
        shared = {"service_id": house.massage, "sessions": 2, "companion_ids": (house.rui,)}
        here = await booked(house, MONDAY + DAY, **shared)
        there = await booked(house, MONDAY + 2 * DAY, service_id=house.massage, branch_id=house.mad)
        keys = {
            scope: (await run_command(house.owner, CreateApiKey(scope, (scope,)))).outcome.secret for scope in Scope
        }
        joe = Actor(Principal.CUSTOMER, house.other_customer, house.other_owner.chain_id)
        sees: list[tuple[Actor | str, list[str]]] = [
            (house.owner, [here, there]),
            (house.desk_lis, [here, there]),  # the package is at home in Lisbon
            (house.practitioner_lis, [here, there]),
            (house.accountant, [here, there]),
            (house.manager_mad, [there]),
            (await customer_actor(house, house.ana), [here, there]),
            (await customer_actor(house, house.rui), [here]),
            (await customer_actor(house, house.eva), []),
            (keys[Scope.READ], [here, there]),
            (keys[Scope.BOOK], [here, there]),
            (keys[Scope.SELL], []),
            (keys[Scope.REDEEM], []),
            (house.other_owner, []),
            (joe, []),
        ]
        async with graph() as app:
            for index, (credentials, ids) in enumerate(sees):
                for booking_id in (here, there):
                    seen = await app.ask(credentials, SEE, id=booking_id)
                    one = {"id": booking_id} if booking_id in ids else None
                    assert (seen["booking"], seen["node"]) == (one, one), index
                    assert [node["id"] for node in seen["bookings"]["nodes"]] == ids, index
                    assert seen["bookings"]["totalCount"] == len(ids)


COMING = """query($branch: ID!) { bookings(filter: {branchId: $branch}) { nodes {
  customer { name phone } persons { name } package { name holder { name } } } } }"""


async def test_the_branch_of_a_visit_sees_who_comes_and_on_which_package(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await sold(house, house.buy_3_free_1)
        shared = {"service_id": house.massage, "sessions": 2, "companion_ids": (house.rui,)}
        booking_id = await booked(house, MONDAY + DAY, branch_id=house.mad, **shared)
        async with graph() as app:
            before = (await app.ask(house.manager_mad, COMING, branch=house.mad))["bookings"]["nodes"]
            await run_command(house.manager_mad, CancelBookingByBusiness(Cause.STAFF, booking_id))
            after = (await app.ask(house.manager_mad, COMING, branch=house.mad))["bookings"]["nodes"]
            told = "query($id: ID!) { customer(id: $id) { name } customers { totalCount nodes { name } } }"
            why = "query($id: ID!) { booking(id: $id) { story { kind cause note } } }"
            to_rui = await app.ask(await customer_actor(house, house.rui), why, id=booking_id)
            eva = await app.ask(house.desk_lis, told, id=house.eva)
            ana = await app.ask(house.manager_mad, told, id=house.ana)
            rui = await app.ask(house.manager_mad, told, id=house.rui)
            other = await app.ask(house.other_owner, told, id=house.ana)
            stranger = await app.ask(await customer_actor(house, house.eva), told, id=house.ana)
    (coming,) = before
    assert coming == {
        "customer": {"name": "Ana Silva", "phone": "+351922925005"},
        "persons": [{"name": "Ana Silva"}, {"name": "Rui Silva"}],
        "package": {"name": "Package MASB3F1", "holder": {"name": "Ana Silva"}},
    }
    assert after == before  # whoever was to come must be told that it was called off
    assert (ana["customer"], rui["customer"]) == ({"name": "Ana Silva"}, {"name": "Rui Silva"})
    assert ana["customers"]["totalCount"] == 3
    story = [{"kind": "BOOKED", "cause": None, "note": None}]
    story += [{"kind": "CANCELLED_BY_BUSINESS", "cause": "STAFF", "note": None}]
    assert to_rui["booking"]["story"] == story  # companions too are told why
    assert eva["customer"] is other["customer"] is stranger["customer"] is None


async def test_notes_are_for_the_business_and_what_was_left_open_says_since_when(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
        ana = await customer_actor(house, house.ana)
        booking_id = await booked(house, MONDAY + DAY)
    query = "query($id: ID!) { booking(id: $id) { leftOpenSince overdue story { kind note } } }"
    with on(MONDAY + 2 * DAY):
        await run_command(system(house.chain_id), FlagBooking(booking_id, "not paid"))
        async with graph() as app:
            flagged = (await app.ask(house.desk_lis, query, id=booking_id))["booking"]
        await run_command(house.desk_lis, CompleteBooking(booking_id, reason="asked Paulo"))
        async with graph() as app:
            by_desk = (await app.ask(house.desk_lis, query, id=booking_id))["booking"]
            by_customer = (await app.ask(ana, query, id=booking_id))["booking"]
    assert (flagged["leftOpenSince"], flagged["overdue"]) == ("2026-03-04T10:00:00Z", True)
    assert by_desk["overdue"] is False
    kinds = ["BOOKED", "FLAGGED", "COMPLETED"]
    assert [(step["kind"], step["note"]) for step in by_desk["story"]] == list(
        zip(kinds, ["", "not paid", "asked Paulo"], strict=True)
    )
    assert [(step["kind"], step["note"]) for step in by_customer["story"]] == [(kind, None) for kind in kinds]
