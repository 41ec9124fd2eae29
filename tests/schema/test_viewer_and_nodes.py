"""Who asks is told who they are; anything is found again by its id, by whoever may see it."""

import pytest

from domain.kernel.commands import run_command
from domain.kernel.ids import new_id
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.graph import graph

pytestmark = pytest.mark.anyio

VIEWER = """{ viewer { id kind name scopes roles { role branch { code } } customer { name household { name } }
  branches { nodes { code } } packages { totalCount } } }"""
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def test_the_staff_are_told_their_roles_and_branches(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        viewer = (await app.ask(house.manager_mad, VIEWER))["viewer"]
        owner = (await app.ask(house.owner, VIEWER))["viewer"]
    assert viewer == {
        "id": house.manager_mad.id,
        "kind": "STAFF",
        "name": "Maria Manager",
        "scopes": [],
        "roles": [{"role": "MANAGER", "branch": {"code": "MAD"}}],
        "customer": None,
        "branches": {"nodes": [{"code": "MAD"}]},
        "packages": {"totalCount": 0},
    }
    assert owner["roles"] == [{"role": "OWNER", "branch": None}]
    assert [node["code"] for node in owner["branches"]["nodes"]] == ["LIS", "MAD", "PDL"]


async def test_a_customer_is_told_who_they_are_and_sees_shared_packages(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, SellPackage(house.buy_3_free_1, house.rui, house.lis))
    await run_command(house.owner, SellPackage(house.ten, house.rui, house.lis))
    async with graph() as app:
        viewer = (await app.ask(await customer_actor(house, house.ana), VIEWER))["viewer"]
    assert (viewer["kind"], viewer["name"], viewer["roles"]) == ("CUSTOMER", "Ana Silva", [])
    assert viewer["customer"] == {"name": "Ana Silva", "household": {"name": "Silva"}}
    assert viewer["packages"] == {"totalCount": 1}


async def test_everything_is_found_again_by_its_id(db: str) -> None:
    house = await harbour(db)
    sold = await run_command(house.owner, SellPackage(house.ten, house.ana, house.lis))
    version = "query($id: ID!) { packageDefinition(id: $id) { current { id } } }"
    async with graph() as app:
        current = (await app.ask(house.owner, version, id=house.ten))["packageDefinition"]["current"]
        expected = {
            house.lis: "Branch",
            house.owner.id: "Staff",
            house.integrator.id: "ApiKey",
            house.ana: "Customer",
            house.household: "Household",
            house.physio: "Service",
            house.ten: "PackageDefinition",
            current["id"]: "PackageDefinitionVersion",
            sold.outcome.package_id: "Package",
            sold.operation_id: "Operation",
        }
        found = (await app.ask(house.owner, NODES, ids=list(expected)))["nodes"]
        assert {node["id"]: node["__typename"] for node in found} == expected
        for known, typename in expected.items():
            assert (await app.ask(house.owner, NODE, id=known))["node"] == {"__typename": typename, "id": known}
            assert (await app.ask(house.other_owner, NODE, id=known))["node"] is None


async def test_nodes_that_are_not_there_are_null_in_their_places(db: str) -> None:
    house = await harbour(db)
    ids = ["", "brn_", "nonsense", new_id("brn"), new_id("xyz"), house.lis, house.lis.upper(), house.other_branch]
    async with graph() as app:
        found = (await app.ask(house.owner, NODES, ids=ids))["nodes"]
        assert found == [None, None, None, None, None, {"__typename": "Branch", "id": house.lis}, None, None]
        assert await app.errors(house.owner, NODES, ids=[house.lis] * 101) == ["BAD_USER_INPUT"]


async def test_a_customer_finds_nothing_of_other_customers(db: str) -> None:
    house = await harbour(db)
    sold = await run_command(house.owner, SellPackage(house.ten, house.rui, house.lis))
    ana, eva = await customer_actor(house, house.ana), await customer_actor(house, house.eva)
    hidden = [house.ana, house.household, house.integrator.id, sold.outcome.package_id, sold.operation_id]
    async with graph() as app:
        assert (await app.ask(eva, NODES, ids=hidden))["nodes"] == [None] * 5
        assert (await app.ask(ana, NODES, ids=hidden[2:]))["nodes"] == [None] * 3
