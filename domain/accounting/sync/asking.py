"""Asks the other system for accounts and dimensions before a mapping names them, outside of any transaction."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from domain.accounting.connectors import outside
from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.protocol import Connector, Dimension
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
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()), opened(connection, at_most=1) as connectors:
            await _accounts_are_there(connectors[0], command.rows)
            await _dimensions_are_there(connectors[0], command.rows)
    except (NotRead, CannotOpen, TimeoutError) as error:
        told = str(error) or "it takes too long"
        log.info("a connection cannot be asked what it has", connection=connection.id, error=told)


async def _accounts_are_there(connector: Connector, rows: Sequence[Mapped]) -> None:
    known = set(await connector.accounts())
    named = [None if row.remote_account is None else row.remote_account.strip() for row in rows]
    unknown = {name: number for number, name in reversed([*enumerate(named)]) if name is not None and name not in known}
    if known and unknown:
        raise UnknownRemoteAccount(sorted(unknown), min(unknown.values()))


async def _dimensions_are_there(connector: Connector, rows: Sequence[Mapped]) -> None:
    named = [_dimensions(row) for row in rows]
    asked = sorted(set().union(*named))
    if asked and (unknown := await connector.lacks(asked)):
        raise UnknownRemoteDimension(unknown, next(number for number, its in enumerate(named) if its & set(unknown)))


def _dimensions(row: Mapped) -> set[Dimension]:
    """None where the row takes back what was said before."""
    named = row.dimensions.items() if row.remote_account is not None else ()
    return {(name.strip(), value.strip()) for name, value in named}
