"""Writes documents as they would be sent, and sends and keeps nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.accounting.connectors.protocol import Connector, Problem
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import journal_store as journal
from domain.accounting.sync import mapping_store
from domain.accounting.sync import waiting_store as waiting
from domain.accounting.sync.legs import Draft, Leg, SealedEntry, of_day, of_entry
from domain.accounting.sync.mapping import Chart
from domain.accounting.sync.opened import opened
from domain.accounting.sync.rendering import Sheet, rendered
from domain.accounting.sync.rules import Mode
from domain.accounting.sync.view import Connection

_OPERATIONS = 1000
NOT_MADE = "doc_not_made_yet"
"""Stands where the id of a document will, while there is none."""


@dataclass(frozen=True, slots=True)
class WouldSend:
    """A document with its bytes as text, or why there are none; without an id it is not made yet."""

    document_id: str | None
    branch_id: str | None
    day: date
    currency: str
    memo: str
    legs: tuple[Leg, ...]
    body: str | None
    problem: Problem | None = None
    message: str = ""


async def dry_run(connection: Connection, limit: int = 20) -> list[WouldSend]:
    """The next documents, those that wait first, then those that would be made; of days as far as they have come.

    The caller may see the connection. Raises CannotOpen.
    """
    chart = await mapping_store.chart(connection.id)
    async with opened(connection, at_most=1) as connectors:
        made = await documents.pending(connection.id, limit)
        told = [_would_send(each.sheet, each.id, each.branch_id, chart, connectors[0], each.body) for each in made]
        for draft in await _drafts(connection, limit - len(told)):
            sheet = Sheet(NOT_MADE, draft.day, None, draft.currency, draft.memo, draft.legs)
            told.append(_would_send(sheet, None, draft.branch_id, chart, connectors[0]))
    return told


async def _drafts(connection: Connection, limit: int) -> list[Draft]:
    """The first of the next operations, and of the days that were begun."""
    until, entries = await journal.following(
        connection.chain_id, connection.position, _OPERATIONS, connection.branch_ids
    )
    kept = [entry for entry in entries if entry.posted_on >= connection.starts_on]
    if connection.mode is Mode.PER_ENTRY:
        return [of_entry(entry) for entry in kept][:limit]
    days = {*await waiting.earliest(connection.id, limit), *_days(kept)}
    drafts: list[Draft] = []
    for branch_id, day in sorted(days, key=lambda each: (each[1], each[0])):
        if len(drafts) >= limit:
            break
        of = await journal.of_day(connection.chain_id, connection.id, branch_id, day, until)
        drafts += of_day(branch_id, day, of)
    return drafts[:limit]


def _days(entries: Iterable[SealedEntry]) -> set[tuple[str, date]]:
    return {(leg.branch_id, entry.posted_on) for entry in entries for leg in entry.legs}


def _would_send(
    sheet: Sheet,
    document_id: str | None,
    branch_id: str | None,
    chart: Chart,
    connector: Connector,
    body: str | None = None,
) -> WouldSend:
    known = (document_id, branch_id, sheet.booked_on or sheet.day, sheet.currency, sheet.memo, sheet.legs)
    if body is not None:
        return WouldSend(*known, body)
    text = rendered(sheet, chart, connector)
    if isinstance(text, str):
        return WouldSend(*known, text)
    return WouldSend(*known, None, text.problem, text.message)


async def connection_of(chain_id: str, name: str) -> Connection | None:
    """The connection of this name."""
    found = await connections.with_name(chain_id, name)
    return await connections.connection(found) if found else None
