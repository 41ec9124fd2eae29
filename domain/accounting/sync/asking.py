"""Asks the other system for accounts and dimensions before a mapping names them, outside of any transaction."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from domain.accounting.connectors import outside
from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.protocol import Connector
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync.errors import UnknownRemoteAccount, UnknownRemoteDimension
from domain.accounting.sync.map_account import MapAccount
from domain.accounting.sync.mapping import Mapped
from domain.accounting.sync.opened import CannotOpen, opened
from domain.kernel.access import POLICIES, Actor

log = structlog.get_logger()

_PATIENCE = timedelta(seconds=20)
"""Somebody waits for the answer, and lists may be long."""


async def refuse_unknown(actor: Actor, command: MapAccount) -> None:
    """Refuse a mapping to accounts or dimensions that the other system does not have, where it can be asked.

    Whoever may not map, or names no connection of the chain, is left to the act.
    """
    if POLICIES["map_account"].branches(actor) is not None or not outside.can_call():
        return
    connection = (await connections.by_ids(actor, [command.connection_id])).get(command.connection_id)
    if connection is None:
        return
    rows = [row for row in command.rows if row.remote_account is not None]
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()), opened(connection, at_most=1) as connectors:
            await _accounts_are_there(connectors[0], rows)
            await _dimensions_are_there(connectors[0], rows)
    except (NotRead, CannotOpen, TimeoutError) as error:
        told = str(error) or "it takes too long"
        log.info("a connection cannot be asked what it has", connection=connection.id, error=told)


async def _accounts_are_there(connector: Connector, rows: Sequence[Mapped]) -> None:
    known = set(await connector.accounts())
    named = {row.remote_account.strip() for row in rows if row.remote_account is not None}
    if known and (unknown := sorted(named - known)):
        raise UnknownRemoteAccount(unknown)


async def _dimensions_are_there(connector: Connector, rows: Sequence[Mapped]) -> None:
    named = {(name.strip(), value.strip()) for row in rows for name, value in row.dimensions.items()}
    if named and (unknown := await connector.lacks(sorted(named))):
        raise UnknownRemoteDimension(unknown)
