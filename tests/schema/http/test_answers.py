"""Every answer has the type the client accepts, the status of its kind, and a request id; faults stay ours."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from structlog.testing import capture_logs

from tests.schema.http.tiny_graph import client_of, status_and_code, tiny_app

pytestmark = pytest.mark.anyio

NEW = "application/graphql-response+json"
OLD = "application/json"


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(tiny_app()) as client:
        yield client


@pytest.mark.parametrize(
    ("accept", "media_type", "refused_document"),
    [
        (NEW, NEW, 400),
        (OLD, OLD, 200),
        (f"{NEW}, {OLD};q=0.9", NEW, 400),
        (f"{OLD}, {NEW}", NEW, 400),
        (f"{OLD}, {NEW};q=0.5", OLD, 400),
        (f"{NEW};q=0, {OLD}", OLD, 200),
        ("*/*", OLD, 400),
        ("", OLD, 400),
        ("image/png", OLD, 400),
        ("text/*;q=high", OLD, 400),
    ],
)
async def test_the_client_gets_the_type_it_accepts(
    client: httpx2.AsyncClient, accept: str, media_type: str, refused_document: int
) -> None:
    good = await client.post("/graphql", json={"query": "{ __typename }"}, headers={"accept": accept})
    bad = await client.post("/graphql", json={"query": "{"}, headers={"accept": accept})
    malformed = await client.post("/graphql", json=[], headers={"accept": accept})
    assert [r.headers["content-type"] for r in (good, bad, malformed)] == [f"{media_type}; charset=utf-8"] * 3
    assert [r.status_code for r in (good, bad, malformed)] == [200, refused_document, 400]


async def test_an_answer_is_for_its_asker_only_and_has_an_id_of_its_own(client: httpx2.AsyncClient) -> None:
    answers = [await client.post("/graphql", json={"query": "{ __typename }"}) for _ in range(2)]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 2
    assert len({answer.headers["x-request-id"] for answer in answers}) == 2


async def test_a_long_answer_is_compressed_and_a_short_one_is_not(client: httpx2.AsyncClient) -> None:
    query = "query ($t: String!) { echo(text: $t) }"
    long = await client.post("/graphql", json={"query": query, "variables": {"t": "a" * 5000}})
    short = await client.post("/graphql", json={"query": query, "variables": {"t": "a"}})
    assert long.headers["content-encoding"] == "gzip"
    assert long.json()["data"]["echo"] == "a" * 5000
    assert "content-encoding" not in short.headers


async def test_a_fault_of_ours_says_nothing_but_its_id_and_is_logged_under_it(client: httpx2.AsyncClient) -> None:
    with capture_logs() as logs:
        response = await client.post("/graphql", json={"query": "{ broken }"})
    request_id = response.headers["x-request-id"]
    assert response.status_code == 500
    (error,) = response.json()["errors"]
    assert error["message"] == "Internal error"
    assert error["extensions"] == {"code": "INTERNAL", "requestId": request_id}
    assert "hunter2" not in response.text
    (entry,) = logs
    assert (entry["event"], entry["request_id"]) == ("request_failed", request_id)
    assert str(entry["exc_info"]) == "the password is hunter2"


async def test_what_could_be_answered_is_answered_beside_a_fault(client: httpx2.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ broken branch { code } }"})
    assert response.json()["data"] == {"broken": None, "branch": {"code": "LIS"}}
    assert status_and_code(response) == (200, "INTERNAL")
    assert response.json()["errors"][0]["path"] == ["broken"]


async def test_a_database_that_is_gone_is_503_and_tells_no_address(client: httpx2.AsyncClient) -> None:
    with capture_logs() as logs:
        response = await client.post("/graphql", json={"query": "{ unavailable }"})
    assert status_and_code(response) == (503, "UNAVAILABLE")
    assert "10.0.0.7" not in response.text
    assert [entry["reason"] for entry in logs] == ["PostgreSQL at 10.0.0.7 does not answer."]


async def test_when_the_database_goes_the_outcome_is_unknown_and_repeating_is_safe(client: httpx2.AsyncClient) -> None:
    (error,) = (await client.post("/graphql", json={"query": "{ unavailable }"})).json()["errors"]
    assert error["message"] == (
        "Carnet cannot reach its database, so the outcome is unknown. "
        "Try again shortly; the same request with the same idempotency key is safe to repeat."
    )


@pytest.mark.parametrize(
    ("field", "code", "message"),
    [
        ("forbidden", "FORBIDDEN", "You may not do that here: openBranch needs the role OWNER for the branch."),
        ("outOfRange", "BAD_USER_INPUT", "`first` is at most 100."),
        (
            "mismatched",
            "IDEMPOTENCY_MISMATCH",
            "The idempotency key 'key-0001' was used with another input. Send a new key for a new act.",
        ),
    ],
)
async def test_a_refusal_of_a_field_has_its_code_and_is_nobodys_fault(
    client: httpx2.AsyncClient, field: str, code: str, message: str
) -> None:
    with capture_logs() as logs:
        response = await client.post("/graphql", json={"query": f"{{ {field} }}"})
    assert status_and_code(response) == (200, code)
    assert response.json()["data"] == {field: None}
    assert response.json()["errors"][0]["message"] == message
    # Nothing is open here to write a denial to, which changes nothing about its answer.
    denied = ["denied", "a denial could not be written down"] if code == "FORBIDDEN" else []
    assert [log["event"] for log in logs] == denied
