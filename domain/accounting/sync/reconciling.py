"""Compares what the other system has booked with what was sent, and writes down what is missing, extra or changed.

Nothing is sent again by itself for it; but what is booked there is known to be sent, whatever was thought of it.
"""

from datetime import date, datetime, timedelta
from functools import partial

import structlog

from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.protocol import Answer, Booked, Connector, Document, Outcome, Problem
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import mapping_store
from domain.accounting.sync import reconciling_store as store
from domain.accounting.sync.comparing import Compared, Expected, amounts, compared
from domain.accounting.sync.lease import Held
from domain.accounting.sync.mapping import Chart
from domain.accounting.sync.reconciling_store import Reconciled
from domain.accounting.sync.rendering import called
from domain.accounting.sync.rules import last_night
from domain.accounting.sync.stopping import stop
from domain.accounting.sync.view import Connection, SyncDocument
from domain.kernel import clock
from domain.kernel.calendar import Days, local_date
from domain.kernel.db import retrying

log = structlog.get_logger()

_LOOKS_BACK = timedelta(days=31)
_AGAIN_AFTER = timedelta(minutes=1)
_TRIES = 3
"""After so many a comparison that cannot be read waits for the next night, or until somebody asks."""
_OF_ALL_CALLS = frozenset({Problem.TOO_MANY_CALLS, Problem.UNREACHABLE})
_NOT_FOR_THIS = 403
"""Said to who is let in and may not read this; what is sent shows by itself whether that may be."""


def due(connection: Connection, time_zone: str, now: datetime) -> bool:
    """Whether somebody waits for it, or a night has passed since the last time; a while after it could not be read."""
    unread_at = connection.unread_at
    if connection.unread_times and unread_at is not None:
        if now < unread_at + _AGAIN_AFTER:
            return False
        unread_at = None
    since = max(filter(None, (connection.reconciled_at, unread_at, connection.created_at)))
    return connection.reconcile_for is not None or since < last_night(now, time_zone)


async def reconcile(held: Held, connector: Connector, days: Days | None = None) -> Reconciled | str:
    """Compare these days, or the newest and all that was sent and not read back; or why it cannot be read now."""
    connection = await connections.connection(held.connection_id)
    first, last = await _days(connection, days)
    booked = await _read(connector, first, last)
    if isinstance(booked, Answer):
        because = _because(booked)
        await retrying(partial(_not_read, held, booked, because, counts=days is None))
        return because
    ours = await documents.sent_between(connection.id, first, last)
    known = {each.id for each in ours}
    unknown = [each.document_id for each in booked if each.document_id not in known]
    ours += await store.with_ids(connection.id, unknown)
    others = await store.of_others(connection.id, unknown)
    expected = await _expected(connection.id, ours)
    outcome = compared(expected, [each for each in booked if each.document_id not in others])
    there = len(expected) - outcome.waiting
    outcome.waiting += len(ours) - len(expected)
    if days is None or days.first is None:
        outcome.waiting += await store.waiting_before(connection.id, first)
    return await retrying(partial(_write, held, connection, (first, last), there, outcome))


async def _days(connection: Connection, days: Days | None) -> tuple[date, date]:
    """Up to today where it is latest: also what was sent a minute ago is asked about, and no branch posts beyond it."""
    now, zones = clock.now(), await connections.time_zones(connection.chain_id)
    today = max((local_date(now, zone) for zone in zones.values()), default=now.date())
    if days is not None:
        return days.first or connection.starts_on, days.last or today
    earliest = await documents.earliest_unverified(connection.id)
    return min(earliest or today, today - _LOOKS_BACK), today


async def _read(connector: Connector, first: date, last: date) -> list[Booked] | Answer:
    try:
        return [each async for each in connector.booked(first, last)]
    except NotRead as error:
        return error.answer
    except Exception as error:
        log.exception("a connector fails")
        # What the error says is for the log alone: it may tell a secret.
        return Answer(Outcome.UNCERTAIN, message=f"The connector failed ({type(error).__name__}).")


def _because(answer: Answer) -> str:
    """What it says, without what it would mean for a document that is sent."""
    return f"What is booked there could not be read: {answer.message.partition(': ')[2] or answer.message}"


async def _not_read(held: Held, answer: Answer, because: str, *, counts: bool) -> None:
    """It is tried again after a while; meanwhile sending goes on, unless the other system is to be left alone."""
    now = clock.now()
    async with held.writing() as connection:
        if answer.problem is Problem.UNAUTHORISED and answer.status != _NOT_FOR_THIS:
            await stop(held, answer.message)
            return
        if answer.problem in _OF_ALL_CALLS or answer.retry_after is not None:
            await connections.rest(connection.id, now + (answer.retry_after or _AGAIN_AFTER))
        if counts and (answer.problem is not Problem.UNREACHABLE or answer.status is not None):
            log.warning("a comparison cannot be made", connection=connection.id, because=because)
            given_up = connection.unread_times + 1 >= _TRIES
            await connections.not_reconciled(connection.id, now, because, given_up=given_up)


async def _expected(connection_id: str, ours: list[SyncDocument]) -> list[Expected]:
    """Documents as they were rendered; what was never rendered cannot be there."""
    charts: dict[int, Chart] = {}
    expected = []
    for document in ours:
        version = document.mapping_version
        if document.body is None or version is None:
            continue
        if version not in charts:
            charts[version] = await mapping_store.chart(connection_id, version)
        words = called(document.sheet, charts[version])
        assert isinstance(words, Document), "it was rendered by this version before"
        expected.append(
            Expected(document.id, document.branch_id, words.day, document.currency, amounts(words), document.state)
        )
    return expected


async def _write(held: Held, read: Connection, days: tuple[date, date], count: int, outcome: Compared) -> Reconciled:
    now = clock.now()
    async with held.writing() as connection:
        await store.note(outcome, now)
        written = await store.insert_reconciliation(connection.id, *days, count, outcome, read.reconcile_for or "", now)
        await connections.reconciled(connection.id, now)
        return written
