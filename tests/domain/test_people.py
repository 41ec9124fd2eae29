"""A person or an integration is trusted with what was granted, in one chain, until it is revoked."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
import time_machine

from domain.branches import store as branches
from domain.branches.settings import OpenBookings, Settings, Shortfall
from domain.kernel.access import Actor, Grant, Principal, Role, Scope
from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from domain.people import store
from domain.people.create_api_key import CreateApiKey
from domain.people.errors import AlreadyRevoked, EmailTaken, RoleHeld
from domain.people.found_chain import ensure_chain
from domain.people.grant_role import GrantRole
from domain.people.revoke_api_key import RevokeApiKey
from domain.people.rules import hashed
from tests.fixtures.chain import harbour
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio


async def test_a_chain_is_founded_once_with_an_owner_who_may_do_everything(db: str) -> None:
    chain_id = await ensure_chain("Thames Clinics", "GBP", "Olive Owner")
    async with unchanged():
        assert await ensure_chain("Thames Clinics", "EUR") == chain_id
    chain = await branches.chain(chain_id)
    assert (chain.name, chain.currency) == ("Thames Clinics", "GBP")
    assert chain.settings == Settings(Shortfall.REFUSE, OpenBookings.FLAG, 90, 14, 7, 48)
    (founding,) = await rows("SELECT act, principal, outcome FROM operation WHERE chain_id = $1", chain_id)
    assert (founding["act"], founding["principal"]) == ("found_chain", "SYSTEM")
    owner = await store.load_staff(chain_id, founding["outcome"]["owner_id"])
    assert owner is not None
    assert (owner.name, owner.grants) == ("Olive Owner", (Grant(Role.OWNER),))


async def test_a_chain_needs_a_name_and_a_currency(db: str) -> None:
    async with unchanged():
        for name, currency in (("", "EUR"), ("x" * 121, "EUR"), ("Chain", "euro"), ("Chain", "")):
            with pytest.raises(InvalidInput):
                await ensure_chain(name, currency)


async def test_somebody_new_gets_a_role_at_a_branch(db: str) -> None:
    house = await harbour(db)
    command = GrantRole(Role.FRONT_DESK, house.mad, name=" Iris ", email="Iris@Example.com")
    done = await run_command(house.owner, command)
    iris = await store.load_staff(house.chain_id, done.outcome.staff_id)
    assert iris == Actor(
        Principal.STAFF, done.outcome.staff_id, house.chain_id, "Iris", (Grant(Role.FRONT_DESK, house.mad),)
    )
    assert await store.staff_by_ids(house.owner, [iris.id]) == [store.Staff(iris.id, "Iris", "iris@example.com")]


async def test_a_person_may_hold_several_roles(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, GrantRole(Role.ACCOUNTANT, staff_id=house.desk_lis.id))
    dora = await store.load_staff(house.chain_id, house.desk_lis.id)
    assert dora is not None
    assert dora.grants == (Grant(Role.FRONT_DESK, house.lis), Grant(Role.ACCOUNTANT))


async def test_the_same_role_is_granted_only_once(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        with pytest.raises(RoleHeld) as at_branch:
            await run_command(house.owner, GrantRole(Role.FRONT_DESK, house.lis, staff_id=house.desk_lis.id))
        with pytest.raises(RoleHeld) as on_chain:
            await run_command(house.owner, GrantRole(Role.OWNER, staff_id=house.owner.id))
    assert "at this branch" in at_branch.value.message
    assert "on the whole chain" in on_chain.value.message


async def test_two_people_never_share_an_e_mail_address(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, GrantRole(Role.MANAGER, name="Iris", email="iris@example.com"))
    async with unchanged():
        with pytest.raises(EmailTaken) as refused:
            await run_command(house.owner, GrantRole(Role.OWNER, name="Irina", email=" IRIS@example.com"))
    assert refused.value.staff_id == done.outcome.staff_id


async def test_a_role_needs_one_known_person_and_a_known_branch(db: str) -> None:
    house = await harbour(db)
    refused: list[tuple[GrantRole, type[Exception]]] = [
        (GrantRole(Role.OWNER), InvalidInput),
        (GrantRole(Role.OWNER, name=" "), InvalidInput),
        (GrantRole(Role.OWNER, name="Iris", email="nonsense"), InvalidInput),
        (GrantRole(Role.OWNER, name="Iris", staff_id=house.desk_lis.id), InvalidInput),
        (GrantRole(Role.OWNER, staff_id=new_id("stf")), NotFound),
        (GrantRole(Role.OWNER, staff_id=house.other_owner.id), NotFound),
        (GrantRole(Role.OWNER, new_id("brn"), staff_id=house.desk_lis.id), NotFound),
    ]
    async with unchanged():
        for command, refusal in refused:
            with pytest.raises(refusal):
                await run_command(house.owner, command)


async def test_only_an_owner_trusts_people_and_integrations(db: str) -> None:
    house = await harbour(db)
    commands = (
        GrantRole(Role.OWNER, name="Iris"),
        CreateApiKey("Mine", (Scope.READ,)),
        RevokeApiKey(house.integrator.id),
    )
    async with unchanged():
        for actor, command in product(
            (house.manager_lis, house.desk_lis, house.accountant, house.integrator), commands
        ):
            with pytest.raises(Forbidden):
                await run_command(actor, command)


async def test_an_owner_of_one_branch_is_no_owner_of_the_chain(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, GrantRole(Role.OWNER, house.lis, name="Iris"))
    iris = await store.load_staff(house.chain_id, done.outcome.staff_id)
    assert iris is not None
    async with unchanged():
        with pytest.raises(Forbidden):
            await run_command(iris, GrantRole(Role.OWNER, staff_id=iris.id))


async def test_the_secret_of_a_key_is_answered_once_and_kept_nowhere(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, CreateApiKey("Till", (Scope.SELL, Scope.READ)), "key-0001")
    secret = done.outcome.secret
    assert secret is not None
    assert secret.startswith("ck_")
    assert len(secret) == 46
    again = await run_command(house.owner, CreateApiKey("Till", (Scope.SELL, Scope.READ)), "key-0001")
    assert (again.replayed, again.outcome) == (True, replace(done.outcome, secret=None))
    for table in ("operation", "api_key"):
        assert secret not in repr(await rows(f"SELECT * FROM {table}"))


async def test_an_integration_signs_in_by_the_hash_of_its_key(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, CreateApiKey("Till", (Scope.SELL, Scope.READ, Scope.SELL)))
    till = await store.load_integration(hashed(done.outcome.secret))
    assert till == Actor(
        Principal.INTEGRATION,
        done.outcome.api_key_id,
        house.chain_id,
        "Till",
        scopes=frozenset({Scope.READ, Scope.SELL}),
    )
    assert await store.load_integration(hashed("ck_nonsense")) is None


async def test_a_revoked_key_signs_nobody_in_and_is_revoked_once(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, CreateApiKey("Till", (Scope.SELL,)))
    key_id, secret = done.outcome.api_key_id, done.outcome.secret
    with time_machine.travel(datetime(2030, 1, 2, 3, 4, tzinfo=UTC), tick=False):
        await run_command(house.owner, RevokeApiKey(key_id))
    assert await store.load_integration(hashed(secret)) is None
    async with unchanged():
        with pytest.raises(AlreadyRevoked) as refused:
            await run_command(house.owner, RevokeApiKey(key_id))
    assert refused.value.revoked_at == datetime(2030, 1, 2, 3, 4, tzinfo=UTC)


async def test_a_key_of_another_chain_is_as_unknown_as_none(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.other_owner, CreateApiKey("Till", (Scope.SELL,)))
    async with unchanged():
        for unknown in (done.outcome.api_key_id, new_id("key")):
            with pytest.raises(NotFound) as refused:
                await run_command(house.owner, RevokeApiKey(unknown))
            assert refused.value.message == f"There is no API key {unknown!r} that you may see. Check the id."


async def test_a_key_needs_a_name_and_a_scope(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        for command in (CreateApiKey("", (Scope.READ,)), CreateApiKey("Till", ())):
            with pytest.raises(InvalidInput):
                await run_command(house.owner, command)


async def test_a_principal_is_loaded_by_one_statement_and_only_in_its_own_chain(db: str) -> None:
    house = await harbour(db)
    with counting() as counter:
        assert await store.load_staff(house.chain_id, house.desk_lis.id) == house.desk_lis
        ana = await store.load_customer(house.chain_id, house.ana)
        assert await store.load_staff(house.other_owner.chain_id, house.desk_lis.id) is None
        assert await store.load_customer(house.other_owner.chain_id, house.ana) is None
    assert ana == Actor(Principal.CUSTOMER, house.ana, house.chain_id, "Ana Silva", household_id=house.household)
    assert len(counter.statements) == 4


async def test_staff_whose_last_role_was_revoked_are_nobody(db: str) -> None:
    house = await harbour(db)
    await execute("UPDATE role_grant SET revoked_at = granted_at WHERE staff_id = $1", house.desk_lis.id)
    assert await store.load_staff(house.chain_id, house.desk_lis.id) is None
