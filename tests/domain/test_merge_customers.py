"""Two customers who are one person: the one who stays holds everything, and for some days it can be undone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import Shortfall
from domain.catalog.terms import Item, Sharing, Who
from domain.customers import reading, store
from domain.customers.change_household import ChangeHousehold
from domain.customers.erase_customer import EraseCustomer
from domain.customers.errors import CustomerExists
from domain.customers.form_household import FormHousehold
from domain.customers.merging_errors import CustomerMerged, MergeTooOld, MergeUndone, SameCustomer
from domain.customers.reading import CustomerFilter
from domain.customers.register_customer import RegisterCustomer
from domain.customers.undo_customer_merge import UndoCustomerMerge
from domain.kernel.commands import Done, run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, NotFound
from domain.ledger import journal
from domain.ledger.accounts import Received
from domain.ledger.audit import audit_ledgers
from domain.ledger.journal import OperationFilter
from domain.ledger.seal import seal_operations
from domain.packages.redeem_session import RedeemSession
from domain.packages.sell_package import SellPackage
from domain.payments import reading as payments
from domain.payments.payments_store import charges_owing
from domain.payments.reverse_charge import ReverseCharge
from domain.people import store as people
from domain.sharing.share_package import SharePackage
from tests.fixtures.chain import customer, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, refused, sold, used
from tests.fixtures.every_text import where_it_stands
from tests.fixtures.handed import ANYONE, giving, handed_on, paid
from tests.fixtures.money_acts import CREDIT, deposited, depositing, mistaken, visited
from tests.fixtures.persons import holder, merged, merging, parted, record
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio


def _credit(amount_minor: int) -> tuple[Received, ...]:
    return (Received(CREDIT, amount_minor),)


async def _coming(customer_id: str) -> int:
    return len(await rows("SELECT id FROM booking_person WHERE customer_id = $1", customer_id))


async def test_everything_goes_over_to_the_one_who_stays(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package = await sold(house, house.ten, customer_id=house.eva, branch_id=house.mad)
        operation = (await used(house, package)).operation_id
        done = await merged(house)
        assert (done.package_ids, done.credit_minor, done.owed_minor, done.currency) == ((package,), 0, 0, "EUR")
        assert await holder(package) == (house.ana, 3)
        (handed,) = await rows("SELECT * FROM operation WHERE package_id = $1 AND package_version = 3", package)
        assert (handed["act"], handed["customer_id"]) == ("merge_customers", house.ana)
        of_ana = await journal.operations(house.owner, OperationFilter(customer_id=house.ana), 20)
        assert operation in [each.id for each in of_ana]
        assert (await used(house, package, customer_id=house.ana)).outcome.package_id == package
        await seal_operations()
        assert await audit_ledgers(house.chain_id) == []


async def test_blank_fields_are_filled_and_the_rest_is_joined(db: str) -> None:
    house = await harbour(db)
    bia = await customer(
        house.owner,
        "Ana",
        "Sylva",
        house.lis,
        phone="+351911111111",
        birthday=date(1990, 2, 3),
        tags=("vip",),
        notes="Likes tea.",
        references=("OLD-1",),
    )
    await merged(house, merge_id=bia)
    ana = await record(house.ana)
    assert (ana["phone"], str(ana["birthday"]), ana["notes"]) == ("+351922925005", "1990-02-03", "Likes tea.")
    (seen,) = await store.by_ids(house.owner, [house.ana])
    assert seen.tags == ("vip",)
    assert await reading.references_of(house.owner, [house.ana]) == [(house.ana, "OLD-1")]
    found = [each.id for each in await reading.page(house.owner, CustomerFilter(phone="+351911111111"), None, 10)]
    assert found == [house.ana]
    again = RegisterCustomer("ana", house.lis, "sylva", phone="+351911111111")
    assert (await refused(CustomerExists, house.owner, again)).customer_id == house.ana


async def test_the_household_of_the_one_who_stays_counts_and_a_missing_one_is_taken_over(db: str) -> None:
    house = await harbour(db)
    done = await merged(house, keep_id=house.eva, merge_id=house.ana)
    eva, ana = await record(house.eva), await record(house.ana)
    assert (eva["household_id"], ana["household_id"], ana["merged_into_id"]) == (house.household, None, house.eva)
    members = [member.id for _, member in await reading.members_of(house.owner, [house.household])]
    assert members == [house.rui, house.eva]
    await parted(house, done.merge_id)
    eva, ana = await record(house.eva), await record(house.ana)
    assert (eva["household_id"], ana["household_id"], ana["merged_into_id"]) == (None, house.household, None)


async def test_the_merged_are_read_but_not_listed_and_nothing_is_done_with_them(db: str) -> None:
    house = await harbour(db)
    await merged(house)
    (eva,) = await reading.by_ids(house.manager_mad, [house.eva])
    assert eva.merged_into_id == house.ana
    listed = [each.id for each in await reading.page(house.owner, CustomerFilter(), None, 10)]
    assert listed == [house.ana, house.rui]
    assert [each.id for each in await reading.by_ids(house.manager_mad, [house.ana])] == [house.ana]
    sale = SellPackage(house.ten, house.eva, house.mad)
    assert (await refused(CustomerMerged, house.owner, sale)).customer_id == house.eva
    deposit = depositing(house, 100, customer_id=house.eva)
    assert (await refused(CustomerMerged, house.owner, deposit)).merged_into_id == house.ana
    actor = await people.load_customer(house.chain_id, house.eva)
    assert actor == await customer_actor(house, house.ana)


async def test_credit_and_what_is_owed_go_over_branch_by_branch_and_can_be_used_and_taken_back(db: str) -> None:
    house = await harbour(db)
    charge = await visited(house, MONDAY, house.mad, house.massage)
    with on(MONDAY + timedelta(days=1)):
        payment = await deposited(house, 9000, branch_id=house.lis)
        done = await merged(house, keep_id=house.eva, merge_id=house.ana)
        assert (done.credit_minor, done.owed_minor) == (2500, 0)
        account = await payments.accounts_of(house.owner, [house.eva, house.ana])
        assert account[house.eva].credit == ((house.lis, 2500),)
        assert (account[house.ana].credit, account[house.ana].owed_minor) == ((), 0)
        (paid,) = (await payments.account_payments_of(house.owner, [house.eva]))[house.eva]
        assert paid.id == payment
        (charged,) = (await payments.charges_of(house.owner, [house.eva]))[house.eva]
        assert charged.operation_id == charge
        back = (await run_command(house.owner, ReverseCharge(charge, "nobody came"))).outcome
        assert (back.customer_id, back.credited_minor) == (house.eva, 6500)
        assert (await payments.accounts_of(house.owner, [house.eva]))[house.eva].credit == (
            (house.lis, 2500),
            (house.mad, 6500),
        )
        await run_command(house.owner, mistaken(payment))
        assert (await payments.accounts_of(house.owner, [house.eva]))[house.eva].credit == ()
        await seal_operations()
        assert await audit_ledgers(house.chain_id) == []


async def test_what_is_owed_is_paid_by_the_one_who_stays(db: str) -> None:
    house = await harbour(db)
    await visited(house, MONDAY, house.mad, house.massage)
    with on(MONDAY + timedelta(days=1)):
        assert (await merged(house, keep_id=house.eva, merge_id=house.ana)).owed_minor == 6500
        assert [owing.amount_minor for owing in await charges_owing(house.eva)] == [6500]
        paid = (await run_command(house.owner, depositing(house, 6500, customer_id=house.eva))).outcome
        assert (paid.owed_minor, paid.kept_minor) == (0, 0)
        assert await audit_ledgers(house.chain_id) == []


async def test_visits_go_over_also_those_to_which_both_were_coming(db: str) -> None:
    house = await harbour(db)
    await visited(house, MONDAY, house.mad, house.massage, companion_ids=(house.rui,), sessions=2)
    done = await merged(house, keep_id=house.rui, merge_id=house.ana)
    assert (done.bookings, await _coming(house.rui), await _coming(house.ana)) == (1, 1, 0)
    await parted(house, done.merge_id)
    assert (await _coming(house.rui), await _coming(house.ana)) == (1, 1)
    assert await rows("SELECT customer_id FROM booking") == [{"customer_id": house.ana}]


async def test_undoing_gives_back_what_came_and_leaves_what_was_bought_since(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package = await sold(house, house.ten, customer_id=house.eva, branch_id=house.mad)
        await deposited(house, 5000, customer_id=house.eva, branch_id=house.mad)
        done = await merged(house)
    with on(MONDAY + timedelta(days=6)):
        await used(house, package)
        bought = await sold(house, house.trial, payments=cash(9900))
        spent = SellPackage(house.ten, house.ana, house.mad, _credit(2000), confirmed_duplicate=True)
        await run_command(house.owner, spent)
        back = await parted(house, done.merge_id)
        assert (back.package_ids, back.credit_minor, back.credit_spent_minor) == ((package,), 3000, 2000)
        assert await holder(package) == (house.eva, 4)
        assert (await holder(bought))[0] == house.ana
        accounts = await payments.accounts_of(house.owner, [house.ana, house.eva])
        assert (accounts[house.ana].credit, accounts[house.eva].credit) == ((), ((house.mad, 3000),))
        assert (await record(house.eva))["merged_into_id"] is None
        await seal_operations()
        assert await audit_ledgers(house.chain_id) == []
        undo = UndoCustomerMerge(done.merge_id, "again")
        assert (await refused(MergeUndone, house.owner, undo)).merge_id == done.merge_id


async def test_fields_go_back_unless_somebody_has_changed_them_since(db: str) -> None:
    house = await harbour(db)
    bia = await customer(house.owner, "Bia", "Sousa", house.lis, email="bia@example.com", notes="Likes tea.")
    done = await merged(house, keep_id=house.rui, merge_id=bia)
    rui = await record(house.rui)
    assert (rui["email"], rui["notes"]) == ("bia@example.com", "Likes tea.")
    await execute("UPDATE customer SET notes = 'Likes coffee.' WHERE id = $1", house.rui)
    await parted(house, done.merge_id)
    rui = await record(house.rui)
    assert (rui["email"], rui["notes"]) == (None, "Likes coffee.")


async def test_merges_are_undone_in_any_order_and_leave_nobodys_words_behind(db: str) -> None:
    house = await harbour(db)
    one, two, three = [
        await customer(house.owner, name, "Silva", house.lis, notes=f"{name} likes tea.\n\nA lot.", tags=("vip", name))
        for name in ("Zoe", "Bo", "Gil")
    ]
    first = await merged(house, keep_id=one, merge_id=two)
    second = await merged(house, keep_id=one, merge_id=three)
    both = await record(one)
    assert both["notes"] == "\n\n".join(f"{name} likes tea.\n\nA lot." for name in ("Zoe", "Bo", "Gil"))
    assert both["tags"] == ["vip", "Zoe", "Bo", "Gil"]
    await parted(house, first.merge_id)
    await parted(house, second.merge_id)
    left = await record(one)
    assert (left["notes"], left["tags"]) == ("Zoe likes tea.\n\nA lot.", ["vip", "Zoe"])
    await run_command(house.owner, EraseCustomer(two, "a letter"))
    assert await where_it_stands("Bo likes") == []


async def test_who_was_merged_into_the_one_who_is_merged_follows_and_comes_back(db: str) -> None:
    house = await harbour(db)
    first = await merged(house, keep_id=house.rui, merge_id=house.eva)
    second = await merged(house, keep_id=house.ana, merge_id=house.rui)
    assert (await record(house.eva))["merged_into_id"] == house.ana
    early = await refused(CustomerMerged, house.owner, UndoCustomerMerge(first.merge_id, "no"))
    assert early.merged_into_id == house.ana
    await parted(house, second.merge_id)
    assert (await record(house.eva))["merged_into_id"] == house.rui
    await parted(house, first.merge_id)
    assert (await record(house.eva))["merged_into_id"] is None


async def test_whom_and_when_is_refused(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        assert (await refused(SameCustomer, house.owner, merging(house, merge_id=house.ana))).path == ("mergeId",)
        for stranger in ("cus_nobody", house.other_customer):
            assert (await refused(NotFound, house.owner, merging(house, merge_id=stranger))).path == ("mergeId",)
        await refused(NotFound, house.manager_lis, merging(house))
        await refused(Forbidden, house.desk_lis, merging(house))
        done = await merged(house)
        gone = await refused(CustomerMerged, house.owner, merging(house, keep_id=house.rui))
        assert (gone.path, gone.merged_into_id) == (("mergeId",), house.ana)
        gone = await refused(CustomerMerged, house.owner, merging(house, keep_id=house.eva, merge_id=house.rui))
        assert gone.path == ("keepId",)
    with on(MONDAY + timedelta(days=7)):
        late = await refused(MergeTooOld, house.owner, UndoCustomerMerge(done.merge_id, "late"))
        assert late.until == MONDAY + timedelta(days=7)
        foreign = await refused(NotFound, house.other_owner, UndoCustomerMerge(done.merge_id, "late"))
        assert foreign.id == done.merge_id


async def test_a_sale_at_the_same_time_is_of_the_one_who_stays_or_refused(postgres_db: str) -> None:
    house = await harbour(postgres_db)
    sale = SellPackage(house.ten, house.eva, house.mad, confirmed_duplicate=True)
    sales = [run_command(house.owner, sale) for _ in range(4)]
    *_, done = await at_once(*sales, run_command(house.owner, merging(house)))
    assert not isinstance(done, BaseException), repr(done)
    assert await rows("SELECT id FROM package WHERE holder_id = $1", house.eva) == []
    assert await audit_ledgers(house.chain_id) == []


async def test_a_household_that_loses_its_only_guardian_gets_another(db: str) -> None:
    house = await harbour(db)
    await run_command(
        house.owner, FormHousehold("Ruiz", (house.eva, await customer(house.owner, "Bo", "R", house.mad)))
    )
    await merged(house, keep_id=house.eva, merge_id=house.ana)
    guardians = await rows("SELECT id FROM customer WHERE guardian ORDER BY id")
    assert [each["id"] for each in guardians] == [house.rui, house.eva]


async def test_who_leaves_a_household_as_a_merge_is_undone_is_no_guardian_of_it_and_leaves_it_one(db: str) -> None:
    house = await harbour(db)
    zoe = await customer(house.owner, "Zoe", "Silva", house.lis)
    done = await merged(house, keep_id=zoe, merge_id=house.rui)
    await run_command(house.owner, ChangeHousehold(house.household, guardians=(zoe,)))
    await parted(house, done.merge_id)
    found = await rows("SELECT id, household_id FROM customer WHERE guardian")
    assert [(each["id"], each["household_id"]) for each in found] == [(house.ana, house.household)]
    assert (await record(zoe))["household_id"] is None


async def test_transfers_that_wait_go_over_and_between_the_two_they_are_withdrawn(db: str) -> None:
    house = await harbour(db)
    asks = replace(ANYONE, transfer_needs_approval=True)
    giving_with_approval = await giving(house, who=asks)
    package = await paid(house, giving_with_approval)
    waiting = (await handed_on(house, package, 2)).outcome.transfer_id
    between = (await handed_on(house, package, 3, recipient_id=house.rui)).outcome.transfer_id
    first = await merged(house, keep_id=house.rui, merge_id=house.eva)
    assert await _transfers() == {waiting: ("REQUESTED", house.rui), between: ("REQUESTED", house.rui)}
    await parted(house, first.merge_id)
    assert await _transfers() == {waiting: ("REQUESTED", house.eva), between: ("REQUESTED", house.rui)}
    await merged(house, keep_id=house.ana, merge_id=house.rui)
    assert await _transfers() == {waiting: ("REQUESTED", house.eva), between: ("WITHDRAWN", house.rui)}


async def _transfers() -> dict[str, tuple[str, str]]:
    found = await rows("SELECT id, state, recipient_id FROM transfer")
    return {row["id"]: (row["state"], row["recipient_id"]) for row in found}


async def test_shares_go_over_and_end_where_they_are_with_oneself(db: str) -> None:
    house = await harbour(db)
    named = terms(Item((house.physio,), 10), price_minor=45000, who=Who(sharing=Sharing.NAMED))
    definition = await published(house.owner, "NAMED", named)
    of_ana = await sold(house, definition)
    of_eva = await sold(house, definition, customer_id=house.eva)
    for package_id, person in ((of_ana, house.eva), (of_ana, house.rui), (of_eva, house.rui)):
        await run_command(house.owner, SharePackage(package_id, person))
    done = await merged(house)
    assert await _shared() == {(of_ana, house.rui), (of_eva, house.rui)}
    await parted(house, done.merge_id)
    assert await _shared() == {(of_ana, house.eva), (of_ana, house.rui), (of_eva, house.rui)}
    await merged(house, keep_id=house.eva, merge_id=house.rui)
    assert await _shared() == {(of_ana, house.eva)}


async def _shared() -> set[tuple[str, str]]:
    found = await rows("SELECT package_id, customer_id FROM share WHERE revoked_at IS NULL")
    return {(row["package_id"], row["customer_id"]) for row in found}


async def test_a_charge_at_the_same_time_is_on_the_account_of_the_one_who_stays_or_refused(postgres_db: str) -> None:
    house = await harbour(postgres_db)
    await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))
    trial = await sold(house, house.trial, customer_id=house.eva, payments=cash(9900))
    use = RedeemSession(house.facial, house.lis, trial, sessions=4)
    uses = [run_command(house.owner, use) for _ in range(3)]
    done, *used_up = await at_once(run_command(house.owner, merging(house)), *uses)
    assert not isinstance(done, BaseException), repr(done)
    assert all(isinstance(each, Done | NotFound) for each in used_up), used_up
    assert (await payments.accounts_of(house.owner, [house.eva]))[house.eva].owed_minor == 0
    assert await audit_ledgers(house.chain_id) == []
