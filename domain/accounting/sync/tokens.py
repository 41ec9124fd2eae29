"""Keeps the tokens of a connection: one process at a time fetches new ones, and stores them before they are used."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from domain.accounting.connectors.http import Http, Unanswered
from domain.accounting.connectors.oauth import Client, refresh
from domain.accounting.sync import secrets_store as store
from domain.kernel import clock
from domain.kernel.db import retrying

_ACCESS, _REFRESH = "accessToken", "refreshToken"
_EARLY = timedelta(seconds=60)
_AT_MOST = timedelta(seconds=90)
"""Longer than a call may take: whoever fetches and is not heard of any more has died."""
_LOOK_AGAIN = timedelta(milliseconds=200)


class KeptTokens:
    """The Tokens of one connection; refresh tokens rotate, and the newest is kept besides the first one."""

    def __init__(self, connection_id: str, client: Client, http: Http) -> None:
        self._connection_id, self._client, self._http = connection_id, client, http
        self._known: store.Secrets | None = None

    async def current(self) -> str:
        """An access token that should be good; raises Revoked, Unreached or Unanswered."""
        known = self._known or await store.secrets(self._connection_id)
        if not _good(known):
            return await self.renewed(known.token.get(_ACCESS, ""))
        self._known = known
        return known.token[_ACCESS]

    async def renewed(self, refused: str) -> str:
        """Another than the one that was refused, which somebody may have fetched meanwhile; raises the same."""
        deadline = clock.now() + _AT_MOST
        while clock.now() <= deadline:
            known = self._known = await store.secrets(self._connection_id)
            if _good(known) and known.token[_ACCESS] != refused:
                return known.token[_ACCESS]
            until = clock.now() + _AT_MOST
            if await retrying(partial(self._may_fetch, until)):
                return await self._fetched(refused, until)
            await asyncio.sleep(_LOOK_AGAIN.total_seconds())
        raise Unanswered("somebody else is fetching tokens and does not come to an end")

    async def _may_fetch(self, until: datetime) -> bool:
        return await store.take_refreshing(self._connection_id, clock.now(), until)

    async def _fetched(self, refused: str, until: datetime) -> str:
        known = await store.secrets(self._connection_id)
        if _good(known) and known.token[_ACCESS] != refused:
            await retrying(lambda: store.end_refreshing(self._connection_id, until))
            return known.token[_ACCESS]
        try:
            grant = await refresh(
                self._http, self._client, known.token.get(_REFRESH) or known.credentials.get(_REFRESH, "")
            )
        except Exception:
            await retrying(lambda: store.end_refreshing(self._connection_id, until))
            raise
        token = {_ACCESS: grant.access_token, _REFRESH: grant.refresh_token}
        expires_at = clock.now() + grant.good_for
        kept = await retrying(lambda: store.keep_token(self._connection_id, until, token, expires_at))
        self._known = store.Secrets(known.credentials, token, expires_at) if kept else None
        return grant.access_token


def _good(known: store.Secrets) -> bool:
    expires_at = known.token_expires_at
    return bool(known.token.get(_ACCESS)) and expires_at is not None and clock.now() + _EARLY < expires_at
