"""The statements by which one worker at a time holds a connection."""

from datetime import datetime, timedelta

from domain.kernel.db import execute, rows


async def take(connection_id: str, token: str, now: datetime, lease: timedelta) -> bool:
    """Take the lease of a connection, also of one that is paused; False when somebody has it."""
    taken = await execute(
        """UPDATE accounting_connection SET leased_by = $2, leased_until = $3
        WHERE id = $1 AND (leased_until IS NULL OR leased_until < $4)""",
        connection_id,
        token,
        now + lease,
        now,
    )
    return taken == 1


async def keep(connection_id: str, token: str, until: datetime) -> bool:
    """Hold the lease longer, and the connection itself until the transaction ends; False when the lease is lost."""
    kept = await execute(
        "UPDATE accounting_connection SET leased_until = $3 WHERE id = $1 AND leased_by = $2",
        connection_id,
        token,
        until,
    )
    return kept == 1


async def living(connection_id: str, now: datetime) -> bool:
    """Whether somebody is at work with the connection."""
    found = await rows("SELECT leased_until FROM accounting_connection WHERE id = $1", connection_id)
    until = found[0]["leased_until"]
    return until is not None and until >= now


async def let_go(connection_id: str, token: str) -> None:
    """Give the lease back, unless it was lost."""
    await execute(
        "UPDATE accounting_connection SET leased_by = NULL, leased_until = NULL WHERE id = $1 AND leased_by = $2",
        connection_id,
        token,
    )
