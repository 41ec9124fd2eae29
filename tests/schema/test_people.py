"""Roles and API keys over HTTP: granted, created, revoked, and shown only to those they concern."""

import pytest

from domain.kernel.access import Actor
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.graph import Graph, graph
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

GRANT = """mutation($input: GrantRoleInput!) { grantRole(input: $input) {
  __typename
  ... on GrantRolePayload { staff { id name email roles { role branch { code } } } }
  ... on RoleHeld { role branchId staffId }
  ... on EmailTaken { email staffId }
} }"""
CREATE = """mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  __typename ... on CreateApiKeyPayload { secret apiKey { id name scopes revokedAt } }
} }"""
REVOKE = """mutation($id: ID!) { revokeApiKey(input: {apiKeyId: $id}) {
  __typename ... on RevokeApiKeyPayload { apiKey { id revokedAt } } ... on AlreadyRevoked { apiKeyId revokedAt }
} }"""
KEYS = "{ apiKeys { nodes { name } } }"


async def test_somebody_new_gets_a_role_and_may_use_it_at_once(db: str) -> None:
    house = await harbour(db)
    wanted = {"role": "MANAGER", "branchId": house.pdl, "name": "Pia", "email": "Pia@Example.com"}
    async with graph() as app:
        granted = await app.act(house.owner, GRANT, input=wanted)
        pia = Actor(house.owner.kind, granted["staff"]["id"], house.chain_id)
        viewer = await app.ask(pia, "{ viewer { name roles { role branch { code } } branches { nodes { code } } } }")
    roles = [{"role": "MANAGER", "branch": {"code": "PDL"}}]
    assert granted["staff"] | {"id": ""} == {"id": "", "name": "Pia", "email": "pia@example.com", "roles": roles}
    assert viewer["viewer"] == {"name": "Pia", "roles": roles, "branches": {"nodes": [{"code": "PDL"}]}}


async def test_two_acts_of_one_request_each_see_what_the_other_did_before(db: str) -> None:
    house = await harbour(db)
    both = """mutation($id: ID!) {
      one: grantRole(input: {staffId: $id, role: PRACTITIONER}) { ...Roles }
      two: grantRole(input: {staffId: $id, role: ACCOUNTANT}) { ...Roles }
    } fragment Roles on GrantRolePayload { staff { roles { role } } }"""
    async with graph() as app:
        done = await app.ask(house.owner, both, id=house.desk_lis.id)
    held = [[role["role"] for role in done[name]["staff"]["roles"]] for name in ("one", "two")]
    assert held == [["FRONT_DESK", "PRACTITIONER"], ["FRONT_DESK", "PRACTITIONER", "ACCOUNTANT"]]


async def test_a_role_that_is_held_and_an_address_that_is_taken_are_refused_with_whose_they_are(db: str) -> None:
    house = await harbour(db)
    desk = house.desk_lis.id
    async with graph() as app:
        await app.act(house.owner, GRANT, input={"role": "OWNER", "name": "Pia", "email": "pia@example.com"})
        async with unchanged():
            held = await app.act(
                house.owner, GRANT, input={"role": "FRONT_DESK", "branchId": house.lis, "staffId": desk}
            )
            taken = {"role": "OWNER", "name": "Pia", "email": "PIA@example.com"}
            assert (await app.act(house.owner, GRANT, input=taken))["__typename"] == "EmailTaken"
    assert held == {"__typename": "RoleHeld", "role": "FRONT_DESK", "branchId": house.lis, "staffId": desk}


async def test_the_secret_of_a_key_is_told_once_and_signs_in_until_it_is_revoked(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        created = await app.act(house.owner, CREATE, input={"name": "ERP", "scopes": ["ACCOUNTING", "READ"]})
        secret, key = created["secret"], created["apiKey"]
        assert secret.startswith("ck_") and key["scopes"] == ["READ", "ACCOUNTING"]
        viewer = await app.ask(secret, "{ viewer { id kind name scopes roles { role } } }")
        assert viewer["viewer"] == {
            "id": key["id"],
            "kind": "INTEGRATION",
            "name": "ERP",
            "scopes": ["READ", "ACCOUNTING"],
            "roles": [],
        }
        revoked = await app.act(house.owner, REVOKE, id=key["id"])
        assert await app.errors(secret, "{ viewer { id } }") == ["UNAUTHENTICATED"]
        again = await app.act(house.owner, REVOKE, id=key["id"])
    assert again == {"__typename": "AlreadyRevoked", "apiKeyId": key["id"], "revokedAt": revoked["apiKey"]["revokedAt"]}


async def test_keys_are_shown_to_an_owner_of_the_whole_chain_and_to_nobody_else(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        assert await app.ask(house.owner, KEYS) == {"apiKeys": {"nodes": [{"name": "Booking site"}]}}
        for actor in (house.manager_lis, house.accountant, house.other_owner, await customer_actor(house, house.ana)):
            assert await app.ask(actor, KEYS) == {"apiKeys": {"nodes": []}}
            node = "query($id: ID!) { node(id: $id) { id } }"
            assert await app.ask(actor, node, id=house.integrator.id) == {"node": None}


async def test_customers_see_the_names_of_the_staff_and_neither_roles_nor_addresses(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    async with graph() as app:
        assert await _paulo(app, house.desk_lis, house.practitioner_lis.id) == {
            "name": "Paulo Practitioner",
            "email": None,
            "roles": [{"role": "PRACTITIONER"}],
        }
        hidden = await _paulo(app, ana, house.practitioner_lis.id)
        assert hidden == {"name": "Paulo Practitioner", "email": None, "roles": None}
        assert await app.ask(ana, "{ staff { nodes { id } } }") == {"staff": {"nodes": []}}
        assert len((await app.ask(house.desk_lis, "{ staff { nodes { id } } }"))["staff"]["nodes"]) == 7


async def _paulo(app: Graph, actor: Actor, staff_id: str) -> object:
    node = "query($id: ID!) { node(id: $id) { ... on Staff { name email roles { role } } } }"
    return (await app.ask(actor, node, id=staff_id))["node"]


TAKE = """mutation($input: RevokeRoleInput!) { revokeRole(input: $input) { __typename
  ... on RevokeRolePayload { staff { roles { role branch { code } } } }
  ... on RoleNotHeld { code staffId role branchId message } ... on LastOwner { code staffId }
} }"""


async def test_a_role_that_was_taken_counts_no_more_from_the_next_request_on(db: str) -> None:
    house = await harbour(db)
    luis = house.manager_lis
    given = {"staffId": luis.id, "role": "MANAGER", "branchId": house.lis}
    async with graph() as app:
        await app.act(house.owner, GRANT, input={"staffId": luis.id, "role": "PRACTITIONER", "branchId": house.pdl})
        await app.ask(luis, "{ periods { nodes { id } } }")
        left = [{"role": "PRACTITIONER", "branch": {"code": "PDL"}}]
        assert (await app.act(house.owner, TAKE, input=given))["staff"] == {"roles": left}
        assert await app.errors(luis, "{ periods { nodes { id } } }") == ["FORBIDDEN"]
        again = await app.act(house.owner, TAKE, input=given)
        assert (again["code"], again["staffId"], again["role"], again["branchId"]) == (
            "ROLE_NOT_HELD",
            luis.id,
            "MANAGER",
            house.lis,
        )
        await app.act(house.owner, TAKE, input={"staffId": luis.id, "role": "PRACTITIONER", "branchId": house.pdl})
        assert await app.errors(luis, "{ viewer { id } }") == ["UNAUTHENTICATED"]
