"""The part of a fake that lends access: short access tokens, and refresh tokens that are good for one use.

A refresh token that is spent is good once more as long as what it gave was never used: the answer may have been lost.
"""

from base64 import b64decode
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.accounting.connectors import oauth
from domain.accounting.connectors.http import Http

CLIENT_ID, CLIENT_SECRET = "carnet", "s3cret/with:signs"


@dataclass(slots=True)
class Lender:
    """Lends access, and takes it back when told."""

    issued: int = 0
    access: str = "none yet"
    refresh: str = "refresh-0"
    spent: list[str] = field(default_factory=list)
    used: bool = True
    revoked: bool = False

    def expire(self) -> None:
        """The access token is good no more; the refresh token is."""
        self.access = "expired"

    def revoke(self) -> None:
        """Nothing that was lent is good any more."""
        self.expire()
        self.revoked = True

    def lets_in(self, request: Request) -> bool:
        """Whether the request bears the present access token."""
        fits = request.headers.get("authorization") == f"Bearer {self.access}"
        self.used = self.used or fits
        return fits

    async def token(self, request: Request) -> Response:
        """Answer at the address that hands out tokens."""
        form = parse_qs((await request.body()).decode())
        pair = b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        if pair != "carnet:s3cret%2Fwith%3Asigns":
            return JSONResponse({"error": "invalid_client"}, 401)
        good = {self.refresh} if self.used else {self.refresh, self.spent[-1]}
        (given,) = form.get("refresh_token", [""])
        if form.get("grant_type") != ["refresh_token"] or self.revoked or given not in good:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.spent.append(given)
        self.issued += 1
        self.used = False
        self.access, self.refresh = f"access-{self.issued}", f"refresh-{self.issued}"
        return JSONResponse(
            {"access_token": self.access, "refresh_token": self.refresh, "expires_in": 1800, "token_type": "Bearer"}
        )


class KeptTokens:
    """Tokens as a connection keeps them, in memory."""

    def __init__(self, http: Http, client: oauth.Client, refresh_token: str) -> None:
        self._http, self._client = http, client
        self._access, self._refresh = "", refresh_token

    async def current(self) -> str:
        """The token, fetched when there is none yet."""
        return self._access or await self.renewed("")

    async def renewed(self, refused: str) -> str:
        """Another than the one that was refused."""
        if self._access == refused:
            grant = await oauth.refresh(self._http, self._client, self._refresh)
            self._access, self._refresh = grant.access_token, grant.refresh_token
        return self._access
