"""Opens the connectors of a connection with its settings and what its secrets say."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from domain.accounting.connectors import outside
from domain.accounting.connectors.http import Http
from domain.accounting.connectors.oauth import Client, Tokens
from domain.accounting.connectors.opening import Opening, kind, open_connector
from domain.accounting.connectors.protocol import Connector
from domain.accounting.sync import secrets_store
from domain.accounting.sync.held_http import WhileHeld
from domain.accounting.sync.lease import Held
from domain.accounting.sync.patient_http import Patient, Pause, never
from domain.accounting.sync.tokens import KeptTokens
from domain.accounting.sync.view import Connection
from domain.kernel.vault import CannotUnseal


class CannotOpen(Exception):
    """The settings or the secrets of a connection open nothing."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"The connection cannot be opened: {str(error).rstrip('.')}.")


@asynccontextmanager
async def opened(connection: Connection, at_most: int = 16, held: Held | None = None) -> AsyncIterator[list[Connector]]:
    """As many connectors as the system takes calls at once, closed with the block; raises CannotOpen.

    Those of who holds the connection call nobody any more when that may be over.
    """
    http = outside.http()
    carried = WhileHeld(http, held) if held else http
    async with _opened(connection, at_most, http, carried) as connectors:
        yield connectors


@asynccontextmanager
async def opened_to_read(connection: Connection, held: Held, pause: Pause = never) -> AsyncIterator[Connector]:
    """One that pauses where the other system takes no more calls for now, and then goes on; raises CannotOpen."""
    http = outside.http()
    async with _opened(connection, 1, http, Patient(WhileHeld(http, held), pause)) as [connector]:
        yield connector


@asynccontextmanager
async def _opened(connection: Connection, at_most: int, http: Http, carried: Http) -> AsyncIterator[list[Connector]]:
    """Tokens are fetched by calls that are not cut short: what is lent then is not lost."""

    def tokens(client: Client) -> Tokens:
        return KeptTokens(connection.id, client, http)

    try:
        secrets = await secrets_store.secrets(connection.id)
        opening = Opening(connection.settings, secrets.credentials, carried, tokens, connection.id)
        count = min(kind(connection.system).at_once, at_most)
        connectors = [open_connector(connection.system, opening) for _ in range(count)]
    except (CannotUnseal, LookupError, ValueError) as error:
        raise CannotOpen(error) from error
    async with AsyncExitStack() as stack:
        for connector in connectors:
            stack.push_async_callback(connector.close)
        yield connectors
