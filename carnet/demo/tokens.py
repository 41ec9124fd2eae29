"""One ready-made token for each kind of user of the demo, made anew at each start."""

from dataclasses import dataclass
from datetime import timedelta

from carnet.demo.stage import Stage
from domain.kernel.access import Principal, Scope
from domain.kernel.commands import run_command
from domain.people.create_api_key import CreateApiKey
from domain.people.reading import api_keys_page
from domain.people.revoke_api_key import RevokeApiKey
from schema.token_settings import TokenSettings
from schema.tokens import issue

_LIFETIME = timedelta(days=30)
_KEY = "Booking site (a new key whenever the demo starts)"


@dataclass(frozen=True, slots=True)
class DemoTokens:
    """Who they are for, as demo.json names them."""

    owner: str
    manager_lis: str
    manager_mad: str
    frontdesk_lis: str
    accountant: str
    customer: str
    integrator: str
    other_chain_owner: str


async def issue_tokens(settings: TokenSettings, harbour: Stage, thames: Stage) -> DemoTokens:
    """The tokens of both chains' people."""
    return DemoTokens(
        owner=_token(settings, harbour, "beatriz"),
        manager_lis=_token(settings, harbour, "luis"),
        manager_mad=_token(settings, harbour, "maria"),
        frontdesk_lis=_token(settings, harbour, "dora"),
        accountant=_token(settings, harbour, "alice"),
        customer=_token(settings, harbour, "ana", Principal.CUSTOMER),
        integrator=await _api_key(harbour),
        other_chain_owner=_token(settings, thames, "olive"),
    )


def _token(settings: TokenSettings, stage: Stage, name: str, kind: Principal = Principal.STAFF) -> str:
    return issue(settings, subject=stage.id(name), chain_id=stage.chain_id, kind=kind, lifetime=_LIFETIME)


async def _api_key(stage: Stage) -> str:
    """A new key in place of the last start's, whose secret nobody kept."""
    owner = stage.actor("beatriz")
    for key in await api_keys_page(owner, None, 1000):
        if key.name == _KEY and key.revoked_at is None:
            await run_command(owner, RevokeApiKey(key.id))
    done = await run_command(owner, CreateApiKey(_KEY, tuple(Scope)))
    secret: str = done.outcome.secret
    return secret
