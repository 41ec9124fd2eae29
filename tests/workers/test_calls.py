"""What carries the calls: what surely was not sent, what may have been, and nothing where it must not go."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Sequence

import pytest
from starlette.responses import PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from domain.accounting.connectors.http import LARGE, SMALL, Request, Response, Unanswered, Unreached
from tests.fakes.behaviour import Behaviour, Misbehaving, Mishap
from tests.fakes.serving import served
from tests.fixtures.calling import IMPATIENT, Loopback, calling
from workers.calls import Calls, Patience

pytestmark = pytest.mark.anyio


class Other:
    """An app that keeps what it was asked, and answers with what it was given."""

    def __init__(self, answer: PlainTextResponse | RedirectResponse | StreamingResponse | None = None) -> None:
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self._answer = answer or PlainTextResponse("so it is", headers={"X-Told": "Yes"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["path"], headers, (await receive())["body"]))
        await self._answer(scope, receive, send)


async def test_a_request_goes_out_as_it_is_and_the_response_comes_back() -> None:
    other = Other()
    async with served(other) as url, calling() as http:
        response = await http.call(Request("POST", f"{url}/a?b=c", {"x-own": "1", "content-type": "text/x"}, b"told"))
    assert (response.status, response.headers["x-told"], response.body) == (200, "Yes", b"so it is")
    ((path, headers, body),) = other.asked
    assert (path, body, headers["x-own"], headers["content-type"]) == ("/a", b"told", "1", "text/x")
    assert (headers["user-agent"], headers["accept-encoding"]) == ("Carnet", "identity")


async def test_no_redirect_is_followed_and_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    other = Other(RedirectResponse("http://169.254.169.254/latest/meta-data"))
    async with served(other) as url, calling() as http:
        response = await http.call(Request("GET", url))
    assert (response.status, len(other.asked)) == (307, 1)


async def test_only_addresses_that_were_checked_are_connected_to() -> None:
    class Elsewhere:
        asked: Sequence[tuple[str, int, bool]] = ()

        async def of(self, host: str, port: int, secure: bool) -> Sequence[str]:
            self.asked = [*self.asked, (host, port, secure)]
            return ["127.0.0.2", "127.0.0.1"]

    elsewhere = Elsewhere()
    async with served(Other()) as url:
        port = int(url.rpartition(":")[2])
        calls = Calls(elsewhere, IMPATIENT)
        try:
            response = await calls.call(Request("GET", f"http://books.example.com:{port}/"))
            with pytest.raises(Unreached):
                await calls.call(Request("GET", f"https://books.example.com:{port}/"))
        finally:
            await calls.close()
    assert response.status == 200
    assert elsewhere.asked == [("books.example.com", port, False), ("books.example.com", port, True)]


class _Refusing:
    async def of(self, host: str, port: int, secure: bool) -> Sequence[str]:  # noqa: ARG002
        raise Unreached(f"{host} may not be called")


class _NeverKnowing:
    async def of(self, host: str, port: int, secure: bool) -> Sequence[str]:  # noqa: ARG002
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize(
    ("addresses", "url", "words"),
    [
        (_Refusing(), "http://books.example.com", "books.example.com may not be called"),
        (_NeverKnowing(), "http://books.example.com", "not resolved in time"),
        (Loopback(), "http://books.example.com:1", "."),
        (Loopback(), "ftp://books.example.com", "."),
        (Loopback(), "http://books.example.com:port", "."),
    ],
)
async def test_where_nobody_was_reached_surely_nothing_was_sent(
    addresses: Loopback | _Refusing | _NeverKnowing, url: str, words: str
) -> None:
    calls = Calls(addresses, Patience(connect=0.2))
    with pytest.raises(Unreached, match=words):
        await calls.call(Request("POST", url, body=b"told"))
    await calls.close()


@pytest.mark.parametrize("key", ["s3cret\n", "s3cr\u00e9t", " s3cret"])
async def test_a_key_that_cannot_be_sent_is_not_told_either(key: str) -> None:
    other = Other()
    async with served(other) as url, calling() as http:
        with pytest.raises(Unreached) as raised:
            await http.call(Request("POST", url, {"authorization": key}, b"told"))
    assert "characters that cannot be sent" in str(raised.value)
    assert "s3cr" not in repr((raised.value, raised.value.__cause__))
    assert other.asked == []


@pytest.mark.parametrize("mishap", [Mishap.DROPPED_BEFORE, Mishap.DROPPED_AFTER, Mishap.SILENT_AFTER])
async def test_what_was_sent_and_not_answered_may_have_arrived(mishap: Mishap) -> None:
    behaviour = Behaviour()
    behaviour.then(mishap)
    async with served(Misbehaving(Other(), behaviour)) as url, calling(IMPATIENT) as http:
        with pytest.raises(Unanswered):
            await http.call(Request("POST", url, body=b"told"))


async def test_an_answer_may_neither_grow_nor_last_without_end() -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0)

    small = Patience(largest=1000, whole=30)
    async with served(Other(StreamingResponse(drip()))) as url, calling(small) as http:
        with pytest.raises(Unanswered, match="larger than any"):
            await http.call(Request("GET", url))
    async with served(Other(PlainTextResponse(b"0" * (SMALL + 1)))) as url, calling() as http:
        with pytest.raises(Unanswered, match="larger than any"):
            await http.call(Request("POST", url, body=b"told"))
        assert len((await http.call(Request("GET", url, largest=LARGE))).body) == SMALL + 1
    short = Patience(whole=0.2)
    async with served(Other(StreamingResponse(drip()))) as url, calling(short) as http:
        with pytest.raises(Unanswered):
            await http.call(Request("GET", url))


async def test_an_answer_that_swells_when_it_is_unpacked_is_not_read_to_its_end() -> None:
    bomb = PlainTextResponse(gzip.compress(b"0" * 50_000_000), headers={"content-encoding": "gzip"})
    async with served(Other(bomb)) as url, calling(Patience(largest=1_000_000)) as http:
        with pytest.raises(Unanswered, match="larger than any"):
            await http.call(Request("GET", url))


async def test_many_calls_are_under_way_at_once() -> None:
    together = asyncio.Barrier(20)

    async def meeting(scope: Scope, receive: Receive, send: Send) -> None:
        await together.wait()
        await PlainTextResponse("all here")(scope, receive, send)

    async def one(http: Calls, url: str) -> Response:
        return await http.call(Request("GET", url))

    async with served(meeting) as url, calling() as http:
        responses = await asyncio.gather(*(one(http, url) for _ in range(20)))
    assert {response.body for response in responses} == {b"all here"}
