"""The statements by which a comparison knows what should be booked; no more of a document than it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounting.sync.documents_store import NOT_BOOKED
from domain.accounting.sync.legs import from_json
from domain.accounting.sync.rendering import Sheet
from domain.accounting.sync.rules import DocumentState
from domain.kernel.db import Where, rows

_RENDERED = """SELECT id, branch_id, day, booked_on, currency, lines, mapping_version, state FROM sync_document
    WHERE connection_id = $1 AND body IS NOT NULL AND mapping_version IS NOT NULL"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document as it was rendered, but for its words; what never was cannot be there."""

    sheet: Sheet
    branch_id: str | None
    mapping_version: int
    state: DocumentState


def _rendered(row: dict[str, Any]) -> Rendered:
    sheet = Sheet(row["id"], row["day"], row["booked_on"], row["currency"], "", from_json(row["lines"]))
    return Rendered(sheet, row["branch_id"], row["mapping_version"], DocumentState(row["state"]))


async def between(connection_id: str, first: date, last: date) -> list[Rendered]:
    """The documents that are to be booked on these days, in the order in which they were made."""
    found = await rows(
        f"""{_RENDERED} AND day <= $3
        AND ((booked_on IS NULL AND day >= $2) OR (booked_on >= $2 AND booked_on <= $3)) ORDER BY number""",
        connection_id,
        first,
        last,
    )
    return [_rendered(row) for row in found]


async def with_ids(connection_id: str, document_ids: Sequence[str]) -> list[Rendered]:
    """Those of the documents that are of the connection."""
    found = await rows(f"{_RENDERED} AND id = ANY($2) ORDER BY number", connection_id, list(document_ids))
    return [_rendered(row) for row in found]


async def owners(document_ids: Sequence[str]) -> dict[str, str]:
    """The connection of each of the ids that is a document, of whatever chain; nothing more of them is told."""
    found = await rows("SELECT id, connection_id FROM sync_document WHERE id = ANY($1)", list(document_ids))
    return {row["id"]: row["connection_id"] for row in found}


async def documents_by_day(connection_id: str, first: date, last: date) -> list[tuple[date, int]]:
    """How many documents there are of each of these days that has any."""
    found = await rows(
        """SELECT day, COUNT(*) AS documents FROM sync_document
        WHERE connection_id = $1 AND day >= $2 AND day <= $3 GROUP BY day ORDER BY day""",
        connection_id,
        first,
        last,
    )
    return [(row["day"], int(row["documents"])) for row in found]


async def unverified_days(connection_id: str, before: date) -> set[date]:
    """The earlier days of documents that were sent and not read back."""
    found = await rows(
        "SELECT DISTINCT day, booked_on FROM sync_document WHERE connection_id = $1 AND state = 'SENT' AND day < $2",
        connection_id,
        before,
    )
    days = {row["booked_on"] or row["day"] for row in found}
    return {day for day in days if day < before}


async def waiting(connection_id: str, first: date | None, last: date) -> int:
    """How many documents of these days are still to be sent, or were refused."""
    where = Where()
    where.add(
        "connection_id = {connection} AND COALESCE(booked_on, day) <= {last}", connection=connection_id, last=last
    )
    where.add_given("COALESCE(booked_on, day) >= {value}", first)
    found = await rows(f"SELECT COUNT(*) AS documents FROM sync_document WHERE {where} AND {NOT_BOOKED}", *where.args)
    return int(found[0]["documents"])
