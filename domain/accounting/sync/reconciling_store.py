"""The statements of reconciliations, and of what documents are known to be by them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from domain.accounting.sync.comparing import Compared, Difference, DifferenceKind
from domain.accounting.sync.documents_store import DOCUMENT, document
from domain.accounting.sync.sending_store import LONGEST_REMOTE_ID
from domain.accounting.sync.view import SyncDocument
from domain.kernel.db import Where, execute_many, insert, rows
from domain.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A comparison of the documents of these days; `reconciled_by` is empty where Carnet did it by itself."""

    id: str
    connection_id: str
    first_day: date
    last_day: date
    compared: int
    differences: tuple[Difference, ...]
    reconciled_by: str
    reconciled_at: datetime


_COLUMNS = ", ".join(Reconciled.__slots__)


async def with_ids(connection_id: str, document_ids: Sequence[str]) -> list[SyncDocument]:
    """Those of the documents that are of the connection."""
    found = await rows(
        f"{DOCUMENT} WHERE connection_id = $1 AND id = ANY($2) ORDER BY number", connection_id, list(document_ids)
    )
    return [document(row) for row in found]


async def note(compared: Compared, at: datetime) -> None:
    """What is booked as it should be is verified, what is there at all was sent, and what is not is in doubt."""
    verified = """UPDATE sync_document SET state = 'VERIFIED', remote_id = $2, verified_at = $3,
        sent_at = COALESCE(sent_at, $3), due_at = NULL, problem = NULL, message = '', hint = '' WHERE id = $1"""
    found = """UPDATE sync_document SET state = 'SENT', remote_id = $2, sent_at = COALESCE(sent_at, $3),
        due_at = NULL, problem = NULL, message = '', hint = '' WHERE id = $1"""
    await execute_many(verified, [(ours, its[:LONGEST_REMOTE_ID], at) for ours, its in compared.verified.items()])
    await execute_many(found, [(ours, its[:LONGEST_REMOTE_ID], at) for ours, its in compared.found.items()])
    await execute_many(
        "UPDATE sync_document SET state = 'SENT', verified_at = NULL WHERE id = $1 AND state = 'VERIFIED'",
        [(each,) for each in compared.doubted],
    )


async def insert_reconciliation(
    connection_id: str, first: date, last: date, count: int, differences: Sequence[Difference], by: str, at: datetime
) -> Reconciled:
    """Write down what a comparison came to."""
    new = Reconciled(new_id("rcn"), connection_id, first, last, count, tuple(differences), by, at)
    record = {name: getattr(new, name) for name in Reconciled.__slots__}
    await insert("sync_reconciliation", [record | {"differences": [_told(each) for each in differences]}])
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
    return Reconciled(**row | {"differences": tuple(map(_difference, row["differences"]))})
