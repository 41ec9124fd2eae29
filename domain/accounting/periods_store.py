"""Every statement about accounting periods; what closes and reopens them holds the chain."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.kernel.access import Actor
from domain.kernel.calendar import end_of_day
from domain.kernel.commands import Work
from domain.kernel.db import Where, execute, insert, rows
from domain.kernel.ids import new_id
from domain.ledger.journal import accounts_branches, readable_books


@dataclass(frozen=True, slots=True)
class Period:
    """Days whose books were closed, from the first of all where there is no first day; open again after a reopening.

    `closed_by` and `reopened_by` are the operations, which say by whom and why.
    """

    id: str
    first_day: date | None
    last_day: date
    closed_at: datetime
    closed_by: str
    reopened_at: datetime | None
    reopened_by: str | None


_PERIOD = f"SELECT {', '.join(Period.__slots__)} FROM accounting_period"


async def lock_books(work: Work) -> date | None:
    """The first open day of the chain, None where its books were never closed.

    Every operation holds the chain by its foreign key: those on their way are waited for, and those that come wait.
    """
    found = await rows("SELECT books_open_from FROM chain WHERE id = $1 FOR UPDATE", work.chain_id)
    first_day: date | None = found[0]["books_open_from"]
    return first_day


async def clocks(work: Work) -> list[str]:
    """The time zones of the chain's branches."""
    found = await rows("SELECT DISTINCT time_zone FROM branch WHERE chain_id = $1 ORDER BY time_zone", work.chain_id)
    return [row["time_zone"] for row in found]


async def lapses_wait(work: Work, last_day: date, time_zones: Collection[str]) -> bool:
    """Whether sessions lapsed by the end of the day, on the clock of their home branch, and no sweep has posted it."""
    where = Where()
    where.add("p.chain_id = {chain}", chain=work.chain_id)
    where.add("l.available > 0 AND (p.disputed_at IS NULL OR l.lapses_at <= p.disputed_at)")
    ended = [
        f"(b.time_zone = {where.value(zone)} AND l.lapses_at < {where.value(end_of_day(last_day, zone))})"
        for zone in time_zones
    ]
    where.add(" OR ".join(ended) or "1 = 0")
    found = await rows(
        f"""SELECT l.id FROM lot l JOIN package p ON p.id = l.package_id JOIN branch b ON b.id = p.home_branch_id
        WHERE {where} LIMIT 1""",
        *where.args,
    )
    return bool(found)


async def estimates_wait(work: Work, last_day: date) -> bool:
    """Whether packages are still being caught up with an estimate of breakage that is posted by the day."""
    found = await rows(
        "SELECT id FROM breakage_run WHERE chain_id = $1 AND posted_on <= $2 AND finished_at IS NULL LIMIT 1",
        work.chain_id,
        last_day,
    )
    return bool(found)


async def insert_period(work: Work, first_day: date | None, last_day: date) -> Period:
    """A period that this act closes."""
    closed = Period(new_id("prd"), first_day, last_day, work.now, work.operation_id, None, None)
    record = {name: getattr(closed, name) for name in Period.__slots__}
    await insert("accounting_period", [record | {"chain_id": work.chain_id}])
    return closed


async def newest_closed(work: Work) -> Period | None:
    """The newest of the periods that are closed still."""
    found = await rows(
        f"{_PERIOD} WHERE chain_id = $1 AND reopened_at IS NULL ORDER BY last_day DESC LIMIT 1", work.chain_id
    )
    return Period(**found[0]) if found else None


async def note_reopened(work: Work, period: Period) -> None:
    """The period is open again."""
    await execute(
        "UPDATE accounting_period SET reopened_at = $2, reopened_by = $3 WHERE id = $1",
        period.id,
        work.now,
        work.operation_id,
    )


async def open_from(work: Work, first_day: date | None) -> None:
    """From now on the chain posts nothing before this day."""
    await execute("UPDATE chain SET books_open_from = $2 WHERE id = $1", work.chain_id, first_day)


async def page(actor: Actor, limit: int, before: str | None = None) -> list[Period]:
    """The periods of the chain, those closed last first, for whoever may read the books of some branch."""
    accounts_branches(actor, "accounting periods")
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    where.add_given("id < {value}", before)
    found = await rows(f"{_PERIOD} WHERE {where} ORDER BY id DESC LIMIT {where.value(limit)}", *where.args)
    return [Period(**row) for row in found]


async def by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, Period]:
    """Those of the periods that the actor may see, by id."""
    if readable_books(actor) == []:
        return {}
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    where.add("id = ANY({ids})", ids=list(ids))
    return {row["id"]: Period(**row) for row in await rows(f"{_PERIOD} WHERE {where}", *where.args)}
