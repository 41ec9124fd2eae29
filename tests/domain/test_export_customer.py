"""Everything that is kept about a person is handed out as one document, and that it was is recorded."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from domain.bookings.attach_to_booking import AttachToBooking
from domain.bookings.book_session import BookSession
from domain.bookings.booked import Attachment
from domain.bookings.reschedule_booking import RescheduleBooking
from domain.bookings.rules import AttachmentKind, Start
from domain.customers.erase_customer import EraseCustomer
from domain.customers.export_customer import ExportCustomer
from domain.customers.exporting import document
from domain.customers.merging_errors import CustomerErased, CustomerMerged
from domain.inbox.receiving_store import insert_event
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, NotFound
from domain.kernel.ids import new_id
from tests.fixtures import handed
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, on, refused, sold, used
from tests.fixtures.every_text import where_it_stands
from tests.fixtures.families import family
from tests.fixtures.knocking import event, opened, processed
from tests.fixtures.money_acts import deposited, visited
from tests.fixtures.persons import merged
from tests.fixtures.visits import bought

pytestmark = pytest.mark.anyio


async def _exported(customer_id: str) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(await document(customer_id))
    return told


async def test_the_document_tells_all_that_is_kept_also_of_who_was_merged(db: str) -> None:
    house = await harbour(db)
    charge = await visited(house, MONDAY, house.mad, house.massage)
    with on(MONDAY + timedelta(days=1)):
        package = await sold(house, house.ten, customer_id=house.eva, payments=cash(45000))
        redemption = (await used(house, package)).operation_id
        await deposited(house, 700, customer_id=house.eva)
        done = await merged(house)
        told = await _exported(house.ana)
    assert [(each["id"], each["first_name"]) for each in told["customers"]] == [(house.ana, "Ana"), (house.eva, "Eva")]
    assert told["households"][0]["name"] == "Silva"
    ((lot,),) = [each["lots"] for each in told["packages"]]
    assert (lot["package_id"], lot["available"], lot["consumed"], lot["bonus"]) == (package, 9, 1, False)
    assert [(each["operation_id"], each["sessions"]) for each in told["visits"]] == [(redemption, 1)]
    assert [each["state"] for each in told["bookings"]] == ["COMPLETED"]
    assert [each["amount_minor"] for each in told["payments"]] == [45000, 700]
    assert [each["operation_id"] for each in told["charges"]] == [charge]
    account = {each["branch_id"]: (each["credit_minor"], each["owed_minor"]) for each in told["account"]}
    assert account == {house.lis: (700, 0), house.mad: (0, 6500)}
    assert [each["id"] for each in told["merges"]] == [done.merge_id]
    assert told["as_of"] == "2026-03-03T10:00:00Z"
    assert {"register_customer", "redeem_session", "merge_customers"} <= {each["act"] for each in told["operations"]}


async def test_what_has_lapsed_by_the_clock_is_told_as_lapsed(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await sold(house, house.ten)
    with on(MONDAY + timedelta(days=300)):
        told = await _exported(house.ana)
    assert [(lot["available"], lot["expired"]) for lot in told["packages"][0]["lots"]] == [(0, 10)]


async def test_the_person_and_their_managers_may_ask_for_it_and_each_time_is_recorded(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    for actor in (house.owner, house.manager_lis, ana):
        done = await run_command(actor, ExportCustomer(house.ana))
        written = "SELECT principal_id, customer_id, outcome FROM operation WHERE id = $1"
        (told,) = await rows(written, done.operation_id)
        assert (told["principal_id"], told["customer_id"]) == (actor.id, house.ana)
        assert set(told["outcome"]) == {"customer_id", "exported_at"}
    await refused(Forbidden, house.desk_lis, ExportCustomer(house.ana))
    await refused(Forbidden, ana, ExportCustomer(house.rui))
    (denied,) = (await _exported(house.ana))["denials"]
    assert denied["asked"] == "export_customer"
    for stranger in ("cus_nobody", house.other_customer):
        assert (await refused(NotFound, house.owner, ExportCustomer(stranger))).id == stranger
    await refused(NotFound, house.manager_mad, ExportCustomer(house.ana))


async def test_who_was_merged_or_erased_has_nothing_of_their_own(db: str) -> None:
    house = await harbour(db)
    await merged(house)
    assert (await refused(CustomerMerged, house.owner, ExportCustomer(house.eva))).merged_into_id == house.ana
    await run_command(house.owner, EraseCustomer(house.ana, "asked by letter"))
    await refused(CustomerErased, house.owner, ExportCustomer(house.ana))


async def test_what_was_said_and_attached_where_others_booked_or_handed_on_is_not_the_persons(db: str) -> None:
    with on(MONDAY):
        home = await family(db)
        house, leo = home.house, home.leo
        start = Start(MONDAY + timedelta(days=1))
        book = BookSession(
            house.physio, house.lis, house.ana, (start,), package_id=home.shared, sessions=2, companion_ids=(leo,)
        )
        visit = (await run_command(house.owner, book)).outcome.bookings[0].booking_id
        form = Attachment(AttachmentKind.FORM, "Consent of Ana and Leo", "https://forms.example/ana-leo")
        await run_command(house.owner, AttachToBooking(visit, (form,)))
        await run_command(
            house.owner, RescheduleBooking(visit, Start(MONDAY + timedelta(days=2)), reason="Ana has a cold")
        )
        gift = await handed.paid(house, await handed.giving(house))
        await handed.handed_on(house, gift, 2, recipient_id=leo, reason="Ana is moving away")
        for customer_id, words in ((house.ana, ["Consent of Ana", "a cold", "moving away"]), (leo, [])):
            told = await document(customer_id)
            assert visit in told
            assert [each for each in ("Consent of Ana", "a cold", "moving away") if each in told] == words
        await run_command(house.owner, EraseCustomer(leo, "asked by letter", confirm=True))
        assert await where_it_stands("Consent of Ana", "a cold") == []


async def test_what_another_system_told_of_the_person_is_handed_out_as_it_came(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await bought(house)
        cal = await opened(house.owner)
        told = {
            "e-1": event(house, "created", MONDAY, reason="Ana's knee"),
            "e-2": event(house, "changed", MONDAY, customerId=house.rui, reason="Rui's back"),
            "e-3": event(house, "created", MONDAY, customerId=house.rui, reason="Rui's back", sessions=0),
            "e-4": event(house, "created", MONDAY, reason=f"instead of {house.rui}", sessions=0),
            "e-5": event(house, "created", MONDAY, customerId=house.eva, sessions=0),
            "e-6": {"type": "calendar.renamed", "owner": house.rui},
        }
        for event_id, body in told.items():
            await insert_event(new_id("ine"), cal.hook_id, event_id, orjson.dumps(body), MONDAY)
            await processed()
        found = (await _exported(house.ana))["inbound_events"]
        of_rui = (await _exported(house.rui))["inbound_events"]
    assert [(each["source"], each["event_id"], each["state"], each["message"]) for each in found[:2]] == [
        ("cal", "e-1", "PROCESSED", "BOOKED"),
        ("cal", "e-2", "PROCESSED", "STALE"),
    ]
    assert [(each["event_id"], each["problem"], each["body"]) for each in found[2:]] == [("e-4", "INVALID_INPUT", "")]
    assert [(each["event_id"], orjson.loads(each["body"] or b"null")) for each in of_rui] == [
        ("e-2", orjson.loads(orjson.dumps(told["e-2"]))),
        ("e-3", orjson.loads(orjson.dumps(told["e-3"]))),
        ("e-4", None),
        ("e-6", told["e-6"]),
    ]
    assert orjson.loads(found[0]["body"])["data"]["reason"] == "Ana's knee"
    assert found[1]["body"] == ""
