"""The load client counts whole answers, and stops at the first that is not what was meant."""

import itertools
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.benchmarks.load import BadAnswer, run
from tests.benchmarks.questions import Asked
from tests.schema.http.serving import served

LONG = 200_000
"""Longer than what one read of a socket brings."""


@pytest.fixture
def port() -> Iterator[int]:
    async def answer(_request: Request) -> Response:
        return PlainTextResponse("good" + "." * LONG)

    with served(Starlette(routes=[Route("/", answer)])) as (_, number):
        yield number


def test_every_whole_answer_counts_once(port: int) -> None:
    requests = [Asked("GET", "/", "token").wire() for _ in range(1000)]
    left = iter(requests)

    answered = run(port, left, b"good", seconds=0.1)

    assert answered.requests == len(requests) - len(list(left))
    assert answered.requests >= 8
    assert answered.seconds >= 0.1


@pytest.mark.parametrize(("path", "mark"), [("/", b"better"), ("/nowhere", b"")], ids=["no mark", "404"])
def test_another_answer_than_meant_ends_the_measurement(port: int, path: str, mark: bytes) -> None:
    with pytest.raises(BadAnswer):
        run(port, itertools.repeat(Asked("GET", path, "token").wire()), mark, seconds=5)
