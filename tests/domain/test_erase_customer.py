"""Somebody is forgotten: no table keeps who they were, and the ledgers and their seals hold."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.bookings.attach_to_booking import AttachToBooking
from domain.bookings.book_session import BookSession
from domain.bookings.booked import Attachment
from domain.bookings.reschedule_booking import RescheduleBooking
from domain.bookings.rules import AttachmentKind, Start
from domain.branch_transfers.request_branch_transfer import RequestBranchTransfer
from domain.customers import reading
from domain.customers.erase_customer import EraseCustomer
from domain.customers.erasing_store import Said
from domain.customers.merging_errors import CustomerErased, CustomerMerged, CustomerStillHolds
from domain.customers.reading import CustomerFilter
from domain.customers.undo_customer_merge import UndoCustomerMerge
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, NotFound
from domain.ledger import sealing_store
from domain.ledger.audit import audit_ledgers
from domain.ledger.seal import remainder, seal_operations, verify_chain
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.sell_package import SellPackage
from domain.people import store as people
from domain.transfers.approve_transfer import ApproveTransfer
from domain.transfers.refuse_transfer import RefuseTransfer
from tests.fixtures import handed
from tests.fixtures.chain import Harbour, customer, harbour, published
from tests.fixtures.desk import MONDAY, on, refused, sold, used
from tests.fixtures.every_text import where_it_stands
from tests.fixtures.families import family, shared
from tests.fixtures.ledgers import unguard
from tests.fixtures.money_acts import deposited, depositing, paid
from tests.fixtures.persons import merged
from tests.fixtures.unchanged import tables, unchanged

pytestmark = pytest.mark.anyio

WORDS = ("zelda", "zélda", "quixote", "911222333", "zq-77", "ZQ/9", "1971-05-06")
LEDGERS = ("movement", "journal_entry", "journal_line", "payment", "lot", "charge", "revaluation")


def erasing(house: Harbour, customer_id: str, **changed: Any) -> EraseCustomer:
    """Somebody who asked to be forgotten."""
    return EraseCustomer(**{"customer_id": customer_id, "reason": "asked by letter"} | changed)


async def erased(house: Harbour, customer_id: str) -> Any:
    return (await run_command(house.owner, erasing(house, customer_id, confirm=True))).outcome


async def lived(house: Harbour) -> tuple[str, str, str]:
    """Zelda Quixote, twice a customer, of whom words stand wherever words can stand; with a package and a visit."""
    zelda = await customer(
        house.owner,
        "Zelda",
        "Quixote",
        house.lis,
        phone="+351911222333",
        email="Zelda@Quixote.example",
        birthday=date(1971, 5, 6),
        tags=("quixote",),
        notes="Zelda likes tea",
        references=("ZQ-77",),
    )
    twin = await customer(house.owner, "Zélda", "Quixote", house.mad, notes="Quixote too", references=("zq-77b",))
    sale = SellPackage(house.ten, zelda, house.lis, reason="for Zelda", confirmed_duplicate=True)
    package = (await run_command(house.owner, sale, "zelda-quixote-1")).outcome.package_id
    use = RedeemSession(house.physio, house.lis, package, zelda, reason="Zelda came late")
    await run_command(house.owner, use, "an opaque key")
    await run_command(house.owner, GrantGoodwill(package, 1, "Zelda waited"))
    with on(MONDAY + timedelta(minutes=1)):
        start = MONDAY + timedelta(days=1)
        book = BookSession(house.physio, house.lis, zelda, (Start(start),), package_id=package)
        visit = (await run_command(house.owner, book)).outcome.bookings[0].booking_id
        await execute("UPDATE booking SET source = 'cal', external_ref = 'ZQ/9' WHERE id = $1", visit)
        form = Attachment(AttachmentKind.FORM, "Consent of Zelda", "https://forms.example/zelda-quixote")
        await run_command(house.owner, AttachToBooking(visit, (form,)))
        await run_command(
            house.owner, RescheduleBooking(visit, Start(start + timedelta(hours=1)), reason="Zelda has a cold")
        )
    await run_command(house.owner, RequestBranchTransfer(package, house.mad, "Zelda moves"))
    gift = await handed.paid(house, await handed.giving(house), customer_id=zelda)
    await run_command(house.owner, handed.to_eva(house, gift, 10, reason="from Zelda"))
    await merged(house, keep_id=zelda, merge_id=twin, reason="Zelda wrote it")
    return zelda, package, visit


async def test_no_table_keeps_who_they_were_and_the_ledgers_stay(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        zelda, _, _ = await lived(house)
        await seal_operations()
        assert len(await where_it_stands(*WORDS)) >= 10
        async with unchanged(but=await _tables_but(*LEDGERS)):
            done = await erased(house, zelda)
        assert await where_it_stands(*WORDS) == []
        assert (done.customers, done.sessions, done.bookings, done.owed_minor) == (2, 10, 1, 45000)
        assert await audit_ledgers(house.chain_id) == []
        await seal_operations()
        assert await audit_ledgers(house.chain_id) == []
        assert await verify_chain(house.chain_id) == []


async def test_what_was_not_sealed_yet_is_sealed_without_the_words(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        zelda, _, _ = await lived(house)
        await erased(house, zelda)
        assert await rows("SELECT id FROM redaction") == []
        await seal_operations()
        assert await verify_chain(house.chain_id) == []


async def test_who_still_holds_something_is_erased_only_when_that_is_confirmed(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package = await sold(house, house.ten, customer_id=house.eva)
        await paid(house, package, 40000)
        await deposited(house, 700, customer_id=house.eva)
        still = await refused(CustomerStillHolds, house.owner, erasing(house, house.eva))
        assert (still.sessions, still.credit.amount_minor, still.owed.amount_minor, still.bookings) == (
            10,
            700,
            5000,
            0,
        )
    with on(MONDAY + timedelta(days=200)):
        still = await refused(CustomerStillHolds, house.owner, erasing(house, house.eva))
        assert still.sessions == 0


async def test_what_they_still_hold_can_be_wound_up_but_nothing_new_is_done_with_them(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package = await sold(house, house.ten, customer_id=house.eva)
        token = await people.load_customer(house.chain_id, house.eva)
        assert token is not None
        await erased(house, house.eva)
        await used(house, package)
        await paid(house, package, 45000)
        await run_command(house.owner, depositing(house, 100, customer_id=house.eva))
        assert await people.load_customer(house.chain_id, house.eva) is None
        for act in (
            SellPackage(house.ten, house.eva, house.mad),
            RedeemSession(house.physio, house.lis, package, house.eva),
            BookSession(house.physio, house.lis, house.eva, (Start(MONDAY + timedelta(days=1)),)),
        ):
            assert (await refused(NotFound, house.owner, act)).noun == "customer"
        listed = [each.id for each in await reading.page(house.owner, CustomerFilter(), None, 10)]
        assert listed == [house.ana, house.rui]
        (eva,) = await reading.by_ids(house.owner, [house.eva])
        assert (eva.first_name, eva.last_name, eva.erased_at) == ("Erased", "", MONDAY)


async def test_a_household_keeps_its_name_and_a_guardian_while_somebody_is_left(db: str) -> None:
    house = await harbour(db)
    assert [each["id"] for each in await rows("SELECT id FROM customer WHERE guardian")] == [house.ana]
    await erased(house, house.ana)
    assert (await rows("SELECT name FROM household"))[0]["name"] == "Silva"
    assert [each["id"] for each in await rows("SELECT id FROM customer WHERE guardian")] == [house.rui]
    await erased(house, house.rui)
    assert (await rows("SELECT name FROM household"))[0]["name"] == "Erased"


async def test_who_may_be_erased_and_by_whom(db: str) -> None:
    house = await harbour(db)
    await refused(Forbidden, house.manager_lis, erasing(house, house.ana))
    for stranger in ("cus_nobody", house.other_customer):
        assert (await refused(NotFound, house.owner, erasing(house, stranger))).path == ("customerId",)
    done = await merged(house)
    assert (await refused(CustomerMerged, house.owner, erasing(house, house.eva))).merged_into_id == house.ana
    await erased(house, house.ana)
    await refused(CustomerErased, house.owner, erasing(house, house.ana))
    await refused(CustomerErased, house.owner, UndoCustomerMerge(done.merge_id, "sisters"))


async def test_words_can_be_taken_away_and_nothing_else_changed(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await lived(house)
        await seal_operations()
    columns = list((await rows("SELECT * FROM operation LIMIT 1"))[0])
    other = {"seq": "seq + 10000", "idempotency_key": "'another key'"}
    changes = [f"{name} = {other.get(name, 'NULL')}" for name in columns]
    spoilers = [f"UPDATE operation SET {change}" for change in changes]
    spoilers += [f"UPDATE operation SET reason = '', {change}" for change in changes if not change.startswith("reason")]
    spoilers += [
        "UPDATE operation SET reason = 'another' WHERE reason <> ''",
        "UPDATE operation SET reason = '', principal_id = 'stf_1' WHERE reason <> ''",
        """UPDATE operation SET outcome = '{"attachments": [1]}' WHERE act = 'attach_to_booking'""",
        """UPDATE operation SET outcome = '{"attachments": []}' WHERE act = 'attach_to_booking'""",
        """UPDATE operation SET outcome = '{}' WHERE act = 'sell_package'""",
        "UPDATE booking_change SET note = 'another' WHERE note <> ''",
        "UPDATE booking_change SET note = '', kind = 'BOOKED' WHERE note <> ''",
        "DELETE FROM operation",
        "DELETE FROM booking_change",
    ]
    for spoiler in spoilers:
        async with unchanged():
            with pytest.raises(Exception, match="is append-only"):
                await execute(spoiler)
    assert await execute("UPDATE booking_change SET note = '' WHERE note <> ''") == 1


async def test_what_was_erased_is_proved_and_what_was_tampered_with_is_found(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        zelda, package, _ = await lived(house)
        await seal_operations()
        await erased(house, zelda)
        await seal_operations()
    (erasure,) = await rows("SELECT id FROM operation WHERE act = 'erase_customer'")
    (sale,) = await rows("SELECT id FROM operation WHERE act = 'sell_package' AND package_id = $1", package)
    await unguard()
    await execute("UPDATE operation SET principal_id = 'stf_1' WHERE id = $1", sale["id"])
    assert await _broken(house) == [sale["id"]]
    (found,) = await rows("SELECT id, remainder FROM redaction WHERE operation_id = $1", sale["id"])
    (content,) = await sealing_store.contents([sale["id"]])
    await execute("UPDATE redaction SET remainder = $2 WHERE id = $1", found["id"], remainder(content))
    assert await _broken(house) == [erasure["id"]]


async def test_a_seal_that_was_broken_before_is_not_mended_by_erasing(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        zelda, package, _ = await lived(house)
        await seal_operations()
        (sale,) = await rows("SELECT id FROM operation WHERE act = 'sell_package' AND package_id = $1", package)
        await unguard()
        await execute("UPDATE operation SET principal_id = 'stf_1' WHERE id = $1", sale["id"])
        await erased(house, zelda)
        await seal_operations()
    assert await _broken(house) == [sale["id"]]


async def _broken(house: Harbour) -> list[str]:
    return [each.operation_id for each in await verify_chain(house.chain_id)]


async def _tables_but(*kept: str) -> list[str]:
    return [name for name in await tables() if name not in kept]


async def test_nobody_hands_sessions_on_for_who_was_erased_and_what_waits_is_not_approved(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package = await handed.paid(house, await handed.giving(house))
        asking = await published(
            house.owner, "ASKING", handed.ten(house, replace(handed.ANYONE, transfer_needs_approval=True))
        )
        waiting = await handed.paid(house, asking)
        transfer_id = (await handed.handed_on(house, waiting, 2)).outcome.transfer_id
        await erased(house, house.ana)
        refusal = await refused(CustomerErased, house.desk_lis, handed.to_eva(house, package, 2))
        assert (refusal.customer_id, refusal.erased_at, refusal.path) == (house.ana, MONDAY, ("packageId",))
        await refused(CustomerErased, house.owner, ApproveTransfer(transfer_id))
        await run_command(house.owner, RefuseTransfer(transfer_id, "nobody is left to ask"))


async def test_what_others_share_with_who_is_erased_is_shared_with_them_no_more(db: str) -> None:
    with on(MONDAY):
        home = await family(db)
        house = home.house
        for person in (house.eva, house.rui):
            await shared(house, home.named, person, 2)
        await erased(house, house.eva)
        found = await rows("SELECT customer_id, revoked_at, revoked_by FROM share ORDER BY id")
    assert [tuple(each.values()) for each in found] == [
        (house.eva, MONDAY, house.owner.id),
        (house.rui, None, None),
    ]


@pytest.mark.parametrize(
    ("key", "left"),
    [
        ("2f1ada07-9b1e-4c6a-8ada-3bada6e1f9d2", "2f1ada07-9b1e-4c6a-8ada-3bada6e1f9d2"),
        ("sale-Ada-2026", None),
        ("sale_ada", None),
        ("canada-0001", "canada-0001"),
        ("order+351911222333", None),
        ("order+3519112223334", "order+3519112223334"),
        ("mail:ada@lovelace.example", None),
    ],
)
def test_a_key_goes_where_a_whole_word_of_it_is_a_name(key: str, left: str | None) -> None:
    said = Said("op_1", "", key, None)
    assert said.without(["+351911222333", "ada", "l*velace"]).idempotency_key == left
