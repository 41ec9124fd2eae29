"""Pauses a connection: nothing more is sent over it until it is resumed."""

from dataclasses import dataclass

from domain.accounting.sync import connections_store as store
from domain.accounting.sync.errors import ConnectionNotActive
from domain.accounting.sync.rules import ConnectionState
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class PauseConnection:
    """Which connection, and why."""

    connection_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionPaused:
    """What is on its way arrives; everything else waits."""

    connection_id: str


@act
async def pause_connection(work: Work, command: PauseConnection) -> ConnectionPaused:
    """Nothing is lost: what is posted meanwhile is handed over later. Refuses NotFound and one that is not at work."""
    work.authorise(None)
    checks = Checks()
    reason = checks.text(command.reason, 500, "reason")
    checks.passed()
    connection = await store.lock(work, command.connection_id)
    if connection.state is not ConnectionState.ACTIVE:
        raise ConnectionNotActive(connection.state, connection.stopped_because)
    await store.set_state(connection.id, ConnectionState.PAUSED)
    paused = ConnectionPaused(connection.id)
    await record(work, Recorded(paused, reason=reason))
    return paused
