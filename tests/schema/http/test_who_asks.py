"""Without a token only the schema can be read; a bad token is refused even where none was needed."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from tests.schema.http.tiny_graph import OPENED, client_of, status_and_code, tiny_app

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def nothing_opened() -> Iterator[None]:
    OPENED.clear()
    yield
    assert OPENED == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("{ __typename }", "__typename"),
        ('{ __type(name: "Branch") { name } }', "__type"),
        ("{ ...F } fragment F on Query { __schema { queryType { name } } }", "__schema"),
    ],
)
async def test_anyone_may_read_the_schema(query: str, field: str) -> None:
    async with client_of(tiny_app(), name=None) as client:
        response = await client.post("/graphql", json={"query": query})
    assert list(response.json()["data"]) == [field]
    assert response.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "{ branch { code } }",
        "{ __typename branch { code } }",
        "{ ... on Query { ...F } } fragment F on Query { branch { code } }",
        "{ __typename: branch { code } }",
        'mutation { openBranch(code: "LIS") { code } }',
    ],
)
async def test_anything_else_needs_a_token(query: str) -> None:
    async with client_of(tiny_app(), name=None) as client:
        response = await client.post("/graphql", json={"query": query})
    assert status_and_code(response) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == 'Bearer realm="carnet"'
    assert "data" not in response.json()


@pytest.mark.parametrize(
    "query",
    [
        "{ nothing }",
        "mutation M { nothing }",
        "{ ...F } fragment F on Query { nothing }",
        "query A { __typename } query B { nothing }",
        "{ branch { " + "parent { code } " * 10 + "} }",
    ],
)
async def test_what_needs_a_token_is_not_even_validated_without_one(query: str) -> None:
    with patch("schema.documents.validate_document", side_effect=AssertionError("it was validated")):
        async with client_of(tiny_app(), name=None) as client:
            response = await client.post("/graphql", json={"query": query})
    assert status_and_code(response) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("{ __typename ...Missing }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("fragment F on Query { branch { code } }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", None, "BAD_USER_INPUT"),
        ("query A { __typename } query B { __typename }", "C", "BAD_USER_INPUT"),
    ],
)
async def test_what_is_wrong_about_reading_the_schema_is_told_to_anyone(
    query: str, name: str | None, code: str
) -> None:
    async with client_of(tiny_app(), name=None) as client:
        response = await client.post("/graphql", json={"query": query, "operationName": name})
    assert status_and_code(response) == (400, code)


async def test_beside_an_operation_that_needs_a_token_another_may_read_the_schema() -> None:
    sent = {"query": "query A { __typename } query B { branch { code } }"}
    async with client_of(tiny_app(), name=None) as client:
        schema = await client.post("/graphql", json=sent | {"operationName": "A"})
        business = await client.post("/graphql", json=sent | {"operationName": "B"})
    assert schema.json()["data"] == {"__typename": "Query"}
    assert status_and_code(business) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("authorization", ["Bearer nobody", "Bearer ", "Bearer", "Basic YTpi", "ana", ""])
async def test_a_token_of_nobody_is_refused_even_for_the_schema(authorization: str) -> None:
    async with client_of(tiny_app(), name=None) as client:
        headers = {"authorization": authorization}
        response = await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert status_and_code(response) == (401, "UNAUTHENTICATED")


async def test_a_token_of_nobody_is_refused_before_the_body_is_read() -> None:
    async with client_of(tiny_app(), name="nobody") as client:
        headers = {"content-type": "application/json"}
        response = await client.post("/graphql", content=b"{", headers=headers)
    assert status_and_code(response) == (401, "UNAUTHENTICATED")


async def test_a_token_that_cannot_be_checked_is_unavailable_and_tells_no_address() -> None:
    async with client_of(tiny_app(), name="unreachable") as client:
        response = await client.post("/graphql", json={"query": "{ __typename }"})
    assert status_and_code(response) == (503, "UNAVAILABLE")
    assert "10.0.0.7" not in response.text
