"""One document may ask for so much and no more, however its fragments hide it."""

import time
from collections.abc import AsyncIterator

import httpx2
import pytest
from graphql import get_introspection_query

from schema.documents import prepare
from schema.errors import DocumentRefused
from tests.schema.http.tiny_graph import TINY, client_of, tiny_app

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(tiny_app()) as client:
        yield client


def nested(depth: int) -> str:
    return "{ branch " + "{ parent " * (depth - 2) + "{ code }" + " }" * (depth - 1)


def aliased(count: int) -> str:
    return "{ branch { " + " ".join(f"a{n}: code" for n in range(count)) + " } }"


def directed(count: int) -> str:
    return "{ branch { " + "... { code @skip(if: false) } " * count + "} }"


def repeated(count: int) -> str:
    return "{ branch { " + "parent { code } " * count + "} }"


def spread(count: int) -> str:
    return "{" + "... { " * count + "__typename" + " }" * count + "}"


def tokens(count: int) -> str:
    return "{ nodes(ids: [" + '"a" ' * (count - 12) + "]) { code } }"


def commented(count: int) -> str:
    return "# why\n" * count + "{ __typename }"


@pytest.mark.parametrize(
    ("within", "beyond", "code"),
    [
        pytest.param(nested(10), nested(11), "QUERY_TOO_DEEP", id="depth"),
        pytest.param(nested(10), nested(100), "QUERY_TOO_DEEP", id="great depth"),
        pytest.param(nested(10), "{a" * 20_000, "QUERY_TOO_DEEP", id="a depth that no parser bears"),
        pytest.param(
            "{ ...A } fragment A on Query " + nested(10),
            "{ ...A } fragment A on Query " + nested(11),
            "QUERY_TOO_DEEP",
            id="depth in a fragment",
        ),
        pytest.param(spread(48), spread(49), "QUERY_TOO_DEEP", id="fragments in fragments"),
        pytest.param(aliased(30), aliased(31), "QUERY_TOO_COSTLY", id="aliases"),
        pytest.param(
            "{" + "branch { code }" * 10 + "}", "{" + "branch { code }" * 11 + "}", "QUERY_TOO_COSTLY", id="roots"
        ),
        pytest.param(
            "{ ...A ...A } fragment A on Query {" + "__typename " * 5 + "}",
            "{ ...A ...A ...A } fragment A on Query {" + "__typename " * 5 + "}",
            "QUERY_TOO_COSTLY",
            id="root fields in a fragment",
        ),
        pytest.param(directed(50), directed(51), "QUERY_TOO_COSTLY", id="directives"),
        pytest.param(repeated(10), repeated(11), "QUERY_TOO_COSTLY", id="repetitions"),
        pytest.param(tokens(1000), tokens(1001), "QUERY_TOO_COSTLY", id="tokens"),
        pytest.param(commented(200), commented(201), "QUERY_TOO_COSTLY", id="comments"),
        pytest.param(
            "{" + '__type(name: "A") { name }' * 2 + "}",
            "{" + '__type(name: "A") { name }' * 3 + "}",
            "QUERY_TOO_COSTLY",
            id="introspections",
        ),
    ],
)
async def test_what_is_at_the_limit_passes_and_one_more_does_not(
    client: httpx2.AsyncClient, within: str, beyond: str, code: str
) -> None:
    assert "errors" not in (await client.post("/graphql", json={"query": within})).json()
    response = await client.post("/graphql", json={"query": beyond})
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == [code]
    assert response.status_code == 400


async def test_the_introspection_of_the_tools_passes(client: httpx2.AsyncClient) -> None:
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    response = await client.post("/graphql", json={"query": query})
    assert "errors" not in response.json()


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(
            "{ __schema { " + "types { fields { type { " * 3 + "name" + " } } }" * 3 + " } }", id="in circles"
        ),
        pytest.param("{ __schema { types { " + "ofType { " * 15 + "name" + " }" * 15 + " } } }", id="too deep"),
    ],
)
async def test_introspection_has_its_own_bounds(client: httpx2.AsyncClient, query: str) -> None:
    response = await client.post("/graphql", json={"query": query})
    assert response.status_code == 400
    assert "data" not in response.json()


def chained(links: int, spreads: int = 10) -> str:
    """Spread out, this chain of fragments has spreads ** links fields."""
    chain = "".join(f"fragment F{n} on Branch {{ {f'...F{n + 1} ' * spreads} }} " for n in range(links))
    return f"{{ branch {{ ...F0 }} }} {chain} fragment F{links} on Branch {{ a: code }}"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(chained(20), id="a chain of fragments"),
        pytest.param(chained(70, 2), id="a longer chain than is followed"),
        pytest.param(chained(20).replace("...F7 ", "parent { ...F7 } "), id="a chain with fields in it"),
        pytest.param("{ branch { ...A } } fragment A on Branch { ...A ...A }", id="a fragment in itself"),
        pytest.param(
            "{ branch { ...A } } fragment A on Branch { parent { ...B ...B } } "
            "fragment B on Branch { parent { ...A ...A } }",
            id="two fragments in each other",
        ),
    ],
)
def test_a_query_that_grows_exponentially_is_refused_in_no_time(query: str) -> None:
    fastest = 1.0
    for _ in range(3):
        started = time.process_time()
        with pytest.raises(DocumentRefused):
            prepare(TINY, query)
        fastest = min(fastest, time.process_time() - started)
    assert fastest < 0.05


def test_a_harmless_chain_of_fragments_is_priced_in_no_time() -> None:
    query = chained(20, 2).replace("a: code", "visits(first: $n) { nodes { code } }")
    started = time.process_time()
    cost = prepare(TINY, query.replace("{", "query ($n: Int!) {", 1)).operation(None).cost.given({"n": 3})
    assert cost == 1 + 2**20 * (1 + 3)
    assert time.process_time() - started < 0.2


def test_a_document_is_prepared_once() -> None:
    assert prepare(TINY, "{ branch { code } }") is prepare(TINY, "{ branch { code } }")
