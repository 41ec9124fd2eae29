"""An id of another chain is answered, byte for byte, as one that does not exist."""

import re

import pytest

from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.ids import new_id
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import harbour
from tests.fixtures.graph import graph

pytestmark = pytest.mark.anyio

READS = {
    "brn": "branch(id: $id) { code }",
    "srv": "service(id: $id) { code }",
    "def": "packageDefinition(id: $id) { code }",
    "cus": "customer(id: $id) { name }",
    "hsh": "household(id: $id) { name }",
    "pkg": "package(id: $id) { status }",
    "op": "node(id: $id) { id }",
    "stf": "nodes(ids: [$id]) { id }",
    "key": "node(id: $id) { id }",
    "dfv": "node(id: $id) { id }",
}
FILTERS = {
    "cus": "packages(filter: {holderId: $id}) { totalCount nodes { id } }",
    "brn": "customers(filter: {homeBranchId: $id}) { totalCount nodes { id } }",
    "hsh": "customers(filter: {householdId: $id}) { totalCount nodes { id } }",
    "srv": "packageDefinitions(filter: {serviceId: $id}) { nodes { id } }",
    "pkg": "operations(filter: {packageId: $id}) { nodes { id } }",
}
ACTS = {
    "brn": """grantRole(input: {role: MANAGER, name: "X", branchId: $id}) { ...Refused }""",
    "stf": "grantRole(input: {role: MANAGER, staffId: $id}) { ...Refused }",
    "key": "revokeApiKey(input: {apiKeyId: $id}) { ...Refused }",
    "def": "publishPackageDefinition(input: {definitionId: $id}) { ...Refused }",
    "cus": """formHousehold(input: {name: "X", customerIds: [$id, "cus_x"]}) { ...Refused }""",
    "pkg": """grantGoodwill(input: {packageId: $id, sessions: 1, reason: "X", idempotencyKey: "abcdefgh"}) {
      ...Refused }""",
}
REFUSED = " fragment Refused on UserError { __typename code message path ... on NotFound { noun id } }"


async def _answer(actor: Actor, query: str, id: str) -> bytes:
    """The whole answer, from an application of its own so that the rate limit tells nothing either."""
    async with graph() as app:
        response = await app.post(actor, query, id=id)
    told = {name: value for name, value in response.headers.items() if name != "x-request-id"}
    body = re.sub(rb'"requestId":"[0-9a-f]+"', b"", response.content)
    return f"{response.status_code} {told} ".encode().replace(id.encode(), b"<id>") + body.replace(id.encode(), b"<id>")


async def test_ids_of_another_chain_are_answered_as_ids_that_do_not_exist(db: str) -> None:
    house = await harbour(db)
    sold = await run_command(house.owner, SellPackage(house.ten, house.ana, house.lis))
    async with graph() as app:
        definition = "query($id: ID!) { packageDefinition(id: $id) { current { id } } }"
        version = (await app.ask(house.owner, definition, id=house.ten))["packageDefinition"]["current"]["id"]
    theirs = {
        "brn": house.lis,
        "srv": house.physio,
        "def": house.ten,
        "cus": house.ana,
        "hsh": house.household,
        "pkg": sold.outcome.package_id,
        "op": sold.operation_id,
        "stf": house.owner.id,
        "key": house.integrator.id,
        "dfv": version,
    }
    asked = [(prefix, f"query($id: ID!) {{ {field} }}") for prefix, field in [*READS.items(), *FILTERS.items()]]
    asked += [(prefix, f"mutation($id: ID!) {{ {field} }}{REFUSED}") for prefix, field in ACTS.items()]
    for prefix, query in asked:
        foreign = await _answer(house.other_owner, query, theirs[prefix])
        absent = await _answer(house.other_owner, query, new_id(prefix))
        own = await _answer(house.owner, query, theirs[prefix])
        assert foreign == absent, query
        assert own != foreign or prefix in ("stf", "cus"), query
