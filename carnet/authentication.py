"""Turns a bearer token or an API key into the actor it stands for, as the database knows him now."""

from domain.kernel.access import Actor, Principal
from domain.kernel.errors import Unauthenticated
from domain.people.rules import KEY_PREFIX, hashed
from domain.people.store import load_api_key, load_customer, load_integration, load_staff
from schema.token_settings import TokenSettings
from schema.tokens import TokenVerifier

_LOAD = {
    Principal.STAFF: load_staff,
    Principal.CUSTOMER: load_customer,
    Principal.INTEGRATION: load_api_key,
}


class Authentication:
    """Asked once for each request; roles and revocations count from the moment they are written."""

    def __init__(self, settings: TokenSettings) -> None:
        self._verifier = TokenVerifier(settings)

    async def __call__(self, credentials: str) -> Actor:
        """The actor; raises Unauthenticated when the credentials are nobody's."""
        if credentials.startswith(KEY_PREFIX):
            actor = await load_integration(hashed(credentials))
        else:
            claims = await self._verifier.verify(credentials)
            actor = await _LOAD[claims.kind](claims.chain_id, claims.subject)
        if actor is None:
            raise Unauthenticated("The credentials are of nobody who may sign in.")
        return actor


async def as_known_now(kind: Principal, chain_id: str, principal_id: str) -> Actor:
    """A principal that signed in before, with what it may now: nothing where it may sign in no more."""
    return await _LOAD[kind](chain_id, principal_id) or Actor(kind, principal_id, chain_id)
