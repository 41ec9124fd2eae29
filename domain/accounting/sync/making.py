"""Makes documents of what was sealed since the last time, each entry once for each branch that is handed over.

Whole entries become documents as they come. Days are summed when they are over on the branch's own clock; until then
they are only noted. What comes later for a day that was summed makes a further document.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import partial

from domain.accounting.sync import connections_store as store
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import journal_store as journal
from domain.accounting.sync import waiting_store as waiting
from domain.accounting.sync.lease import Held
from domain.accounting.sync.legs import SealedEntry, of_day, of_entry
from domain.accounting.sync.rules import Mode
from domain.accounting.sync.view import Connection
from domain.kernel import clock
from domain.kernel.calendar import end_of_day
from domain.kernel.db import retrying

_AFTER = timedelta(minutes=5)
"""After its end a day gets so long for what was on its way to be sealed, and for lapses to be posted."""
_DAYS = 20
"""So many at most are summed in a step, each in a transaction of its own."""


async def make_documents(held: Held, at_most: int = 1000) -> int:
    """Go on by so many sealed operations, or sum days that are over; how many of either.

    How far the connection has come is written together with the documents, so that nothing is made twice or left out.
    """
    connection = await store.connection(held.connection_id)
    until, entries = await journal.following(connection.chain_id, connection.position, at_most, connection.branch_ids)
    if until > connection.position:
        await retrying(partial(_go_on, held, connection, until, entries))
        return until - connection.position
    days = await waiting.over(connection.id, clock.now(), min(at_most, _DAYS))
    for branch_id, day in days:
        await retrying(partial(_sum, held, connection, branch_id, day))
    return len(days)


async def _go_on(held: Held, read: Connection, until: int, entries: Collection[SealedEntry]) -> None:
    kept = [entry for entry in entries if entry.posted_on >= read.starts_on]
    days = [] if read.mode is Mode.PER_ENTRY else _days(kept, await store.time_zones(read.chain_id))
    async with held.writing() as connection:
        if connection.position != read.position:
            return
        if connection.mode is Mode.PER_ENTRY:
            await documents.insert_drafts(connection, [of_entry(entry) for entry in kept], clock.now(), whole=True)
        else:
            await waiting.wait(connection.id, days)
        await store.moved_on(connection.id, until)


def _days(entries: Iterable[SealedEntry], time_zones: dict[str, str]) -> list[tuple[str, date, datetime]]:
    """The days of branches on which they were posted, each with the instant at which it can be summed."""
    days = {(leg.branch_id, entry.posted_on) for entry in entries for leg in entry.legs}
    return [(branch, day, end_of_day(day, time_zones[branch]) + _AFTER) for branch, day in sorted(days)]


async def _sum(held: Held, read: Connection, branch_id: str, day: date) -> None:
    """The cursor has passed all that is summed, so that what comes for the day from now on notes the day again."""
    entries = await journal.of_day(read.chain_id, read.id, branch_id, day, read.position)
    async with held.writing() as connection:
        if connection.position == read.position and await waiting.summed(connection.id, branch_id, day):
            drafts = of_day(branch_id, day, entries)
            await documents.insert_drafts(connection, drafts, clock.now(), whole=False)
