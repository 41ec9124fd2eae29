"""Every statement about what opens other systems; nothing of it is kept as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from domain.kernel import vault
from domain.kernel.db import execute, rows


def sealed(secrets: Mapping[str, str]) -> str | None:
    """As it is kept: encrypted."""
    return vault.seal(orjson.dumps(dict(secrets)).decode()) if secrets else None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens the other system, and what it has lent us for a while."""

    credentials: dict[str, str]
    token: dict[str, str]
    token_expires_at: datetime | None


async def secrets(connection_id: str) -> Secrets:
    """The secrets of a connection, opened."""
    found = await rows(
        "SELECT credentials, token, token_expires_at FROM accounting_connection WHERE id = $1", connection_id
    )
    row = found[0]
    return Secrets(_opened(row["credentials"]), _opened(row["token"]), row["token_expires_at"])


def _opened(sealed: str | None) -> dict[str, str]:
    return {} if sealed is None else dict(orjson.loads(vault.unseal(sealed)))


async def change_credentials(connection_id: str, credentials: Mapping[str, str]) -> None:
    """Other credentials count from now on; what was lent for the former ones is forgotten."""
    await execute(
        """UPDATE accounting_connection SET credentials = $2, token = NULL, token_expires_at = NULL,
        refreshing_until = NULL WHERE id = $1""",
        connection_id,
        sealed(credentials),
    )


async def kept(connection_id: str) -> str | None:
    """The credentials as they are kept; text that is never the same again once others count."""
    found = await rows("SELECT credentials FROM accounting_connection WHERE id = $1", connection_id)
    return None if found[0]["credentials"] is None else str(found[0]["credentials"])


async def take_refreshing(connection_id: str, now: datetime, until: datetime) -> bool:
    """Be the one who fetches new tokens; False while somebody else does."""
    taken = await execute(
        """UPDATE accounting_connection SET refreshing_until = $3
        WHERE id = $1 AND (refreshing_until IS NULL OR refreshing_until < $2)""",
        connection_id,
        now,
        until,
    )
    return taken == 1


async def keep_token(connection_id: str, until: datetime, token: Mapping[str, str], expires_at: datetime) -> bool:
    """Store new tokens, encrypted, and let others fetch the next; False when by now they, or new credentials, count."""
    kept = await execute(
        """UPDATE accounting_connection SET token = $3, token_expires_at = $4, refreshing_until = NULL
        WHERE id = $1 AND refreshing_until = $2""",
        connection_id,
        until,
        sealed(token),
        expires_at,
    )
    return kept == 1


async def end_refreshing(connection_id: str, until: datetime) -> None:
    """Nothing was fetched by who might until then."""
    await execute(
        "UPDATE accounting_connection SET refreshing_until = NULL WHERE id = $1 AND refreshing_until = $2",
        connection_id,
        until,
    )
