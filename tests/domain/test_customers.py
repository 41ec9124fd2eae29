"""A person is registered once, is found by what they are known by, and is seen only by who may."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.customers import reading, store
from domain.customers.errors import AlreadyInHousehold, CustomerExists, CustomerReferenceTaken
from domain.customers.form_household import FormHousehold
from domain.customers.reading import CustomerFilter
from domain.customers.register_customer import RegisterCustomer
from domain.customers.view import CustomerView
from domain.kernel.access import Actor, Grant, Role
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import customer, customer_actor, harbour
from tests.fixtures.desk import sold, used
from tests.fixtures.races import at_once
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio


async def _found(actor: Actor, **which: Any) -> list[str]:
    return [each.id for each in await reading.page(actor, CustomerFilter(**which), None, 10)]


async def test_a_customer_is_written_down_in_normal_form(db: str) -> None:
    house = await harbour(db)
    command = RegisterCustomer(
        first_name=" Inês ",
        home_branch_id=house.lis,
        last_name="Rocha",
        phone="0912 345 678",
        email="Ines@Example.COM",
        country="PT",
        birthday=date(1990, 2, 28),
        tags=("vip", " yoga ", "vip"),
        whatsapp_consent=False,
        references=("C-17", "old/9"),
        notes="Prefers mornings.\nAllergic to lavender.",
    )
    done = await run_command(house.desk_lis, command)
    (ines,) = await store.by_ids(house.desk_lis, [done.outcome.customer_id])
    assert (ines.first_name, ines.phone, ines.email) == ("Inês", "+351912345678", "ines@example.com")
    assert (ines.birthday, ines.tags, ines.whatsapp_consent) == (date(1990, 2, 28), ("vip", "yoga"), False)
    assert (ines.notes, ines.household_id) == ("Prefers mornings.\nAllergic to lavender.", None)
    assert await reading.references_of(house.desk_lis, [ines.id]) == [(ines.id, "C-17"), (ines.id, "old/9")]
    (written,) = await rows("SELECT branch_id, customer_id FROM operation WHERE id = $1", done.operation_id)
    assert written == {"branch_id": house.lis, "customer_id": ines.id}


async def test_consent_that_was_not_given_stays_unknown(db: str) -> None:
    house = await harbour(db)
    (ana,) = await store.by_ids(house.owner, [house.ana])
    assert (ana.whatsapp_consent, ana.birthday, ana.tags, ana.notes) == (None, None, (), "")


async def test_a_newcomer_may_join_a_household(db: str) -> None:
    house = await harbour(db)
    bia = await customer(house.desk_lis, "Bia", "Silva", house.lis, household_id=house.household)
    assert await _found(house.desk_lis, household_id=house.household) == [house.ana, house.rui, bia]


async def test_a_customer_who_cannot_be_is_refused(db: str) -> None:
    house = await harbour(db)
    good = RegisterCustomer("Inês", house.lis)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"first_name": " "}, "firstName"),
        ({"first_name": "x" * 121}, "firstName"),
        ({"last_name": "x" * 121}, "lastName"),
        ({"phone": "912 345 678"}, "phone"),
        ({"phone": "call me", "country": "PT"}, "phone"),
        ({"country": "pt"}, "country"),
        *(
            ({"email": text}, "email")
            for text in ("nonsense", "a@b", "a b@c.de", f"{'x' * 250}@c.de", "a@b..c", "a@@b.c")
        ),
        ({"birthday": date(1899, 12, 31)}, "birthday"),
        ({"birthday": date(2999, 1, 1)}, "birthday"),
        ({"tags": ("x" * 61,)}, "tags"),
        ({"tags": tuple(str(number) for number in range(51))}, "tags"),
        ({"references": ("",)}, "references"),
        ({"references": ("x" * 65,)}, "references"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"notes": "bell \x07"}, "notes"),
    ]
    async with unchanged():
        for changes, path in wrong:
            with pytest.raises(InvalidInput) as refused:
                await run_command(house.desk_lis, replace(good, **changes))
            assert refused.value.path == (path,), changes


async def test_a_branch_or_household_that_cannot_be_seen_is_unknown(db: str) -> None:
    house = await harbour(db)
    hidden = await run_command(
        house.owner, FormHousehold("Ruiz", (house.eva, await customer(house.owner, "Bia", "Ruiz", house.mad)))
    )
    async with unchanged():
        for household_id in (new_id("hsh"), hidden.outcome.household_id):
            with pytest.raises(NotFound) as refused:
                await run_command(house.desk_lis, RegisterCustomer("Inês", house.lis, household_id=household_id))
            assert (refused.value.noun, refused.value.path) == ("household", ("householdId",))
        for branch_id in (new_id("brn"), house.other_branch):
            with pytest.raises(NotFound) as refused:
                await run_command(house.owner, RegisterCustomer("Inês", branch_id))
            assert (refused.value.noun, refused.value.path) == ("branch", ("homeBranchId",))


async def test_the_same_phone_and_name_are_the_same_person_unless_said_otherwise(db: str) -> None:
    house = await harbour(db)
    again = RegisterCustomer("ANA", house.lis, "Sílva", phone="+351922925005")
    async with unchanged():
        with pytest.raises(CustomerExists) as refused:
            await run_command(house.desk_lis, again)
    assert refused.value.customer_id == house.ana
    done = await run_command(house.desk_lis, replace(again, even_if_exists=True))
    assert await _found(house.desk_lis, phone="+351922925005") == [house.ana, done.outcome.customer_id]


async def test_a_shared_phone_or_a_shared_name_alone_is_somebody_else(db: str) -> None:
    house = await harbour(db)
    await customer(house.desk_lis, "Bia", "Silva", house.lis, phone="+351922925005")
    await customer(house.desk_lis, "Ana", "Silva", house.lis, phone="+351922925006")
    await customer(house.desk_lis, "Ana", "Silva", house.lis)


async def test_somebody_who_exists_at_a_branch_that_cannot_be_seen_is_not_named(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        with pytest.raises(CustomerExists) as refused:
            await run_command(house.manager_mad, RegisterCustomer("Ana", house.mad, "Silva", phone="+351922925005"))
    assert refused.value.customer_id is None


async def test_of_the_same_person_typed_twice_at_once_one_is_registered(db: str) -> None:
    house = await harbour(db)
    command = RegisterCustomer("Inês", house.lis, "Rocha", phone="+351911111111")
    answers = await at_once(*(run_command(house.desk_lis, command) for _ in range(8)))
    assert sorted(type(answer).__name__ for answer in answers) == ["CustomerExists"] * 7 + ["Done"]
    assert len(await _found(house.owner, phone="+351911111111")) == 1


async def test_a_reference_names_one_customer_of_a_chain(db: str) -> None:
    house = await harbour(db)
    await customer(house.desk_lis, "Bia", "Rocha", house.lis, references=("C-1", "C-1"))
    async with unchanged():
        with pytest.raises(CustomerReferenceTaken) as refused:
            await run_command(house.desk_lis, RegisterCustomer("Inês", house.lis, references=("C-2", " C-1 ")))
    assert refused.value.reference == "C-1"
    await run_command(house.other_owner, RegisterCustomer("Joe", house.other_branch, references=("C-1",)))


async def test_of_two_customers_with_one_reference_at_once_the_second_is_refused_by_name(db: str) -> None:
    house = await harbour(db)
    commands = [RegisterCustomer(f"Twin {number}", house.lis, references=("C-1",)) for number in range(4)]
    answers = await at_once(*(run_command(house.desk_lis, command) for command in commands))
    assert sorted(type(answer).__name__ for answer in answers) == ["CustomerReferenceTaken"] * 3 + ["Done"]


async def test_who_may_register_customers_and_where(db: str) -> None:
    house = await harbour(db)
    refused = [
        (house.desk_lis, house.mad),
        (house.manager_mad, house.lis),
        (house.practitioner_lis, house.lis),
        (house.accountant, house.lis),
        (await customer_actor(house, house.ana), house.lis),
    ]
    async with unchanged():
        for actor, branch_id in refused:
            with pytest.raises(Forbidden):
                await run_command(actor, RegisterCustomer("Inês", branch_id))
    for actor in (house.owner, house.manager_lis, house.integrator):
        await run_command(actor, RegisterCustomer("Inês", house.lis))


async def test_a_household_is_formed_of_customers_without_one(db: str) -> None:
    house = await harbour(db)
    bia, gil = [await customer(house.desk_lis, name, "Rocha", house.lis) for name in ("Bia", "Gil")]
    done = await run_command(house.desk_lis, FormHousehold(" Rocha ", (gil, bia, gil)))
    household_id = done.outcome.household_id
    assert done.outcome.customer_ids == (gil, bia)
    assert await _found(house.desk_lis, household_id=household_id) == [bia, gil]
    assert await store.households_by_ids(house.desk_lis, [household_id]) == [
        store.Household(household_id, "Rocha", None)
    ]
    assert (await customer_actor(house, bia)).household_id == household_id


async def test_nobody_belongs_to_two_households(db: str) -> None:
    house = await harbour(db)
    bia = await customer(house.desk_lis, "Bia", "Rocha", house.lis)
    async with unchanged():
        with pytest.raises(AlreadyInHousehold) as refused:
            await run_command(house.desk_lis, FormHousehold("Rocha", (bia, house.rui)))
    assert (refused.value.customer_id, refused.value.household_id) == (house.rui, house.household)


async def test_of_two_households_that_want_one_member_at_once_one_is_formed(db: str) -> None:
    house = await harbour(db)
    bia, gil, ivo = [await customer(house.desk_lis, name, "Rocha", house.lis) for name in ("Bia", "Gil", "Ivo")]
    answers = await at_once(
        run_command(house.desk_lis, FormHousehold("One", (bia, gil))),
        run_command(house.desk_lis, FormHousehold("Two", (ivo, bia))),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyInHousehold", "Done"]


async def test_a_household_needs_two_visible_members_and_a_name(db: str) -> None:
    house = await harbour(db)
    bia, gil = [await customer(house.desk_lis, name, "Rocha", house.lis) for name in ("Bia", "Gil")]
    refused: list[tuple[Actor, FormHousehold, type[Exception]]] = [
        (house.owner, FormHousehold("", (bia, house.eva)), InvalidInput),
        (house.owner, FormHousehold("Rocha", (bia, bia)), InvalidInput),
        (house.owner, FormHousehold("Rocha", (bia, new_id("cus"))), NotFound),
        (house.owner, FormHousehold("Rocha", (bia, house.other_customer)), NotFound),
        (house.desk_lis, FormHousehold("Rocha", (bia, house.eva)), NotFound),
        (house.practitioner_lis, FormHousehold("Rocha", (bia, gil)), Forbidden),
    ]
    async with unchanged():
        for actor, command, refusal in refused:
            with pytest.raises(refusal):
                await run_command(actor, command)


async def test_staff_see_the_customers_of_their_branches_and_who_bought_there(db: str) -> None:
    house = await harbour(db)
    everybody = [house.ana, house.rui, house.eva]
    assert await _found(house.owner) == await _found(house.integrator) == everybody
    assert await _found(house.desk_lis) == [house.ana, house.rui]
    assert await _found(house.manager_mad) == [house.eva]
    await run_command(house.desk_lis, SellPackage(house.ten, house.eva, house.lis))
    assert await _found(house.desk_lis) == everybody
    assert [each.id for each in await store.by_ids(house.manager_mad, everybody)] == [house.eva]


async def test_staff_see_whom_sessions_at_their_branch_were_for_and_whose_they_were(db: str) -> None:
    house = await harbour(db)
    joao = await customer(house.owner, "João", "Dias", house.pdl)
    await sold(house, house.ten, customer_id=joao, branch_id=house.pdl)
    shared = await sold(house, house.buy_3_free_1)
    assert await _found(house.manager_mad) == [house.eva]
    await used(house, shared, service_id=house.massage, branch_id=house.mad, customer_id=house.rui)
    assert await _found(house.manager_mad) == [house.ana, house.rui, house.eva]
    assert await _found(house.desk_lis) == [house.ana, house.rui]


async def test_customers_see_themselves_and_their_household(db: str) -> None:
    house = await harbour(db)
    ana, eva = await customer_actor(house, house.ana), await customer_actor(house, house.eva)
    assert await _found(ana) == [house.ana, house.rui]
    assert await _found(eva) == [house.eva]
    assert await store.households_by_ids(eva, [house.household]) == []
    assert await reading.references_of(eva, [house.ana]) == []


async def test_another_chain_sees_nobody(db: str) -> None:
    house = await harbour(db)
    assert await _found(house.other_owner) == [house.other_customer]
    assert await store.by_ids(house.other_owner, [house.ana]) == []
    assert await store.households_by_ids(house.other_owner, [house.household]) == []


async def test_customers_are_found_by_phone_e_mail_reference_branch_and_household(db: str) -> None:
    house = await harbour(db)
    bia = await customer(house.owner, "Bia", "Rocha", house.pdl, references=("C-1",))
    assert await _found(house.owner, phone="+351922925005") == [house.ana]
    assert await _found(house.owner, email="ana@example.com") == [house.ana]
    assert await _found(house.owner, reference="C-1") == [bia]
    assert await _found(house.owner, home_branch_id=house.mad) == [house.eva]
    assert await _found(house.owner, household_id=house.household) == [house.ana, house.rui]
    assert await _found(house.owner, home_branch_id=house.mad, phone="+351922925005") == []


async def test_who_gives_a_phone_is_served_at_every_branch_but_listed_only_at_their_own(db: str) -> None:
    house = await harbour(db)
    assert await _found(house.manager_mad, phone="922 925 005") == [house.ana]
    assert await _found(house.manager_mad, email=" Ana@Example.com ") == [house.ana]
    assert await _found(house.manager_mad, home_branch_id=house.lis) == []
    assert await _found(house.practitioner_lis, phone="922 925 005") == [house.ana]
    practitioner_mad = replace(house.practitioner_lis, grants=(Grant(Role.PRACTITIONER, house.mad),))
    assert await _found(practitioner_mad, phone="922 925 005") == []
    assert await _found(house.other_owner, phone="922 925 005") == []


async def test_customers_find_nobody_by_what_is_hidden_from_them(db: str) -> None:
    house = await harbour(db)
    ana, rui = await customer_actor(house, house.ana), await customer_actor(house, house.rui)
    assert await _found(ana, phone="922 925 005") == [house.ana]
    assert await _found(rui, phone="922 925 005") == []
    assert await _found(rui, home_branch_id=house.lis) == [house.rui]
    (seen,) = await reading.by_ids(rui, [house.ana])
    assert seen == CustomerView(house.ana, "Ana", "Silva", household_id=house.household, guardian=True)


async def test_customers_come_page_by_page_from_either_end(db: str) -> None:
    house = await harbour(db)
    everybody = CustomerFilter()
    first = await reading.page(house.owner, everybody, None, 2)
    rest = await reading.page(house.owner, everybody, first[-1].id, 2)
    assert [each.id for each in first + rest] == [house.ana, house.rui, house.eva]
    newest = await reading.page(house.owner, everybody, None, 1, newest_first=True)
    before = await reading.page(house.owner, everybody, newest[-1].id, 5, newest_first=True)
    assert [each.id for each in newest + before] == [house.eva, house.rui, house.ana]
