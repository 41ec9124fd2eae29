"""A role ends at once, and somebody always owns the chain."""

import pytest

from domain.kernel.access import Actor, Role
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, NotFound
from domain.kernel.ids import new_id
from domain.people import store
from domain.people.errors import LastOwner, RoleNotHeld
from domain.people.grant_role import GrantRole
from domain.people.revoke_role import RevokeRole
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import refused
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio


async def another_owner(house: Harbour) -> Actor:
    """Somebody else who owns the whole chain from now on."""
    done = await run_command(house.owner, GrantRole(Role.OWNER, name="Iris"))
    iris = await store.load_staff(house.chain_id, done.outcome.staff_id)
    assert iris is not None
    return iris


async def test_who_has_lost_a_role_has_the_others_left_and_nobody_can_take_it_twice(db: str) -> None:
    house = await harbour(db)
    luis, taken = house.manager_lis, RevokeRole(house.manager_lis.id, Role.MANAGER, house.lis)
    await run_command(house.owner, GrantRole(Role.FRONT_DESK, house.pdl, staff_id=luis.id))
    done = await run_command(house.owner, taken)
    now = await store.load_staff(house.chain_id, luis.id)
    assert now is not None
    assert [(grant.role, grant.branch_id) for grant in now.grants] == [(Role.FRONT_DESK, house.pdl)]
    (kept,) = await rows("SELECT revoked_at FROM role_grant WHERE id = $1", done.outcome.grant_id)
    (operation,) = await rows("SELECT branch_id, recorded_at FROM operation WHERE id = $1", done.operation_id)
    assert (operation["branch_id"], operation["recorded_at"]) == (house.lis, kept["revoked_at"])
    again = await refused(RoleNotHeld, house.owner, taken)
    assert str(again) == "The person is not MANAGER at this branch. Look at the roles that are held now."
    await run_command(house.owner, RevokeRole(luis.id, Role.FRONT_DESK, house.pdl))
    assert await store.load_staff(house.chain_id, luis.id) is None
    await run_command(house.owner, GrantRole(Role.MANAGER, house.lis, staff_id=luis.id))
    await run_command(house.owner, taken)


async def test_a_role_at_a_branch_is_not_the_one_on_the_whole_chain(db: str) -> None:
    house = await harbour(db)
    await refused(RoleNotHeld, house.owner, RevokeRole(house.manager_lis.id, Role.MANAGER))
    await refused(RoleNotHeld, house.owner, RevokeRole(house.manager_lis.id, Role.MANAGER, house.mad))
    await refused(RoleNotHeld, house.owner, RevokeRole(house.manager_lis.id, Role.OWNER, house.lis))
    for stranger in (new_id("stf"), house.other_owner.id):
        await refused(NotFound, house.owner, RevokeRole(stranger, Role.OWNER))


async def test_the_last_owner_stays_one_until_there_is_another(db: str) -> None:
    house = await harbour(db)
    (first,) = await rows(
        "SELECT staff_id FROM role_grant WHERE chain_id = $1 AND role = 'OWNER' AND staff_id <> $2",
        house.chain_id,
        house.owner.id,
    )
    await run_command(house.owner, RevokeRole(first["staff_id"], Role.OWNER))
    await run_command(house.owner, GrantRole(Role.OWNER, house.lis, staff_id=house.desk_lis.id))
    kept = await refused(LastOwner, house.owner, RevokeRole(house.owner.id, Role.OWNER))
    assert str(kept) == "Olga Owner is the last OWNER of the whole chain. Grant the role to somebody else first."
    await another_owner(house)
    await run_command(house.owner, RevokeRole(house.owner.id, Role.OWNER))


async def test_two_owners_who_depose_each_other_at_once_leave_one(db: str) -> None:
    house = await harbour(db)
    iris = await another_owner(house)
    (first,) = await rows(
        "SELECT staff_id FROM role_grant WHERE chain_id = $1 AND role = 'OWNER' AND staff_id NOT IN ($2, $3)",
        house.chain_id,
        house.owner.id,
        iris.id,
    )
    await run_command(house.owner, RevokeRole(first["staff_id"], Role.OWNER))
    outcomes = await at_once(
        run_command(house.owner, RevokeRole(iris.id, Role.OWNER)),
        run_command(iris, RevokeRole(house.owner.id, Role.OWNER)),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Done", "LastOwner"]


async def test_only_who_owns_the_whole_chain_takes_roles(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, GrantRole(Role.OWNER, house.lis, name="Iris"))
    iris = await store.load_staff(house.chain_id, done.outcome.staff_id)
    assert iris is not None
    for actor in (iris, house.manager_lis, house.accountant, house.integrator):
        await refused(Forbidden, actor, RevokeRole(house.desk_lis.id, Role.FRONT_DESK, house.lis))
