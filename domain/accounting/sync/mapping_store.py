"""Every statement about what accounts are called elsewhere; rows are only ever added."""

from collections.abc import Sequence
from typing import Any

from domain.accounting.sync.mapping import Chart, Mapped
from domain.accounting.sync.view import MappedRow
from domain.kernel.commands import Work
from domain.kernel.db import insert, rows
from domain.ledger.accounts import Account

_ROW = """SELECT id, version, account, branch_id, service_id, tax_code, remote_account, dimensions, mapped_by, mapped_at
    FROM account_mapping"""


def _row(row: dict[str, Any]) -> MappedRow:
    mapped = Mapped(
        Account(row["account"]),
        row["remote_account"],
        row["branch_id"],
        row["service_id"],
        row["tax_code"],
        row["dimensions"],
    )
    return MappedRow(row["id"], row["version"], mapped, row["mapped_by"], row["mapped_at"])


async def history(connection_id: str, until_version: int | None = None) -> list[MappedRow]:
    """Every row up to a version, or up to now, oldest first."""
    found = await rows(
        f"{_ROW} WHERE connection_id = $1 AND version <= $2 ORDER BY id", connection_id, until_version or 2**31 - 1
    )
    return [_row(row) for row in found]


async def chart(connection_id: str, version: int | None = None) -> Chart:
    """The mapping as it was in a version, or as it is now."""
    kept = await history(connection_id, version)
    return Chart(max((row.version for row in kept), default=0), [row.mapped for row in kept])


async def version(connection_id: str) -> int:
    """The newest version."""
    found = await rows(
        "SELECT COALESCE(MAX(version), 0) AS version FROM account_mapping WHERE connection_id = $1", connection_id
    )
    return int(found[0]["version"])


async def insert_version(work: Work, connection_id: str, number: int, mapped: Sequence[Mapped]) -> None:
    """The rows of a new version; what they do not name stays as it was."""
    records = [
        {
            "connection_id": connection_id,
            "version": number,
            "account": row.account.value,
            "branch_id": row.branch_id,
            "service_id": row.service_id,
            "tax_code": row.tax_code,
            "remote_account": row.remote_account,
            "dimensions": dict(row.dimensions),
            "mapped_by": work.actor.id,
            "mapped_at": work.now,
        }
        for row in mapped
    ]
    await insert("account_mapping", records)
