"""The demo: a chain with a history told through the acts, and a token for each kind of user."""

from dataclasses import dataclass
from datetime import timedelta

from carnet.demo import harbour, harbour_customers, thames
from carnet.demo.happenings import tell
from carnet.demo.stage import Stage
from domain.kernel.access import Principal, Scope
from domain.kernel.commands import run_command
from domain.people.create_api_key import CreateApiKey
from domain.people.reading import api_keys_page
from domain.people.revoke_api_key import RevokeApiKey
from schema.tokens import TokenSettings, issue

_LIFETIME = timedelta(days=30)
_KEY = "Booking site (made anew whenever the demo starts)"


@dataclass(frozen=True, slots=True)
class DemoTokens:
    """One ready-made token for each kind of user."""

    owner: str
    manager_lis: str
    manager_mad: str
    frontdesk_lis: str
    accountant: str
    customer: str
    integrator: str
    other_chain_owner: str


async def seed(settings: TokenSettings) -> DemoTokens:
    """Make the demo's chains as far as they are not there, and issue tokens for their people."""
    stage = await harbour.set_up()
    await tell(stage, harbour_customers.happenings())
    other = await thames.perform()
    return DemoTokens(
        owner=_token(settings, stage, "beatriz"),
        manager_lis=_token(settings, stage, "luis"),
        manager_mad=_token(settings, stage, "maria"),
        frontdesk_lis=_token(settings, stage, "dora"),
        accountant=_token(settings, stage, "alice"),
        customer=_token(settings, stage, "ana", Principal.CUSTOMER),
        integrator=await _api_key(stage),
        other_chain_owner=_token(settings, other, "olive"),
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
    return str(done.outcome.secret)
