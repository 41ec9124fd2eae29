"""The statements of reconciliations, which are only ever added."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from domain.accounting.sync.comparing import Difference, DifferenceKind
from domain.kernel.db import Where, insert, rows


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


_COLUMNS = ", ".join(Reconciled.__slots__)


async def insert_reconciliation(new: Reconciled) -> None:
    """Write down what a comparison came to."""
    record = {name: getattr(new, name) for name in Reconciled.__slots__}
    await insert("sync_reconciliation", [record | {"differences": [_told(each) for each in new.differences]}])


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
