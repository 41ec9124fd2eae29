"""Revokes a key of an integration."""

from dataclasses import dataclass

from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.people import store
from domain.people.errors import AlreadyRevoked


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """The key to revoke."""

    api_key_id: str


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked:
    """The key may be used no more."""

    api_key_id: str


@act
async def revoke_api_key(work: Work, command: RevokeApiKey) -> ApiKeyRevoked:
    """A key ends at once and for ever; what was done with it stays. Refuses NotFound, AlreadyRevoked."""
    work.authorise(None)
    key = await store.lock_api_key(work, command.api_key_id)
    if key is None:
        raise NotFound("API key", command.api_key_id, "apiKeyId")
    if key.revoked_at is not None:
        raise AlreadyRevoked(key.id, key.revoked_at)
    await store.revoke(work, key.id)
    outcome = ApiKeyRevoked(key.id)
    await record(work, Recorded(outcome))
    return outcome
