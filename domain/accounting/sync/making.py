"""Makes documents of what was sealed since the last time, each entry once for each branch that is handed over.

Whole entries become documents as they come. Days are summed when they are over on the branch's own clock; until then
they are only noted. What comes later for a day that was summed makes a further document.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial

from domain.accounting.sync import connections_store as store
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import journal_store as journal
from domain.accounting.sync.lease import Held
from domain.accounting.sync.legs import SealedEntry, of_day, of_entry
from domain.accounting.sync.rules import Mode
from domain.accounting.sync.view import Connection
from domain.kernel import clock
from domain.kernel.calendar import end_of_day
from domain.kernel.db import retrying

_AFTER = timedelta(minutes=5)
"""After its end a day gets so long for what was on its way to be sealed, and for lapses to be posted."""


async def make_documents(held: Held, at_most: int = 1000) -> int:
    """Go on by so many sealed operations, and sum a day that is over; how much of both was done.

    How far the connection has come is written together with the documents, so that nothing is made twice or left out.
    """
    connection = await store.connection(held.connection_id)
    until, entries = await journal.following(connection.chain_id, connection.position, at_most, connection.branch_ids)
    if until > connection.position:
        await retrying(partial(_go_on, held, connection, until, entries))
        return until - connection.position
    day = over(connection.waiting_days, await store.time_zones(connection.chain_id), clock.now())
    if day is None:
        return 0
    await retrying(partial(_sum, held, connection, *day))
    return 1


def over(waiting: Collection[tuple[str, date]], time_zones: dict[str, str], now: datetime) -> tuple[str, date] | None:
    """The earliest of the days that is over at its branch."""
    ended = [(day, branch) for branch, day in waiting if end_of_day(day, time_zones[branch]) + _AFTER <= now]
    day, branch = min(ended, default=(None, ""))
    return None if day is None else (branch, day)


async def _go_on(held: Held, read: Connection, until: int, entries: Collection[SealedEntry]) -> None:
    async with held.writing() as connection:
        if connection.position != read.position:
            return
        kept = [entry for entry in entries if entry.posted_on >= connection.starts_on]
        waiting = set(connection.waiting_days)
        if connection.mode is Mode.PER_ENTRY:
            await documents.insert_drafts(connection, [of_entry(entry) for entry in kept], clock.now(), whole=True)
        else:
            waiting |= {(leg.branch_id, entry.posted_on) for entry in kept for leg in entry.legs}
        await store.moved_on(connection.id, until, sorted(waiting))


async def _sum(held: Held, read: Connection, branch_id: str, day: date) -> None:
    """The cursor has passed all that is summed, so that what comes for the day from now on notes the day again."""
    entries = await journal.of_day(read.chain_id, read.id, branch_id, day, read.position)
    async with held.writing() as connection:
        if connection.position != read.position or (branch_id, day) not in connection.waiting_days:
            return
        drafts = of_day(branch_id, day, entries)
        await documents.insert_drafts(connection, drafts, clock.now(), whole=False)
        left = [each for each in connection.waiting_days if each != (branch_id, day)]
        await store.moved_on(connection.id, connection.position, left)
