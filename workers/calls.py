"""Carries the calls of connectors and webhooks over HTTP: to addresses that may be reached, and nowhere else.

No redirect is followed, no proxy of the environment is used, and an answer may neither last nor grow without end.
"""

import asyncio
import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import httpcore2
import httpx2

from domain.accounting.connectors.http import LARGE, Request, Response, Unanswered, Unreached

_SURELY_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.InvalidURL,
)
_CANNOT_BE_WRITTEN = (httpx2.LocalProtocolError, UnicodeEncodeError)
_UNWRITTEN = "the address, a key or another header holds characters that cannot be sent"
"""The error itself would tell the header, and that may be a secret."""


class Addresses(Protocol):
    """Which addresses a host stands for, of those that may be called."""

    async def of(self, host: str, port: int, secure: bool) -> Sequence[str]:
        """The addresses to connect to and to no other, at least one; raises Unreached where one may not be called.

        Some may be called only where what is sent is encrypted.
        """
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until a call is given up, and the largest answer that is read, in bytes."""

    connect: float = 5
    silence: float = 30
    whole: float = 60
    largest: int = LARGE


class Calls:
    """Http over connections that are kept for a while; many calls may be under way at once."""

    def __init__(self, addresses: Addresses, patience: Patience | None = None, *, at_once: int = 20) -> None:
        self._patience = patience or Patience()
        timeout = httpx2.Timeout(self._patience.silence, connect=self._patience.connect)
        self._client = httpx2.AsyncClient(
            transport=_Guarded(addresses, at_once, secure=True),
            mounts={"http://": _Guarded(addresses, at_once, secure=False)},
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            headers=_HEADERS,
        )

    async def call(self, request: Request) -> Response:
        """The response; raises Unreached where surely nothing was sent, and Unanswered else."""
        try:
            async with asyncio.timeout(self._patience.whole):
                return await self._call(request)
        except _CANNOT_BE_WRITTEN:
            raise Unreached(_UNWRITTEN) from None
        except _SURELY_NOT_SENT as error:
            raise Unreached(_words(error)) from error
        except (httpx2.HTTPError, TimeoutError) as error:
            raise Unanswered(_words(error)) from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _call(self, request: Request) -> Response:
        outgoing = self._client.stream(
            request.method, request.url, headers=dict(request.headers), content=request.body or None
        )
        async with outgoing as response:
            body, largest = bytearray(), min(request.largest, self._patience.largest)
            async for part in response.aiter_bytes():
                body += part
                if len(body) > largest:
                    raise Unanswered("the answer is larger than any that is read")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Response(response.status_code, headers, bytes(body))


_HEADERS = {"user-agent": "Carnet", "accept-encoding": "identity"}


@cache
def _certificates() -> ssl.SSLContext:
    """Whom we believe; reading them takes a while."""
    return httpx2.create_ssl_context(trust_env=False)


class _Guarded(httpx2.AsyncHTTPTransport):
    """Connects through the guard; a connection that has been idle is not trusted for long."""

    def __init__(self, addresses: Addresses, at_once: int, *, secure: bool) -> None:
        super().__init__(verify=_certificates(), trust_env=False)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=_certificates(),
            max_connections=at_once,
            max_keepalive_connections=at_once,
            keepalive_expiry=4,
            network_backend=_Guard(addresses, secure),
        )


class _Guard(httpcore2.AnyIOBackend):
    """Connects to the addresses that were checked, never to a name; certificates are still checked by the name."""

    def __init__(self, addresses: Addresses, secure: bool) -> None:
        self._addresses, self._secure = addresses, secure

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        failed: Exception = Unreached(f"{host} has no address")
        for address in await self._of(host, port, timeout):
            try:
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed

    async def _of(self, host: str, port: int, seconds: float | None) -> Sequence[str]:
        try:
            async with asyncio.timeout(seconds):
                return await self._addresses.of(host, port, self._secure)
        except TimeoutError as error:
            raise Unreached(f"the name {host} was not resolved in time") from error


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
