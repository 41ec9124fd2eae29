"""An app may send the digest of a document of its manifest instead of the document."""

import httpx2
import pytest

from tests.schema.http.tiny_graph import PERSISTED, client_of, status_and_code, tiny_app

pytestmark = pytest.mark.anyio

(DIGEST,) = PERSISTED


@pytest.mark.parametrize(
    "sent",
    [
        {"documentId": DIGEST},
        {"documentId": f"sha256:{DIGEST}"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}},
    ],
)
async def test_a_document_of_the_manifest_is_carried_out(sent: dict[str, object]) -> None:
    async with client_of(tiny_app()) as client:
        response = await client.post("/graphql", json=sent)
    assert response.json()["data"] == {"branch": {"code": "LIS"}}


async def test_a_get_may_name_it_too() -> None:
    async with client_of(tiny_app()) as client:
        response = await client.get("/graphql", params={"documentId": DIGEST})
    assert response.json()["data"] == {"branch": {"code": "LIS"}}


async def test_a_document_that_the_manifest_lacks_is_not_found() -> None:
    async with client_of(tiny_app()) as client:
        response: httpx2.Response = await client.post("/graphql", json={"documentId": "0" * 64})
    assert status_and_code(response) == (400, "PERSISTED_QUERY_NOT_FOUND")


async def test_a_persisted_document_needs_a_token_like_any_other() -> None:
    async with client_of(tiny_app(), name=None) as client:
        response = await client.post("/graphql", json={"documentId": DIGEST})
    assert status_and_code(response) == (401, "UNAUTHENTICATED")
