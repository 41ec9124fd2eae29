"""Households change: who joins, who leaves, and that somebody is always there to act for the others."""

from importlib import import_module

import pytest

from domain.customers.change_household import ChangeHousehold
from domain.customers.errors import AlreadyInHousehold, GuardianNeeded, NotInHousehold
from domain.customers.form_household import FormHousehold
from domain.imports.import_customer import ImportCustomer
from domain.kernel.clock import now
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from tests.fixtures.chain import Harbour, customer, harbour
from tests.fixtures.desk import refused
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio


async def _household(household_id: str) -> dict[str, bool]:
    """The members of a household, and whether each is a guardian."""
    found = await rows("SELECT id, guardian FROM customer WHERE household_id = $1 ORDER BY id", household_id)
    return {row["id"]: bool(row["guardian"]) for row in found}


async def _rocha(house: Harbour) -> tuple[str, str, str]:
    """Three customers without a household, in the order of their registration."""
    bia, gil, ivo = [await customer(house.desk_lis, name, "Rocha", house.lis) for name in ("Bia", "Gil", "Ivo")]
    return bia, gil, ivo


async def test_the_member_registered_first_is_guardian_unless_others_are_named(db: str) -> None:
    house = await harbour(db)
    bia, gil, ivo = await _rocha(house)
    assert await _household(house.household) == {house.ana: True, house.rui: False}
    nobody = FormHousehold("Rocha", (gil, bia), guardian_ids=(ivo,))
    assert (await refused(NotInHousehold, house.desk_lis, nobody)).customer_id == ivo
    done = await run_command(house.desk_lis, FormHousehold("Rocha", (ivo, gil, bia), guardian_ids=(gil, ivo)))
    assert done.outcome.guardian_ids == (gil, ivo)
    assert await _household(done.outcome.household_id) == {bia: False, gil: True, ivo: True}


async def test_members_join_and_leave_and_guardians_change_in_one_act(db: str) -> None:
    house = await harbour(db)
    bia, gil, _ = await _rocha(house)
    joined = await run_command(house.desk_lis, ChangeHousehold(house.household, add=(bia, house.rui)))
    assert (joined.outcome.added, joined.outcome.removed, joined.outcome.guardian_ids) == ((bia,), (), (house.ana,))
    swapped = ChangeHousehold(house.household, (gil,), (house.ana,), (house.rui, gil))
    await run_command(house.desk_lis, swapped)
    assert await _household(house.household) == {house.rui: True, bia: False, gil: True}
    await run_command(house.desk_lis, ChangeHousehold(house.household, remove=(house.rui, bia, gil)))
    assert await _household(house.household) == {}
    former = await rows("SELECT id FROM customer WHERE guardian")
    assert former == []


async def test_a_household_with_members_keeps_a_guardian(db: str) -> None:
    house = await harbour(db)
    for change in (
        ChangeHousehold(house.household, remove=(house.ana,)),
        ChangeHousehold(house.household, guardians=()),
    ):
        assert (await refused(GuardianNeeded, house.desk_lis, change)).household_id == house.household


async def test_a_change_that_cannot_be_is_refused(db: str) -> None:
    house = await harbour(db)
    bia, gil, ivo = await _rocha(house)
    other = (await run_command(house.desk_lis, FormHousehold("Rocha", (bia, gil)))).outcome.household_id
    desk = house.desk_lis
    elsewhere = await refused(AlreadyInHousehold, desk, ChangeHousehold(house.household, add=(bia,)))
    assert (elsewhere.customer_id, elsewhere.household_id, elsewhere.path) == (bia, other, ("add",))
    assert (await refused(NotInHousehold, desk, ChangeHousehold(house.household, remove=(ivo,)))).path == ("remove",)
    await refused(NotInHousehold, desk, ChangeHousehold(house.household, guardians=(house.ana, ivo)))
    await refused(InvalidInput, desk, ChangeHousehold(house.household))
    await refused(InvalidInput, desk, ChangeHousehold(house.household, (ivo,), (ivo,)))
    for stranger in (new_id("cus"), house.other_customer, house.eva):
        await refused(NotFound, desk, ChangeHousehold(house.household, add=(stranger,)))
    for household in (new_id("hsh"), other):
        await refused(NotFound, house.manager_mad, ChangeHousehold(household, add=(house.eva,)))
    await refused(NotFound, house.other_owner, ChangeHousehold(house.household, remove=(house.ana,)))
    await refused(Forbidden, house.practitioner_lis, ChangeHousehold(house.household, add=(ivo,)))


async def test_whom_it_concerns_decides_at_which_branches_a_role_is_needed(db: str) -> None:
    house = await harbour(db)
    mia = await customer(house.owner, "Mia", "Silva", house.mad)
    await run_command(house.owner, ChangeHousehold(house.household, add=(mia,)))
    await refused(Forbidden, house.manager_mad, ChangeHousehold(house.household, guardians=(house.ana, house.rui)))
    await run_command(house.manager_mad, ChangeHousehold(house.household, remove=(mia,)))
    assert await _household(house.household) == {house.ana: True, house.rui: False}


async def test_of_two_changes_that_take_a_guardian_each_away_one_is_refused(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, ChangeHousehold(house.household, guardians=(house.ana, house.rui)))
    bia = await customer(house.owner, "Bia", "Silva", house.lis, household_id=house.household)
    answers = await at_once(
        run_command(house.desk_lis, ChangeHousehold(house.household, remove=(house.ana,))),
        run_command(house.owner, ChangeHousehold(house.household, remove=(house.rui,))),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "GuardianNeeded"]
    assert sorted((await _household(house.household)).values()) == [False, True]
    assert (await _household(house.household))[bia] is False


async def test_who_founds_a_household_by_an_import_is_its_guardian(db: str) -> None:
    house = await harbour(db)
    rest = {"phone": None, "email": None, "country": None, "birthday": None, "tags": (), "whatsapp_consent": None}
    found = []
    for number, name in enumerate(("Noa", "Pia")):
        known = {"home_branch_id": house.lis, "household_reference": "H-1", "registered_on": now().date()}
        command = ImportCustomer((f"OLD-{number}",), name, "Sousa", **rest | known)  # type: ignore[arg-type]
        found.append((await run_command(house.owner, command)).outcome.customer_id)
    guardians = await rows("SELECT id FROM customer WHERE guardian AND id = ANY($1)", found)
    assert [row["id"] for row in guardians] == found[:1]


async def test_households_from_before_there_were_guardians_get_the_member_registered_first(db: str) -> None:
    house = await harbour(db)
    bia, gil, ivo = await _rocha(house)
    formed = await run_command(house.desk_lis, FormHousehold("Rocha", (gil, bia, ivo), guardian_ids=(ivo,)))
    await execute("UPDATE customer SET guardian = FALSE")
    await execute(import_module("migrations.0009_branches_guards").FILLS)
    assert await _household(formed.outcome.household_id) == {bia: True, gil: False, ivo: False}
    assert await _household(house.household) == {house.ana: True, house.rui: False}
    assert len(await rows("SELECT id FROM customer WHERE guardian")) == 2
