"""The statements of reconciliations, and of what documents are known to be by them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from domain.accounting.sync.comparing import Compared, Difference, DifferenceKind
from domain.accounting.sync.documents_store import DOCUMENT, NOT_BOOKED, document
from domain.accounting.sync.sending_store import LONGEST_REMOTE_ID, found_by_comparing
from domain.accounting.sync.view import SyncDocument
from domain.kernel.db import Where, execute_many, insert, rows
from domain.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A comparison of the documents of these days; `reconciled_by` is empty where Carnet did it by itself.

    `compared` are those that should be there; those that wait, or were refused, and are not there yet are `waiting`.
    """

    id: str
    connection_id: str
    first_day: date
    last_day: date
    compared: int
    differences: tuple[Difference, ...]
    reconciled_by: str
    reconciled_at: datetime
    waiting: int = 0


_NAMES = tuple(name for name in Reconciled.__slots__ if name != "waiting")
_COLUMNS = ", ".join(_NAMES)


async def with_ids(connection_id: str, document_ids: Sequence[str]) -> list[SyncDocument]:
    """Those of the documents that are of the connection."""
    found = await rows(
        f"{DOCUMENT} WHERE connection_id = $1 AND id = ANY($2) ORDER BY number", connection_id, list(document_ids)
    )
    return [document(row) for row in found]


async def of_others(connection_id: str, document_ids: Sequence[str]) -> set[str]:
    """Those of the ids that are documents of other connections, of whatever chain; nothing more of them is told."""
    found = await rows(
        "SELECT id FROM sync_document WHERE connection_id <> $1 AND id = ANY($2)", connection_id, list(document_ids)
    )
    return {row["id"] for row in found}


async def waiting_before(connection_id: str, day: date) -> int:
    """How many documents of earlier days are still to be sent, or were refused."""
    found = await rows(
        f"SELECT COUNT(*) AS documents FROM sync_document WHERE connection_id = $1 AND {NOT_BOOKED} AND day < $2",
        connection_id,
        day,
    )
    return int(found[0]["documents"])


async def note(compared: Compared, at: datetime) -> None:
    """What is booked as it should be is verified, what is there at all was sent, and what is not is in doubt."""
    verified = """UPDATE sync_document SET state = 'VERIFIED', remote_id = $2, verified_at = $3,
        sent_at = COALESCE(sent_at, $3), due_at = NULL, problem = NULL, message = '', hint = '' WHERE id = $1"""
    found = """UPDATE sync_document SET state = 'SENT', remote_id = $2, sent_at = COALESCE(sent_at, $3),
        due_at = NULL, problem = NULL, message = '', hint = '' WHERE id = $1"""
    await found_by_comparing([*compared.verified, *compared.found], at)
    await execute_many(verified, [(ours, its[:LONGEST_REMOTE_ID], at) for ours, its in compared.verified.items()])
    await execute_many(found, [(ours, its[:LONGEST_REMOTE_ID], at) for ours, its in compared.found.items()])
    await execute_many(
        "UPDATE sync_document SET state = 'SENT', verified_at = NULL WHERE id = $1 AND state = 'VERIFIED'",
        [(each,) for each in compared.doubted],
    )


async def insert_reconciliation(
    connection_id: str, first: date, last: date, count: int, outcome: Compared, by: str, at: datetime
) -> Reconciled:
    """Write down what a comparison came to."""
    differences = tuple(outcome.differences)
    new = Reconciled(new_id("rcn"), connection_id, first, last, count, differences, by, at, outcome.waiting)
    record = {name: getattr(new, name) for name in _NAMES}
    told = [_told(each) for each in differences]
    kept = {"waiting": new.waiting, "differences": told} if new.waiting else told
    await insert("sync_reconciliation", [record | {"differences": kept}])
    return new


def _told(difference: Difference) -> dict[str, Any]:
    found_day = difference.found_day.isoformat() if difference.found_day else None
    return asdict(difference) | {"day": difference.day.isoformat(), "found_day": found_day}


def _difference(row: Mapping[str, Any]) -> Difference:
    found_day = date.fromisoformat(row["found_day"]) if row["found_day"] else None
    known = {**row, "kind": DifferenceKind(row["kind"]), "day": date.fromisoformat(row["day"])}
    return Difference(**known | {"found_day": found_day})


async def reconciliations(connection_id: str, limit: int, before: str | None = None) -> list[Reconciled]:
    """The newest first; the caller may see the connection."""
    where = Where()
    where.add("connection_id = {connection}", connection=connection_id)
    where.add_given("id < {value}", before)
    found = await rows(
        f"SELECT {_COLUMNS} FROM sync_reconciliation WHERE {where} ORDER BY id DESC LIMIT {where.value(limit)}",
        *where.args,
    )
    return [_reconciled(row) for row in found]


async def by_ids(chain_id: str, ids: Sequence[str]) -> dict[str, Reconciled]:
    """Those that are of connections of the chain."""
    found = await rows(
        f"""SELECT {_COLUMNS} FROM sync_reconciliation WHERE id = ANY($2)
        AND connection_id IN (SELECT id FROM accounting_connection WHERE chain_id = $1)""",
        chain_id,
        list(ids),
    )
    return {row["id"]: _reconciled(row) for row in found}


def _reconciled(row: dict[str, Any]) -> Reconciled:
    kept = row["differences"]
    waiting, told = (0, kept) if isinstance(kept, list) else (kept["waiting"], kept["differences"])
    return Reconciled(**row | {"differences": tuple(map(_difference, told)), "waiting": waiting})
