"""Every statement about the method of breakage, about estimates, and about runs that catch packages up with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.branches.settings import BreakageMethod
from domain.catalog.store import EXPECTED_BREAKAGE
from domain.kernel.commands import Work
from domain.kernel.db import Where, execute, insert, rows
from domain.kernel.ids import new_id
from domain.ledger.accounts import Account, Event
from domain.ledger.rules import EXPECTED_TO_LAPSE


@dataclass(frozen=True, slots=True)
class Books:
    """How a chain recognises breakage, and from which day on its books are open; None where they never closed."""

    method: BreakageMethod
    open_from: date | None


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is not finished, and the package that it has come to."""

    id: str
    chain_id: str
    definition_id: str | None
    posted_on: date
    after: str = ""


@dataclass(frozen=True, slots=True)
class Estimated:
    """A package, locked, with the share of it that is expected to lapse by now."""

    id: str
    version: int
    holder_id: str
    home_branch_id: str
    time_zone: str
    currency: str
    sold_at: datetime
    homed_at: datetime | None
    disputed_at: datetime | None
    breakage_bp: int


async def lock_books(chain_id: str) -> Books:
    """Wait for every operation of the chain that is on its way, and let none begin to post before this act ends."""
    found = await rows("SELECT breakage_method, books_open_from FROM chain WHERE id = $1 FOR UPDATE", chain_id)
    return Books(BreakageMethod(found[0]["breakage_method"]), found[0]["books_open_from"])


async def anything_posted(chain_id: str) -> bool:
    """Whether the chain has a journal entry."""
    return bool(await rows("SELECT id FROM journal_entry WHERE chain_id = $1 LIMIT 1", chain_id))


async def breakage_posted(chain_id: str, since: date) -> bool:
    """Whether breakage was recognised or taken back, or an estimate caught up with, on that day or later."""
    events = (Event.LAPSE, Event.REINSTATEMENT, Event.REESTIMATE)
    found = await rows(
        """SELECT e.id FROM journal_entry e WHERE e.chain_id = $1 AND e.posted_on >= $2
        AND (e.event = ANY($3)
            OR EXISTS (SELECT 1 FROM journal_line l WHERE l.entry_id = e.id AND l.account = $4)) LIMIT 1""",
        chain_id,
        since,
        [event.value for event in events],
        Account.BREAKAGE_REVENUE.value,
    )
    return bool(found)


async def change_method(chain_id: str, method: BreakageMethod) -> None:
    """The chain, which is locked, recognises breakage by this method from now on."""
    await execute("UPDATE chain SET breakage_method = $2 WHERE id = $1", chain_id, method.value)


async def insert_estimate(work: Work, definition_id: str, rate_bp: int) -> None:
    """From now on this is the newest estimate of the definition."""
    record = {
        "id": new_id("est"),
        "definition_id": definition_id,
        "operation_id": work.operation_id,
        "rate_bp": rate_bp,
        "estimated_at": work.now,
    }
    await insert("breakage_estimate", [record])


async def insert_run(work: Work, run: Run) -> None:
    """A run that is to be carried out, over as many packages as are outdated now."""
    record: dict[str, Any] = {
        "id": run.id,
        "chain_id": run.chain_id,
        "definition_id": run.definition_id,
        "operation_id": work.operation_id,
        "posted_on": run.posted_on,
        "packages": await _count(run),
        "started_at": work.now,
    }
    await insert("breakage_run", [record])


_EXPECTED = EXPECTED_BREAKAGE.format(definition="p.definition_id")
_OUTDATED = f"""EXISTS (SELECT 1 FROM lot l WHERE l.package_id = p.id AND l.package_id > {{after}}
    AND l.available + l.held > 0 AND l.origin = ANY({{origins}}) AND l.breakage_bp <> {_EXPECTED})"""
_ORIGINS = sorted(origin.value for origin in EXPECTED_TO_LAPSE)


def _outdated(run: Run) -> Where:
    """The packages after the one that was done last of which something left goes by another share than is expected."""
    where = Where()
    where.add("p.chain_id = {chain}", chain=run.chain_id)
    where.add_given("p.definition_id = {value}", run.definition_id)
    # Said of the lots too: joined, all lots of packages that were caught up before would be read through again.
    where.add(f"p.id > {{after}} AND {_OUTDATED}", after=run.after, origins=_ORIGINS)
    return where


async def _count(run: Run) -> int:
    where = _outdated(run)
    found = await rows(
        f"SELECT COUNT(*) AS packages FROM package p JOIN chain c ON c.id = p.chain_id WHERE {where}", *where.args
    )
    packages: int = found[0]["packages"]
    return packages


async def unfinished() -> list[str]:
    """The runs of any chain that are not finished, oldest first."""
    return [row["id"] for row in await rows("SELECT id FROM breakage_run WHERE finished_at IS NULL ORDER BY id")]


async def lock_run(run_id: str) -> Run | None:
    """Lock a run where it stands; None when it is finished, or somebody else has it."""
    found = await rows(
        """SELECT id, chain_id, definition_id, posted_on, after_package_id AS after FROM breakage_run
        WHERE id = $1 AND finished_at IS NULL FOR NO KEY UPDATE SKIP LOCKED""",
        run_id,
    )
    return Run(**found[0]) if found else None


async def following(run: Run, limit: int) -> list[str]:
    """The next packages that are to be caught up."""
    where = _outdated(run)
    found = await rows(
        f"""SELECT p.id FROM package p JOIN chain c ON c.id = p.chain_id WHERE {where}
        ORDER BY p.id LIMIT {where.value(limit)}""",
        *where.args,
    )
    return [row["id"] for row in found]


async def lock_packages(package_ids: Sequence[str]) -> list[Estimated]:
    """Lock packages in the order of their ids; their lots must be read after this."""
    ids = sorted(package_ids)
    await rows("SELECT id FROM package WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", ids)
    found = await rows(
        f"""SELECT p.id, p.version, p.holder_id, p.home_branch_id, b.time_zone, p.currency, p.sold_at, p.homed_at,
        p.disputed_at, {_EXPECTED} AS breakage_bp
        FROM package p JOIN chain c ON c.id = p.chain_id JOIN branch b ON b.id = p.home_branch_id
        WHERE p.id = ANY($1) ORDER BY p.id""",
        ids,
    )
    return [Estimated(**row) for row in found]


async def advance(run: Run, after: str, done: int, failed: int, changed_minor: int) -> None:
    """Note how far a run, which is locked, has come."""
    await execute(
        """UPDATE breakage_run SET after_package_id = $2, done = done + $3, failed = failed + $4,
        changed_minor = changed_minor + $5 WHERE id = $1""",
        run.id,
        after,
        done,
        failed,
        changed_minor,
    )


async def finish(run: Run, at: datetime) -> None:
    """Nothing is left to do; from now on the number of packages is what was done, whatever it was taken to be."""
    await execute("UPDATE breakage_run SET finished_at = $2, packages = done + failed WHERE id = $1", run.id, at)
