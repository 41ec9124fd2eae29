"""Tokens for people who are in the database, issued on the command line."""

from datetime import timedelta

from carnet.failures import CannotStart
from carnet.settings import Settings
from domain.kernel.access import Principal
from domain.kernel.db import connect, disconnect
from domain.kernel.ids import prefix_of
from domain.people.store import chain_of
from schema.tokens import issue

_KINDS = {"stf": Principal.STAFF, "cus": Principal.CUSTOMER}


async def issue_token(settings: Settings, principal_id: str, lifetime: timedelta) -> str:
    """A token that is good for this long."""
    kind = _KINDS.get(prefix_of(principal_id))
    chain_id = await _chain_of(settings, principal_id) if kind else None
    if not kind or not chain_id:
        raise CannotStart(f"{principal_id!r} is neither a person on the staff (stf_…) nor a customer (cus_…).")
    if settings.token_algorithm != "HS256":  # noqa: S105 - no secret
        raise CannotStart(f"Tokens come from {settings.token_issuer} here: only it can sign them.")
    return issue(settings.tokens, subject=principal_id, chain_id=chain_id, kind=kind, lifetime=lifetime)


async def _chain_of(settings: Settings, principal_id: str) -> str | None:
    await connect(settings.database)
    try:
        return await chain_of(principal_id)
    finally:
        await disconnect()
