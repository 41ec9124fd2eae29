"""Every statement about documents, but for what the graph asks and what moves them from one state to the next.

Whoever changes them holds the connection, or has locked its row or the document's, as a mapping and a retry do.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from domain.accounting.connectors.opening import kind
from domain.accounting.connectors.protocol import Problem
from domain.accounting.sync.legs import Draft, from_json, to_json
from domain.accounting.sync.rules import DocumentState
from domain.accounting.sync.view import Connection, SyncDocument
from domain.kernel.db import execute, insert, rows
from domain.kernel.ids import new_id

COLUMNS = tuple("lines" if name == "legs" else name for name in SyncDocument.__slots__)
DOCUMENT = f"SELECT {', '.join(COLUMNS)} FROM sync_document"


def document(row: dict[str, Any]) -> SyncDocument:
    """The document of a row of all its columns."""
    known = row | {"state": DocumentState(row["state"]), "legs": from_json(row["lines"])}
    known["problem"] = Problem(row["problem"]) if row["problem"] else None
    del known["lines"]
    return SyncDocument(**known)


async def insert_drafts(connection: Connection, drafts: Sequence[Draft], at: datetime, whole: bool) -> None:
    """Make documents; of whole entries, or of what one branch posted in them."""
    if not drafts:
        return
    found = await rows(
        "SELECT number FROM sync_document WHERE connection_id = $1 ORDER BY number DESC LIMIT 1", connection.id
    )
    first = (found[0]["number"] if found else 0) + 1
    numbered = [(new_id("doc"), number, draft) for number, draft in enumerate(drafts, first)]
    await insert("sync_document", [_record(connection.id, *each, at) for each in numbered])
    await insert(
        "sync_document_entry",
        [
            {
                "connection_id": connection.id,
                "document_id": document_id,
                "entry_id": entry_id,
                "branch_id": "" if whole else draft.branch_id,
            }
            for document_id, _, draft in numbered
            for entry_id in draft.entry_ids
        ],
    )


def _record(connection_id: str, document_id: str, number: int, draft: Draft, at: datetime) -> dict[str, Any]:
    return {
        "id": document_id,
        "connection_id": connection_id,
        "number": number,
        "branch_id": draft.branch_id,
        "day": draft.day,
        "currency": draft.currency,
        "memo": draft.memo[:500],
        "lines": to_json(draft.legs),
        "entries": len(draft.entry_ids),
        "first_position": draft.first_position,
        "last_position": draft.last_position,
        "state": DocumentState.PENDING.value,
        "due_at": at,
        "made_at": at,
    }


WAITS = "state IN ('PENDING', 'SENDING', 'UNCERTAIN')"
NOT_BOOKED = "state IN ('PENDING', 'SENDING', 'UNCERTAIN', 'REJECTED')"


async def due(connection_id: str, now: datetime, limit: int) -> list[SyncDocument]:
    """The documents that are to be looked for and those that are to be sent, by turns: neither waits for the other."""
    # SQLite takes the index of what waits only where that is said as the index says it.
    first = f"{DOCUMENT} WHERE connection_id = $1 AND {WAITS} AND due_at <= $2 AND"
    found = await rows(
        f"""SELECT * FROM ({first} state IN ('SENDING', 'UNCERTAIN') ORDER BY due_at, number LIMIT $3) AS doubtful
        UNION ALL SELECT * FROM ({first} state = 'PENDING' ORDER BY due_at, number LIMIT $3) AS waiting""",
        connection_id,
        now,
        limit,
    )
    documents = [document(row) for row in found]
    doubtful = [each for each in documents if each.state is not DocumentState.PENDING]
    turns = zip_longest(doubtful, documents[len(doubtful) :])
    return [each for turn in turns for each in turn if each is not None][:limit]


async def wake_unmapped(connection_id: str, now: datetime, version: int) -> None:
    """What an older version of the mapping said nothing of is tried with this one."""
    await execute(
        f"""UPDATE sync_document SET due_at = $2
        WHERE connection_id = $1 AND {WAITS} AND due_at IS NULL AND mapping_version < $3""",
        connection_id,
        now,
        version,
    )


async def hurry(connection: Connection, now: datetime) -> int:
    """What was put off is due now, and what has got no answer as soon as it can be looked for; how many it was."""
    sooner = """UPDATE sync_document SET due_at = $2 WHERE connection_id = $1 AND state = $3 AND due_at > $2"""
    pending = await execute(sooner, connection.id, now, DocumentState.PENDING.value)
    settled = now + kind(connection.system).settles
    return pending + await execute(sooner, connection.id, settled, DocumentState.UNCERTAIN.value)


async def pending(connection_id: str, limit: int) -> list[SyncDocument]:
    """The documents that were not sent yet, in the order in which they were made."""
    found = await rows(
        f"{DOCUMENT} WHERE connection_id = $1 AND state = 'PENDING' ORDER BY number LIMIT $2", connection_id, limit
    )
    return [document(row) for row in found]


async def lock(chain_id: str, document_id: str) -> SyncDocument | None:
    """Lock a document of the chain."""
    found = await rows(
        f"""{DOCUMENT} WHERE id = $1
        AND connection_id IN (SELECT id FROM accounting_connection WHERE chain_id = $2) FOR UPDATE""",
        document_id,
        chain_id,
    )
    return document(found[0]) if found else None


async def count_states(connection_ids: Sequence[str]) -> dict[str, dict[DocumentState, int]]:
    """How many documents of each connection stand where."""
    found = await rows(
        """SELECT connection_id, state, COUNT(*) AS documents FROM sync_document
        WHERE connection_id = ANY($1) GROUP BY connection_id, state""",
        list(connection_ids),
    )
    counts: dict[str, dict[DocumentState, int]] = {each: {} for each in connection_ids}
    for row in found:
        counts[row["connection_id"]][DocumentState(row["state"])] = row["documents"]
    return counts


async def count_problems(connection_ids: Sequence[str]) -> dict[str, dict[Problem, int]]:
    """Why documents of each connection are not booked, and how many."""
    found = await rows(
        f"""SELECT connection_id, problem, COUNT(*) AS documents FROM sync_document
        WHERE connection_id = ANY($1) AND {NOT_BOOKED} AND problem IS NOT NULL
        GROUP BY connection_id, problem ORDER BY problem""",
        list(connection_ids),
    )
    counts: dict[str, dict[Problem, int]] = {each: {} for each in connection_ids}
    for row in found:
        counts[row["connection_id"]][Problem(row["problem"])] = row["documents"]
    return counts
