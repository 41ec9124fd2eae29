"""A refused request leaves its connection fit for the next one."""

import http.client
import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import pytest

from tests.schema.http.serving import served
from tests.schema.http.tiny_graph import tiny_app

GOOD = b'{"query": "{ __typename }"}'


@pytest.fixture(params=["httptools", "h11"])
def connection(request: pytest.FixtureRequest) -> Iterator[http.client.HTTPConnection]:
    server: Literal["httptools", "h11"] = request.param
    with served(tiny_app(), server) as (host, port):
        connection = http.client.HTTPConnection(host, port, timeout=10)
        connection.connect()
        yield connection
        connection.close()


def post(connection: http.client.HTTPConnection, body: bytes | Iterable[bytes], **headers: str) -> tuple[int, Any]:
    """The status and the JSON of the answer, on this very connection."""
    chunked = not isinstance(body, bytes)
    headers = {"content-type": "application/json", "authorization": "Bearer ana"} | headers
    connection.request("POST", "/graphql", body, headers, encode_chunked=chunked)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b" " * 2_000_000, {}, 413, id="2 MB"),
        pytest.param([b" " * 65_536] * 30, {"transfer-encoding": "chunked"}, 413, id="2 MB in chunks"),
        pytest.param(b" " * 200_000, {"authorization": "Bearer nobody"}, 401, id="a long body of nobody"),
        pytest.param(b" " * 200_000, {"content-type": "text/plain"}, 415, id="a long text"),
        pytest.param(b"{", {}, 400, id="half an object"),
    ],
)
def test_the_next_request_on_the_connection_is_answered(
    connection: http.client.HTTPConnection, body: bytes | list[bytes], headers: dict[str, str], status: int
) -> None:
    socket = connection.sock
    for _ in range(2):
        refused, answer = post(connection, body, **headers)
        assert (refused, "data" in answer) == (status, False)
        assert post(connection, GOOD)[1]["data"] == {"__typename": "Query"}
    assert connection.sock is socket
