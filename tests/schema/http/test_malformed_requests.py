"""Whatever is sent, the answer is JSON with a code, never a 5xx, and nothing is carried out."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from tests.schema.http.tiny_graph import OPENED, client_of, status_and_code, tiny_app

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}
OPEN = '"mutation ($code: String!) { openBranch(code: $code) { code } }"'


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(tiny_app()) as client:
        yield client


@pytest.fixture(autouse=True)
def nothing_opened() -> Iterator[None]:
    OPENED.clear()
    yield
    assert OPENED == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
        pytest.param(b'"x"', id="a text"),
        pytest.param(b"7", id="a number"),
        pytest.param(b"{", id="half an object"),
        pytest.param(b"[]", id="no operation"),
        pytest.param(b'[{"query": "{ __typename }"}]', id="a batch"),
        pytest.param(b"{}", id="no query"),
        pytest.param(b'{"query": ""}', id="an empty query"),
        pytest.param(b'{"query": 7}', id="a query that is no text"),
        pytest.param(b'{"query": "\xff"}', id="bytes that are not UTF-8"),
        pytest.param(b'{"query": "{ __typename }", "variables": []}', id="variables in a list"),
        pytest.param(b'{"query": "{ __typename }", "variables": "{}"}', id="variables in a text"),
        pytest.param(b'{"query": "{ __typename }", "operationName": 1}', id="a numbered operation"),
        pytest.param(b'{"query": "{ __typename }", "extensions": 1}', id="extensions that are none"),
        pytest.param(b'{"query": NaN}', id="NaN"),
        pytest.param(b"[" * 100_000, id="deep JSON"),
        pytest.param(b'{"variables":' + b'{"a":' * 5000 + b"1" + b"}" * 5001, id="deep objects"),
        pytest.param(b'{"query": %s, "variables": {"code": "A\\u0000"}}' % OPEN.encode(), id="NUL"),
        pytest.param(b'{"query": %s, "variables": {"a": {"b\\u0000": [1]}}}' % OPEN.encode(), id="NUL in a name"),
        pytest.param(b'{"query": %s, "variables": {"code": "A\x00"}}' % OPEN.encode(), id="a bare NUL"),
        pytest.param(b'{"query": %s, "variables": {"code": "\\ud800"}}' % OPEN.encode(), id="a lone surrogate"),
    ],
)
async def test_a_malformed_body_is_bad_user_input(client: httpx2.AsyncClient, body: bytes) -> None:
    response = await client.post("/graphql", content=body, headers=JSON)
    assert status_and_code(response) == (400, "BAD_USER_INPUT")
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        pytest.param("{", "GRAPHQL_PARSE_FAILED", id="half a document"),
        pytest.param("# nothing", "GRAPHQL_PARSE_FAILED", id="a comment"),
        pytest.param("{ nothing }", "GRAPHQL_VALIDATION_FAILED", id="an unknown field"),
        pytest.param("fragment F on Query { echo }", "GRAPHQL_VALIDATION_FAILED", id="no operation"),
        pytest.param("type A { b: Int }", "GRAPHQL_VALIDATION_FAILED", id="a schema"),
        pytest.param('{ echo(text: "\\uD800") }', "GRAPHQL_PARSE_FAILED", id="a lone surrogate"),
        pytest.param('{ echo(text: "\\u0000") }', "BAD_USER_INPUT", id="NUL"),
        pytest.param('{ echo(text: "\\u{0}") }', "BAD_USER_INPUT", id="NUL in braces"),
        pytest.param('mutation { openBranch(code: "\\u0000") { code } }', "BAD_USER_INPUT", id="NUL to store"),
        pytest.param("query A { echo } query B { echo }", "GRAPHQL_VALIDATION_FAILED", id="two bad ones"),
        pytest.param("query A { __typename } query B { __typename }", "BAD_USER_INPUT", id="two, none named"),
        pytest.param("subscription { never }", "BAD_USER_INPUT", id="a subscription"),
        pytest.param("mutation ($code: String!) { openBranch(code: $code) { code } }", "BAD_USER_INPUT", id="no code"),
    ],
)
async def test_a_document_that_cannot_be_executed_says_why(client: httpx2.AsyncClient, query: str, code: str) -> None:
    response = await client.post("/graphql", json={"query": query})
    assert status_and_code(response) == (400, code)
    assert "data" not in response.json()


async def test_the_named_operation_of_several_is_carried_out(client: httpx2.AsyncClient) -> None:
    sent = {"query": 'query A { echo(text: "a") } query B { echo(text: "b") }', "operationName": "B"}
    assert (await client.post("/graphql", json=sent)).json()["data"] == {"echo": "b"}


async def test_an_operation_that_the_document_lacks_is_bad_user_input(client: httpx2.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "query A { __typename }", "operationName": "B"})
    assert status_and_code(response) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize("value", [1, True, 1.5, ["LIS"], {"code": "LIS"}, None, 10**400])
async def test_a_variable_of_the_wrong_type_is_bad_user_input(client: httpx2.AsyncClient, value: object) -> None:
    body = f'{{"query": {OPEN}, "variables": {{"code": {httpx2.Response(200, json=value).text}}}}}'
    response = await client.post("/graphql", content=body.encode(), headers=JSON)
    assert status_and_code(response) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize("value", ["not a UUID", 7, None, []])
async def test_a_value_that_its_scalar_refuses_is_bad_user_input(client: httpx2.AsyncClient, value: object) -> None:
    sent = {"query": "query ($id: UUID!) { known(id: $id) }", "variables": {"id": value}}
    assert status_and_code(await client.post("/graphql", json=sent)) == (400, "BAD_USER_INPUT")


async def test_a_text_that_only_spells_the_escape_of_nul_is_taken(client: httpx2.AsyncClient) -> None:
    sent = {"query": "query ($t: String!) { echo(text: $t) }", "variables": {"t": "\\u0000 🎟️"}}
    assert (await client.post("/graphql", json=sent)).json()["data"] == {"echo": "\\u0000 🎟️"}


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json; charset=latin-1", "multipart/form-data"])
async def test_a_body_that_is_not_json_is_415(client: httpx2.AsyncClient, content_type: str) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await client.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
    assert status_and_code(response) == (415, "BAD_USER_INPUT")


async def test_a_compressed_body_is_415(client: httpx2.AsyncClient) -> None:
    response = await client.post("/graphql", content=b"\x1f\x8b", headers=JSON | {"content-encoding": "gzip"})
    assert status_and_code(response) == (415, "BAD_USER_INPUT")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods_are_405_and_say_which_are_allowed(client: httpx2.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert status_and_code(response) == (405, "BAD_USER_INPUT")
    assert response.headers["allow"] == "GET, POST"


async def test_a_mutation_by_get_is_405(client: httpx2.AsyncClient) -> None:
    params = {"query": 'mutation { openBranch(code: "LIS") { code } }'}
    response = await client.get("/graphql", params=params)
    assert status_and_code(response) == (405, "BAD_USER_INPUT")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "query_string",
    ["", "query=%FF", "query={__typename}&variables={", "query={__typename}&variables=[]", "query=a%00", "&a=1" * 21],
)
async def test_a_malformed_address_is_bad_user_input(client: httpx2.AsyncClient, query_string: str) -> None:
    response = await client.get(f"/graphql?{query_string}")
    assert status_and_code(response) == (400, "BAD_USER_INPUT")


async def test_a_query_by_get_takes_its_variables_from_the_address(client: httpx2.AsyncClient) -> None:
    params = {"query": "query ($t: String!) { echo(text: $t) }", "variables": '{"t": "é"}'}
    assert (await client.get("/graphql", params=params)).json()["data"] == {"echo": "é"}


async def test_the_longest_body_is_taken_and_one_byte_more_is_413(client: httpx2.AsyncClient) -> None:
    body = b'{"query": "{ __typename }"}'
    fits = body + b" " * (256 * 1024 - len(body))
    assert (await client.post("/graphql", content=fits, headers=JSON)).json()["data"] == {"__typename": "Query"}
    response = await client.post("/graphql", content=fits + b" ", headers=JSON)
    assert status_and_code(response) == (413, "BAD_USER_INPUT")


@pytest.mark.parametrize("length", ["262145", "9" * 5000])
async def test_a_body_that_announces_too_much_is_not_read_at_all(client: httpx2.AsyncClient, length: str) -> None:
    async def unread() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    response = await client.post("/graphql", content=unread(), headers=JSON | {"content-length": length})
    assert status_and_code(response) == (413, "BAD_USER_INPUT")


async def test_a_body_of_unknown_length_is_read_no_further_than_its_limit(client: httpx2.AsyncClient) -> None:
    asked = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal asked
        while True:
            asked += 1
            yield b" " * 64 * 1024

    response = await client.post("/graphql", content=endless(), headers=JSON)
    assert status_and_code(response) == (413, "BAD_USER_INPUT")
    assert asked == 5
