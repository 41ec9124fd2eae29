"""Access tokens of OAuth: where a connector gets them, and how one is refreshed."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol
from urllib.parse import quote_plus, urlencode

from domain.accounting.connectors import exact
from domain.accounting.connectors.http import Http, Request, Response, Unanswered, Unreached

_A_DAY = 86_400
"""Whatever is told, a token is renewed after so many seconds."""


class Revoked(Exception):
    """Neither the access token nor the refresh token is good any more: a person has to connect again."""


@dataclass(frozen=True, slots=True)
class Client:
    """Carnet as the other system knows it, and where it hands out tokens."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a refresh gave; the refresh token is often a new one, and must be stored before anything is used."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    good_for: timedelta


class Tokens(Protocol):
    """The tokens of a connection; whoever keeps them lets one refresh at a time, and stores before it hands out."""

    async def current(self) -> str:
        """An access token that should be good; raises Revoked, Unreached or Unanswered."""
        ...

    async def renewed(self, refused: str) -> str:
        """Another than the one that was refused, which somebody may have fetched meanwhile; raises the same."""
        ...


async def refresh(http: Http, client: Client, refresh_token: str) -> Grant:
    """New tokens for the refresh token; raises Revoked, Unreached or Unanswered.

    After Unanswered the same refresh token is to be tried again: both Xero and QuickBooks let a spent one be used
    once more for a while, for just this case.
    """
    response = await http.call(_refreshing(client, refresh_token))
    told = exact.table(exact.told(response.body))
    if 200 <= response.status < 300:
        return _grant(told, refresh_token)
    if 400 <= response.status < 500 and response.status not in (408, 429):
        raise Revoked(str(told.get("error_description") or told.get("error") or f"it answered {response.status}"))
    raise Unanswered(f"tokens cannot be refreshed now, it answered {response.status}")


async def call(http: Http, tokens: Tokens, request: Request) -> Response:
    """The response to the request with a good token: refused once, it is sent again with a new one.

    A request that was refused for its token was surely not taken. No token, no request: then nothing was sent.
    """
    token = await _token(tokens, None)
    response = await http.call(_bearing(request, token))
    if response.status == 401:
        token = await _token(tokens, token)
        response = await http.call(_bearing(request, token))
    return response


async def _token(tokens: Tokens, refused: str | None) -> str:
    try:
        return await (tokens.current() if refused is None else tokens.renewed(refused))
    except Unanswered as error:
        raise Unreached(str(error)) from error


def _refreshing(client: Client, refresh_token: str) -> Request:
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers = {
        "authorization": "Basic " + b64encode(pair.encode()).decode(),
        "content-type": "application/x-www-form-urlencoded",
        "accept": "application/json",
    }
    body = urlencode({"grant_type": "refresh_token", "refresh_token": refresh_token})
    return Request("POST", client.token_url, headers, body.encode())


def _grant(told: Mapping[str, object], refresh_token: str) -> Grant:
    access, seconds = told.get("access_token"), told.get("expires_in")
    if not isinstance(access, str) or not access or not isinstance(seconds, int):
        raise Unanswered("the answer to the refresh has no token")
    good_for = timedelta(seconds=max(0, min(seconds, _A_DAY)))
    return Grant(access, str(told.get("refresh_token") or refresh_token), good_for)


def _bearing(request: Request, token: str) -> Request:
    return replace(request, headers={**request.headers, "authorization": f"Bearer {token}"})
