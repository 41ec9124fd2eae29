"""The public keys of an OIDC issuer: fetched when first needed, and again when a token names a new one."""

import asyncio
from datetime import datetime, timedelta

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from domain.kernel.clock import now
from domain.kernel.errors import Unavailable

REFETCH_AFTER = timedelta(minutes=1)
RETRY_AFTER = timedelta(seconds=5)
TIMEOUT = 5.0


class IssuerKeys:
    """One issuer's JWKS; a token with an unknown key makes us ask at most once a minute."""

    def __init__(self, url: str, http: httpx2.AsyncClient) -> None:
        self._url, self._http = url, http
        self._keys: KeySet | None = None
        self._not_before: datetime | None = None
        self._fetching = asyncio.Lock()

    async def including(self, kid: str | None) -> KeySet:
        """The issuer's keys, fresh if this one is unknown; raises Unavailable when there are none."""
        if not self._knows(kid):
            async with self._fetching:
                if not self._knows(kid) and (self._not_before is None or now() >= self._not_before):
                    await self._fetch()
        if self._keys is None:
            raise Unavailable("The issuer's keys cannot be read.")
        return self._keys

    def _knows(self, kid: str | None) -> bool:
        return self._keys is not None and (kid is None or any(key.kid == kid for key in self._keys))

    async def _fetch(self) -> None:
        """A failed fetch keeps the keys that are known: an issuer that is down locks nobody out."""
        try:
            response = await self._http.get(self._url, timeout=TIMEOUT)
            self._keys = KeySet.import_key_set(response.raise_for_status().json())
            self._not_before = now() + REFETCH_AFTER
        except (httpx2.HTTPError, JoseError, ValueError, TypeError, KeyError):
            self._not_before = now() + RETRY_AFTER
