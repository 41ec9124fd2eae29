"""Tokens for people who are in the database, issued on the command line."""

from datetime import timedelta

from carnet.database import opened
from carnet.failures import CannotStart
from carnet.settings import Settings
from domain.kernel.access import Principal
from domain.kernel.ids import prefix_of
from domain.people.store import chain_of, owner_of
from schema.tokens import issue

_KINDS = {"stf": Principal.STAFF, "cus": Principal.CUSTOMER}


async def issue_token(settings: Settings, principal: str, lifetime: timedelta) -> str:
    """A token that is good for this long, for an id or for the owner of the chain of that name."""
    if settings.token_algorithm != "HS256":  # noqa: S105 - no secret
        raise CannotStart(f"Tokens come from {settings.token_issuer} here: only it can sign them.")
    principal_id, chain_id = await _found(settings, principal)
    kind = _KINDS[prefix_of(principal_id)]
    return issue(settings.tokens, subject=principal_id, chain_id=chain_id, kind=kind, lifetime=lifetime)


async def _found(settings: Settings, principal: str) -> tuple[str, str]:
    async with opened(settings.database):
        by_id = prefix_of(principal) in _KINDS
        found = await (chain_of(principal) if by_id else owner_of(principal))
    if found is None:
        raise CannotStart(
            f"{principal!r} is neither a person on the staff (stf_…) nor a customer (cus_…) nor the name of a chain."
        )
    return (principal, found) if isinstance(found, str) else found
