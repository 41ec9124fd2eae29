"""Asks the other system for its accounts before a mapping names them, outside of any transaction."""

import structlog

from domain.accounting.connectors import outside
from domain.accounting.connectors.answers import NotRead
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync.errors import UnknownRemoteAccount
from domain.accounting.sync.map_account import MapAccount
from domain.accounting.sync.opened import CannotOpen, opened
from domain.accounting.sync.view import Connection
from domain.kernel.access import POLICIES, Actor

log = structlog.get_logger()


async def refuse_unknown_accounts(actor: Actor, command: MapAccount) -> None:
    """Refuse a mapping to accounts that the other system does not have, where it can be asked.

    Whoever may not map, or names no connection of the chain, is left to the act.
    """
    if POLICIES["map_account"].branches(actor) is not None:
        return
    connection = (await connections.by_ids(actor, [command.connection_id])).get(command.connection_id)
    known = None if connection is None else await _accounts(connection)
    if known is not None:
        named = {row.remote_account.strip() for row in command.rows if row.remote_account is not None}
        if unknown := sorted(named - set(known)):
            raise UnknownRemoteAccount(unknown)


async def _accounts(connection: Connection) -> tuple[str, ...] | None:
    """The accounts there; None where it cannot be asked now, or does not say."""
    if not outside.can_call():
        return None
    try:
        async with opened(connection, at_most=1) as connectors:
            return tuple(await connectors[0].accounts()) or None
    except (NotRead, CannotOpen) as error:
        log.info("the accounts of a connection cannot be asked for", connection=connection.id, error=str(error))
        return None
