"""An id of another chain is answered, byte for byte, as one that does not exist."""

import json
import re

import pytest

from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.ids import new_id
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.given_back import given_back, paid, returnable
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

OF_CHANGES = {
    "pkg": [
        "refundQuote(packageId: $id) { __typename ...Refused }",
        "topUpQuote(packageId: $id, sessions: 1) { __typename ...Refused }",
        """upgradeQuote(packageId: $id, definitionId: "def_x", branchId: "brn_x") { __typename ...Refused }""",
        "refunds(filter: {packageId: $id}) { nodes { id } }",
    ],
    "ref": ["refund(id: $id) { state }", "node(id: $id) { id }"],
    "cus": ["refunds(filter: {customerId: $id}) { nodes { id } }"],
    "brn": [
        "refunds(filter: {branchId: $id}) { nodes { id } }",
        """simulatePolicy(from: "2026-01-01", to: "2026-12-31", policy: {}, branchId: $id) { currency }""",
    ],
    "def": ["""simulatePolicy(from: "2026-01-01", to: "2026-12-31", policy: {}, definitionId: $id) { currency }"""],
}
CHANGES = {
    "pkg": [
        """requestRefund(input: {packageId: $id, reason: "X", idempotencyKey: "abcdefgh"}) { ...Refused }""",
        """topUpPackage(input: {packageId: $id, sessions: 1, branchId: $own, idempotencyKey: "abcdefgh"}) {
          ...Refused }""",
        """upgradePackage(input: {packageId: $id, definitionId: "def_x", branchId: $own, idempotencyKey: "abcdefgh"}) {
          ...Refused }""",
    ],
    "ref": [
        """approveRefund(input: {refundId: $id, idempotencyKey: "abcdefgh"}) { ...Refused }""",
        """refuseRefund(input: {refundId: $id, reason: "X", idempotencyKey: "abcdefgh"}) { ...Refused }""",
        """withdrawRefund(input: {refundId: $id, reason: "X", idempotencyKey: "abcdefgh"}) { ...Refused }""",
        """payOutRefund(input: {refundId: $id, branchId: $own, idempotencyKey: "abcdefgh"}) { ...Refused }""",
    ],
    "brn": [
        """payOutRefund(input: {refundId: "ref_x", branchId: $id, idempotencyKey: "abcdefgh"}) { ...Refused }""",
        "setRefundLimit(input: {role: MANAGER, branchId: $id}) { ...Refused }",
        "setBusinessDays(input: {branchId: $id, weekend: [], holidays: []}) { ...Refused }",
    ],
}


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


async def test_neither_are_packages_refunds_and_branches_of_another_chain_anything_to_changes_of_mind(db: str) -> None:
    house = await harbour(db)
    mine = await paid(house, await returnable(house))
    ana = await customer_actor(house, house.ana)
    waiting = (await given_back(house, mine, actor=ana)).outcome.refund_id
    theirs = {"pkg": mine, "ref": waiting, "cus": house.ana, "brn": house.lis, "def": house.ten}
    asked = [(prefix, f"query($id: ID!) {{ {each} }}") for prefix, several in OF_CHANGES.items() for each in several]
    asked += [
        (prefix, f"mutation($id: ID!) {{ {each.replace('$own', json.dumps(house.other_branch))} }}")
        for prefix, several in CHANGES.items()
        for each in several
    ]
    for prefix, query in asked:
        document = query + REFUSED * ("...Refused" in query)
        foreign = await _answer(house.other_owner, document, theirs[prefix])
        absent = await _answer(house.other_owner, document, new_id(prefix))
        assert foreign == absent, query
        assert b"GRAPHQL_VALIDATION_FAILED" not in foreign, foreign
