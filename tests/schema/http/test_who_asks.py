"""Without a token only the schema can be read; a bad token is refused even where none was needed."""

from collections.abc import Iterator

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
