"""Compares what the other system has booked with what was sent, and writes down what is missing, extra or changed.

Nothing is sent again by itself for it; but what is booked there is known to be sent, whatever was thought of it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.protocol import Answer, Connector, Problem
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import expected_store
from domain.accounting.sync import reconciling_store as store
from domain.accounting.sync.comparison import Comparison
from domain.accounting.sync.lease import Held
from domain.accounting.sync.reconciling_store import Reconciled
from domain.accounting.sync.rules import last_night
from domain.accounting.sync.stopping import stop
from domain.accounting.sync.stretches import MONTH, Stretch, nightly
from domain.accounting.sync.view import Connection
from domain.kernel import clock
from domain.kernel.calendar import Days, local_date
from domain.kernel.db import retrying
from domain.kernel.ids import new_id

log = structlog.get_logger()

_LONGEST = timedelta(minutes=3)
"""A night's comparison that takes longer is told and goes on later: a sweep that is cut off would tell nothing."""
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
    """Compare these days, or the newest and those of what was not read back; or why it cannot be read now."""
    connection = await connections.connection(held.connection_id)
    stretches = await _days(connection, days)
    comparison = Comparison(held, connector, clock.now() + _LONGEST if days is None else None)
    try:
        await comparison.run(stretches)
    except NotRead as error:
        because = _because(error.answer)
        await retrying(partial(_not_read, held, error.answer, because, counts=days is None))
        return because
    return await retrying(partial(_write, comparison, connection, stretches, days.first if days else None))


async def _days(connection: Connection, days: Days | None) -> list[Stretch]:
    """Up to today where it is latest: also what was sent a minute ago is asked about, and no branch posts beyond it."""
    now, zones = clock.now(), await connections.time_zones(connection.chain_id)
    today = max((local_date(now, zone) for zone in zones.values()), default=now.date())
    if days is not None:
        return [(days.first or connection.starts_on, days.last or today)]
    return nightly(today, await expected_store.unverified_days(connection.id, today - MONTH))


def _because(answer: Answer) -> str:
    """What it says, without what it would mean for a document that is sent."""
    return f"What is booked there could not be read: {answer.message.partition(': ')[2] or answer.message}"


async def _not_read(held: Held, answer: Answer, because: str, *, counts: bool) -> None:
    """It is tried again after a while; meanwhile sending goes on, unless the other system is to be left alone."""
    now = clock.now()
    async with held.writing() as connection:
        if answer.problem is Problem.UNAUTHORISED and answer.status != _NOT_FOR_THIS:
            await stop(held, answer.message)
            if counts:
                await connections.not_reconciled(connection.id, now, because, given_up=False)
            return
        if answer.problem in _OF_ALL_CALLS or answer.retry_after is not None:
            await connections.rest(connection.id, now + (answer.retry_after or _AGAIN_AFTER))
        if counts and (answer.problem is not Problem.UNREACHABLE or answer.status is not None):
            log.warning("a comparison cannot be made", connection=connection.id, because=because)
            given_up = connection.unread_times + 1 >= _TRIES
            await connections.not_reconciled(connection.id, now, because, given_up=given_up)


async def _write(comparison: Comparison, read: Connection, days: Sequence[Stretch], since: date | None) -> Reconciled:
    now, first, last = clock.now(), days[0][0], days[-1][1]
    by, differences = read.reconcile_for or "", tuple(comparison.differences)
    async with comparison.held.writing() as connection:
        waiting = await expected_store.waiting(connection.id, since, last)
        new = Reconciled(new_id("rcn"), connection.id, first, last, comparison.count, differences, by, now, waiting)
        await store.insert_reconciliation(new)
        await connections.reconciled(connection.id, now)
    return new
