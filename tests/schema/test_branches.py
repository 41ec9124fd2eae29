"""Branches are opened and read over HTTP."""

import pytest

from domain.kernel.ids import is_id
from tests.fixtures.chain import harbour
from tests.fixtures.graph import graph

pytestmark = pytest.mark.anyio

OPEN = """mutation($input: OpenBranchInput!) { openBranch(input: $input) {
  __typename
  ... on OpenBranchPayload { operationId branch { id code name timeZone currency legalEntity closedAt } }
  ... on UserError { code message path }
  ... on BranchCodeTaken { branchCode branchId }
  ... on WrongCurrency { currency expected }
} }"""


async def test_an_opened_branch_is_answered_and_found_again(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        porto = {"code": "OPO", "name": " Porto ", "timeZone": "Europe/Lisbon"}
        opened = await app.act(house.owner, OPEN, input=porto)
        branch = opened["branch"]
        assert is_id(branch["id"], "brn") and is_id(opened["operationId"], "op")
        assert branch | {"id": ""} == {
            "id": "",
            "code": "OPO",
            "name": "Porto",
            "timeZone": "Europe/Lisbon",
            "currency": "EUR",
            "legalEntity": "Harbour Wellness",
            "closedAt": None,
        }
        found = await app.ask(house.desk_lis, "query($id: ID!) { branch(id: $id) { code } }", id=branch["id"])
        assert found == {"branch": {"code": "OPO"}}


async def test_a_taken_code_is_refused_with_the_branch_that_has_it(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        taken = {"code": "LIS", "name": "Another", "timeZone": "Europe/Lisbon"}
        assert await app.act(house.owner, OPEN, input=taken) == {
            "__typename": "BranchCodeTaken",
            "code": "BRANCH_CODE_TAKEN",
            "message": "The code 'LIS' belongs to another branch. Choose another one.",
            "path": ["code"],
            "branchCode": "LIS",
            "branchId": house.lis,
        }


async def test_branches_come_page_by_page_in_the_order_of_their_opening(db: str) -> None:
    house = await harbour(db)
    page = """query($first: Int, $after: String) { branches(first: $first, after: $after) {
      edges { cursor node { code } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    async with graph() as app:
        first = (await app.ask(house.practitioner_lis, page, first=2))["branches"]
        rest = (await app.ask(house.practitioner_lis, page, first=2, after=first["pageInfo"]["endCursor"]))["branches"]
    assert [edge["node"]["code"] for edge in first["edges"] + rest["edges"]] == ["LIS", "MAD", "PDL"]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    assert (first["pageInfo"]["hasPreviousPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)
    assert first["pageInfo"]["startCursor"] == first["edges"][0]["cursor"]
