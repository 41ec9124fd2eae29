"""A call goes to the address that was looked at, at every connection anew, and never where it is led to."""

from collections.abc import AsyncIterator, Iterator, Sequence

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.accounting.connectors import http
from domain.accounting.connectors.http import Unreached
from domain.kernel import addresses
from tests.fakes.serving import served
from workers.addresses import Guard
from workers.calls import Calls

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def loopback_allowed() -> Iterator[None]:
    """As in development."""
    addresses.allow(["127.0.0.1"])
    yield
    addresses.allow([])


@pytest.fixture
async def calls() -> AsyncIterator[Calls]:
    calls = Calls(Guard())
    yield calls
    await calls.close()


class Inside:
    """A server in our own network, which tells who asked for what."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.app = Starlette(routes=[Route("/secret", self.secret), Route("/away", self.away)])

    async def secret(self, request: Request) -> Response:
        self.asked.append(request.headers["host"])
        return PlainTextResponse("secret")

    async def away(self, _request: Request) -> Response:
        return RedirectResponse("/secret", 307)


async def test_a_name_that_means_something_else_the_second_time_is_not_followed_there(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, meanings = Inside(), ["8.8.8.8", "127.0.0.2"]

    async def look_up(_name: str) -> Sequence[str]:
        return [meanings.pop(0)]

    monkeypatch.setattr(addresses, "look_up", look_up)
    async with served(inside.app) as url:
        port = url.rpartition(":")[2]
        await addresses.check_url(f"https://rebinding.example:{port}/secret")  # as it is saved
        with pytest.raises(Unreached, match=r"leads to rebinding.example, which is not on the public"):
            await calls.call(http.Request("GET", f"http://rebinding.example:{port}/secret"))

    assert (inside.asked, meanings) == ([], [])


async def test_the_name_is_looked_up_once_for_a_call_and_the_address_is_called(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, meanings = Inside(), ["127.0.0.1"]

    async def look_up(_name: str) -> Sequence[str]:
        return [meanings.pop(0)]

    monkeypatch.setattr(addresses, "look_up", look_up)
    async with served(inside.app) as url:
        port = url.rpartition(":")[2]
        answer = await calls.call(http.Request("GET", f"http://allowed.example:{port}/secret"))

    assert (answer.body, inside.asked) == (b"secret", [f"allowed.example:{port}"])


async def test_a_redirect_is_an_answer_and_not_followed(calls: Calls) -> None:
    inside = Inside()
    async with served(inside.app) as url:
        answer = await calls.call(http.Request("GET", f"{url}/away"))

    assert (answer.status, inside.asked) == (307, [])


@pytest.mark.parametrize("host", ["2130706434", "0x7f.0.0.2", "0177.0.0.2", "127.2", "[::ffff:7f00:2]", "[::1]"])
async def test_an_address_in_disguise_is_not_called(calls: Calls, host: str) -> None:
    inside = Inside()
    async with served(inside.app) as url:
        with pytest.raises(Unreached, match=r"not on the public internet|Invalid IPv4"):
            await calls.call(http.Request("GET", f"http://{host}:{url.rpartition(':')[2]}/secret"))

    assert inside.asked == []


async def test_proxies_of_the_environment_are_not_used(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = Inside()
    async with served(inside.app) as url:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        own = Calls(Guard())
        answer = await own.call(http.Request("GET", f"{url}/secret"))
        await own.close()

    assert answer.body == b"secret"
