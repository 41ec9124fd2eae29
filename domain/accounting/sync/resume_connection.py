"""Resumes a connection that was paused, or that has stopped, with new credentials where they are what was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.accounting.connectors.opening import bad_credentials, bad_settings
from domain.accounting.sync import connections_store as store
from domain.accounting.sync import documents_store, secrets_store
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
    """What has waited is sent, and nothing twice. Refuses NotFound, InvalidInput, and one that puts nothing off.

    One that is at work may be given new credentials all the same, and goes on at once with what it has put off.
    """
    work.authorise(None)
    connection = await store.lock(work, command.connection_id)
    put_off = await documents_store.hurry(connection, work.now)
    if connection.at_work(work.now) and command.credentials is None and not put_off:
        raise ConnectionActive
    credentials = _checked(connection, command.credentials)
    if credentials is not None:
        await secrets_store.change_credentials(connection.id, credentials)
    await store.set_state(connection.id, ConnectionState.ACTIVE)
    resumed = ConnectionResumed(connection.id)
    await record(work, Recorded(resumed))
    return resumed


def _checked(connection: Connection, given: Mapping[str, str] | None) -> Mapping[str, str] | None:
    checks = Checks()
    for problem in bad_settings(connection.system, connection.settings):
        checks.that(False, f"{problem.message} Make another connection with what is right.", "connectionId")
    credentials = None if given is None else bare_credentials(checks, given)
    if credentials is not None:
        checks.none_of(bad_credentials(connection.system, credentials))
    checks.passed()
    return credentials
