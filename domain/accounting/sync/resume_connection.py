"""Resumes a connection that was paused, or that has stopped, with new credentials where they are what was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.accounting.connectors.opening import problems
from domain.accounting.sync import connections_store as store
from domain.accounting.sync import secrets_store
from domain.accounting.sync.connect_accounting import bare_credentials
from domain.accounting.sync.errors import ConnectionActive
from domain.accounting.sync.rules import ConnectionState
from domain.accounting.sync.view import Connection
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class ResumeConnection:
    """Which connection; without credentials those that it has count on."""

    connection_id: str
    credentials: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ConnectionResumed:
    """It goes on where it stopped."""

    connection_id: str


@act
async def resume_connection(work: Work, command: ResumeConnection) -> ConnectionResumed:
    """What has waited is sent, and nothing twice. Refuses NotFound, InvalidInput, and one that is at work already.

    One that is at work may be given new credentials all the same.
    """
    work.authorise(None)
    connection = await store.lock(work, command.connection_id)
    if connection.state is ConnectionState.ACTIVE and command.credentials is None:
        raise ConnectionActive
    if command.credentials is not None:
        await secrets_store.change_credentials(connection.id, _checked(connection, command.credentials))
    await store.set_state(connection.id, ConnectionState.ACTIVE)
    resumed = ConnectionResumed(connection.id)
    await record(work, Recorded(resumed))
    return resumed


def _checked(connection: Connection, given: Mapping[str, str]) -> Mapping[str, str]:
    checks = Checks()
    credentials = bare_credentials(checks, given)
    checks.none_of(problems(connection.system, connection.settings, credentials))
    checks.passed()
    return credentials
