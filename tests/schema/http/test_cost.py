"""What a query costs is known before it runs, from its document and its variables."""

import pytest
from graphql import GRAPHQL_MAX_INT

from schema.documents import prepare
from tests.schema.http.tiny_graph import OPENED, TINY, client_of, status_and_code, tiny_app

pytestmark = pytest.mark.anyio


def cost(query: str, **variables: object) -> int:
    return prepare(TINY, query).operation(None).cost.given(variables)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ __typename }", 0),
        ('{ echo(text: "a") }', 0),
        ("{ branch { code } }", 1),
        ("{ branch { parent { code } } }", 2),
        ("{ branch { plan { parent { code } } } }", 1 + 10 + 1),
        ("{ branches { code } }", 20),
        ("{ branches(first: 5) { code } }", 5),
        ("{ branches(first: 0) { code } }", 0),
        ("{ branches(first: -5) { code } }", 0),
        ("{ branches(first: 5) { parent { code } } }", 10),
        ("{ branches(first: 5) { rooms { code } } }", 5 * (1 + 10)),
        ("{ branch { visits { nodes { code } } } }", 1 + 1 + 20),
        ("{ branch { visits(first: 3) { nodes { code } } } }", 1 + 1 + 3),
        ("{ branch { visits(last: 3) { nodes { code } } } }", 1 + 1 + 3),
        ("{ branch { visits(first: 3) { ...N } } } fragment N on Visits { nodes { code } }", 1 + 1 + 3),
        ('{ nodes(ids: ["a", "b", "c"]) { code } }', 3),
        ('{ nodes(ids: "a") { code } }', 1),
        ("{ things(ids: 7000) { code } }", 1),
        ('{ __type(name: "Branch") { name } }', 1000),
        ("{ ... on Query { branch { code } } ... { branch { code } } }", 2),
        ('mutation { openBranch(code: "LIS") { code } }', 10 + 1),
        ('mutation { a: openBranch(code: "A") { code } b: openBranch(code: "B") { code } }', 20 + 2),
        ('mutation { ...M } fragment M on Mutation { a: openBranch(code: "A") { code } }', 10 + 1),
    ],
)
def test_an_object_costs_1_a_list_its_length_and_a_mutation_10(query: str, expected: int) -> None:
    assert cost(query) == expected


def test_a_length_may_come_from_a_variable_its_default_or_the_schema() -> None:
    query = "query ($n: Int) { branches(first: $n) { parent { code } } }"
    assert cost(query, n=7) == 14
    assert cost(query) == 40
    assert cost(query, n=None) == 40
    assert cost(query.replace("$n: Int", "$n: Int = 3")) == 6
    assert cost("query ($ids: [String!]!) { nodes(ids: $ids) { code } }", ids=["a", "b"]) == 2


@pytest.mark.parametrize("wrong", ["7", 7.5, {"n": 7}])
def test_a_variable_that_is_no_length_is_left_to_coercion(wrong: object) -> None:
    assert cost("query ($n: Int) { branches(first: $n) { code } }", n=wrong) == 20


def test_a_whole_number_counts_however_json_writes_it() -> None:
    query = "query ($n: Int = 1) { branches(first: $n) { code } }"
    assert cost(query, n=100.0) == 100
    assert cost(query, n=-1.0) == 0
    assert cost(query, n=1e300) == GRAPHQL_MAX_INT


def test_one_alone_for_a_list_counts_as_1() -> None:
    assert cost("query ($ids: [String!]!) { nodes(ids: $ids) { code } }", ids="a") == 1
    assert cost("query ($ids: [ID!]!) { things(ids: $ids) { code } }", ids=7000) == 1
    assert cost("query ($ids: [ID!]! = 7000) { things(ids: $ids) { code } }") == 1


def test_null_asks_for_what_the_field_gives_by_itself_whatever_the_variable_defaults_to() -> None:
    query = "query ($n: Int = 1) { branches(first: $n) { code } }"
    assert cost(query) == 1
    assert cost(query, n=None) == 20
    assert cost("query ($n: Int = null) { branch { visits(last: $n) { nodes { code } } } }") == 1 + 1 + 20
    assert cost("{ branch { visits(last: null) { nodes { code } } } }") == 1 + 1 + 20


def test_beside_a_null_the_other_end_says_how_many() -> None:
    query = "query ($n: Int = 1) { branch { visits(first: $n, last: 100) { nodes { code } } } }"
    assert cost(query, n=None) == 1 + 1 + 100
    assert cost(query, n=3) == 1 + 1 + 3


def test_lists_in_lists_multiply() -> None:
    query = "query ($n: Int!, $m: Int!) { branches(first: $n) { visits(first: $m) { nodes { parent { code } } } } }"
    assert cost(query, n=10, m=20) == 10 * (1 + 1 + 20 * (1 + 1))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ branches(first: %s) { code } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int = %s) { branches(first: $n) { code } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($id: ID = %s) { thing(id: $id) }", None),
        ("{ thing(id: %s) }", None),
        ("{ things(ids: %s) { code } }", None),
    ],
)
async def test_a_number_of_5000_digits_is_read_no_further_than_it_matters(query: str, code: str | None) -> None:
    async with client_of(tiny_app(), name="ana") as client:
        response = await client.post("/graphql", json={"query": query % ("9" * 5000)})
    if code is None:
        assert (response.status_code, "errors" in response.json()) == (200, False)
    else:
        assert status_and_code(response) == (400, code)


async def test_a_query_that_costs_too_much_is_refused_and_its_cost_told() -> None:
    query = "query ($n: Int!) { branches(first: $n) { code } }"
    async with client_of(tiny_app(max_cost=50)) as client:
        fits = await client.post("/graphql", json={"query": query, "variables": {"n": 50}})
        costs_more = await client.post("/graphql", json={"query": query, "variables": {"n": 51}})
    assert len(fits.json()["data"]["branches"]) == 3
    assert status_and_code(costs_more) == (400, "QUERY_TOO_COSTLY")
    message = "The query costs 51; at most 50 is allowed. Ask for fewer at a time."
    assert costs_more.json()["errors"][0]["message"] == message


async def test_a_mutation_that_costs_too_much_is_not_carried_out() -> None:
    OPENED.clear()
    async with client_of(tiny_app(max_cost=10)) as client:
        query = 'mutation { openBranch(code: "LIS") { code } }'
        response = await client.post("/graphql", json={"query": query})
    assert status_and_code(response) == (400, "QUERY_TOO_COSTLY")
    assert OPENED == []
