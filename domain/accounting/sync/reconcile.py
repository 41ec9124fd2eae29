"""Asks for a comparison of what the other system has booked with what was sent."""

from dataclasses import dataclass

from domain.accounting.connectors.opening import kind
from domain.accounting.sync import connections_store as store
from domain.accounting.sync.errors import ConnectionNotActive, NothingToCompare
from domain.accounting.sync.rules import ConnectionState
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Which connection."""

    connection_id: str


@dataclass(frozen=True, slots=True)
class ReconciliationAsked:
    """It is compared in a moment; what comes of it is the newest reconciliation of the connection then."""

    connection_id: str


@act
async def reconcile(work: Work, command: Reconcile) -> ReconciliationAsked:
    """Without waiting for the night. Refuses NotFound, and what is not at work or does not tell what is booked."""
    work.authorise(None)
    connection = await store.lock(work, command.connection_id)
    if connection.state is not ConnectionState.ACTIVE:
        raise ConnectionNotActive(connection.state, connection.stopped_because)
    if not kind(connection.system).reads_back:
        raise NothingToCompare(connection.system)
    await store.ask_to_reconcile(connection.id, work.actor.id)
    asked = ReconciliationAsked(connection.id)
    await record(work, Recorded(asked))
    return asked
