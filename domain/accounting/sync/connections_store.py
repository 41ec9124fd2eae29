"""Every statement about connections: what they are, and how far their handing over has come."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from domain.accounting.connectors.protocol import System
from domain.accounting.sync.rules import ConnectionState, LockedDays, Mode
from domain.accounting.sync.secrets_store import sealed
from domain.accounting.sync.view import Connection
from domain.kernel.access import Actor
from domain.kernel.commands import Work
from domain.kernel.db import Where, execute, insert, rows
from domain.kernel.errors import NotFound

COLUMNS = ", ".join(Connection.__slots__)
_CONNECTION = f"SELECT {COLUMNS} FROM accounting_connection"


def connection_of(row: dict[str, Any]) -> Connection:
    """The connection of a row of all its columns."""
    return Connection(
        **row
        | {
            "system": System(row["system"]),
            "mode": Mode(row["mode"]),
            "branch_ids": None if row["branch_ids"] is None else tuple(row["branch_ids"]),
            "locked_days": LockedDays(row["locked_days"]),
            "state": ConnectionState(row["state"]),
        }
    )


async def connection(connection_id: str) -> Connection:
    """The connection, for whoever carries it out."""
    return connection_of((await rows(f"{_CONNECTION} WHERE id = $1", connection_id))[0])


async def of_chain(chain_id: str) -> list[Connection]:
    """The connections of a chain, oldest first."""
    return [connection_of(row) for row in await rows(f"{_CONNECTION} WHERE chain_id = $1 ORDER BY id", chain_id)]


async def by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, Connection]:
    """Those of the connections that are of the actor's chain, by id."""
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    where.add("id = ANY({ids})", ids=list(ids))
    return {row["id"]: connection_of(row) for row in await rows(f"{_CONNECTION} WHERE {where}", *where.args)}


async def lock(work: Work, connection_id: str) -> Connection:
    """Lock a connection of the chain, or refuse that there is none."""
    found = await rows(f"{_CONNECTION} WHERE id = $1 AND chain_id = $2 FOR UPDATE", connection_id, work.chain_id)
    if not found:
        raise NotFound("accounting connection", connection_id, "connectionId")
    return connection_of(found[0])


async def with_name(chain_id: str, name: str) -> str | None:
    """The id of the chain's connection with the name."""
    found = await rows("SELECT id FROM accounting_connection WHERE chain_id = $1 AND name = $2", chain_id, name)
    return found[0]["id"] if found else None


async def insert_connection(new: Connection, credentials: Mapping[str, str]) -> None:
    """A connection that begins; what opens the other system is kept encrypted."""
    record = {name: getattr(new, name) for name in Connection.__slots__}
    record |= {"branch_ids": None if new.branch_ids is None else list(new.branch_ids)}
    record |= {"settings": dict(new.settings), "credentials": sealed(credentials)}
    await insert("accounting_connection", [record])


async def before_first(chain_id: str, starts_on: date) -> int:
    """The place in the sealed order after which everything lies that was or will be posted from the day on."""
    newest = await newest_sealed(chain_id)  # first, since what is sealed between the statements lies behind it
    found = await rows(
        """SELECT MIN(s.position) AS first
        FROM journal_entry e JOIN sealed_operation s ON s.operation_id = e.operation_id
        WHERE e.chain_id = $1 AND e.posted_on >= $2""",
        chain_id,
        starts_on,
    )
    return newest if found[0]["first"] is None else min(newest, int(found[0]["first"]) - 1)


async def newest_sealed(chain_id: str) -> int:
    """The end of the sealed order."""
    found = await rows(
        "SELECT position FROM sealed_operation WHERE chain_id = $1 ORDER BY position DESC LIMIT 1", chain_id
    )
    return int(found[0]["position"]) if found else 0


async def set_state(connection_id: str, state: ConnectionState, because: str = "") -> None:
    """Pause, stop or resume it; it rests no more."""
    await execute(
        "UPDATE accounting_connection SET state = $2, stopped_because = $3, rests_until = NULL WHERE id = $1",
        connection_id,
        state.value,
        because[:500],
    )


async def rest(connection_id: str, until: datetime) -> None:
    """Leave the other system alone until then."""
    await execute("UPDATE accounting_connection SET rests_until = $2 WHERE id = $1", connection_id, until)


async def moved_on(connection_id: str, position: int) -> None:
    """How far documents were made."""
    await execute("UPDATE accounting_connection SET position = $2 WHERE id = $1", connection_id, position)


async def ask_to_reconcile(connection_id: str, principal_id: str) -> None:
    """It is to be reconciled as soon as can be, for somebody."""
    await execute(
        "UPDATE accounting_connection SET reconcile_for = $2, unread_times = 0 WHERE id = $1",
        connection_id,
        principal_id,
    )


async def reconciled(connection_id: str, at: datetime) -> None:
    """It was, and nobody waits for it any more."""
    await execute(
        """UPDATE accounting_connection SET reconciled_at = $2, reconcile_for = NULL,
        unread_times = 0, unread_at = NULL, unread_because = '' WHERE id = $1""",
        connection_id,
        at,
    )


async def not_reconciled(connection_id: str, at: datetime, because: str, *, given_up: bool) -> None:
    """It could not be, once more; where it is given up, nobody waits for it any more."""
    await execute(
        """UPDATE accounting_connection SET unread_at = $2, unread_because = $3,
        unread_times = CASE WHEN $4 THEN 0 ELSE unread_times + 1 END,
        reconcile_for = CASE WHEN $4 THEN NULL ELSE reconcile_for END WHERE id = $1""",
        connection_id,
        at,
        because[:500],
        given_up,
    )


async def time_zones(chain_id: str) -> dict[str, str]:
    """The clock of each branch of the chain, by id, the oldest branch first."""
    found = await rows("SELECT id, time_zone FROM branch WHERE chain_id = $1 ORDER BY id", chain_id)
    return {row["id"]: row["time_zone"] for row in found}
