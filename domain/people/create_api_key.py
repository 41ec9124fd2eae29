"""Creates a key by which an integration signs in."""

from dataclasses import dataclass, replace
from secrets import token_urlsafe

from domain.kernel.access import Scope
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.ids import new_id
from domain.people import store
from domain.people.rules import KEY_PREFIX, hashed


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """A key with a name to recognise it by and the scopes it is trusted with."""

    name: str
    scopes: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class ApiKeyCreated:
    """The key may be used from now on; the secret is known to this one answer and to nobody later."""

    api_key_id: str
    secret: str | None


@act
async def create_api_key(work: Work, command: CreateApiKey) -> ApiKeyCreated:
    """An integration gets a key of its own. Only a hash of the secret is kept. Refuses InvalidInput."""
    work.authorise(None)
    checks = Checks()
    name = checks.required(command.name, 120, "name")
    checks.that(bool(command.scopes), "A key needs at least one scope.", "scopes")
    checks.passed()
    scopes = tuple(scope for scope in Scope if scope in command.scopes)
    key = store.ApiKey(new_id("key"), name, scopes, created_at=work.now, revoked_at=None)
    outcome = ApiKeyCreated(key.id, KEY_PREFIX + token_urlsafe(32))
    await store.insert_api_key(work, key, hashed(outcome.secret or ""))
    await record(work, Recorded(replace(outcome, secret=None)))
    return outcome
