"""Every statement about disputes: the freeze that a dispute is, and the days it adds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kernel.db import execute, insert, rows
from domain.kernel.ids import new_id

CAUSE = "DISPUTE"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute that is open: the freeze it is, and the operation that opened it."""

    freeze_id: str
    opened_by: str
    starts_on: date


async def begin(package_id: str, operation_id: str, disputed_at: datetime, starts_on: date) -> None:
    """Freeze the package, which is locked, with an open end."""
    await insert("freeze", [_record(package_id, operation_id, disputed_at, starts_on)])
    await execute("UPDATE package SET disputed_at = $2 WHERE id = $1", package_id, disputed_at)


def _record(package_id: str, operation_id: str, disputed_at: datetime, starts_on: date) -> dict[str, Any]:
    return {
        "id": new_id("frz"),
        "package_id": package_id,
        "cause": CAUSE,
        "starts_on": starts_on,
        "frozen_from": disputed_at,
        "lots": [],
        "frozen_by": operation_id,
    }


async def open_dispute(package_id: str) -> Dispute:
    """The dispute that is open on the package, which is locked."""
    (found,) = await rows(
        'SELECT id, frozen_by, starts_on FROM "freeze" WHERE package_id = $1 AND cause = $2 AND thaws_at IS NULL',
        package_id,
        CAUSE,
    )
    return Dispute(found["id"], found["frozen_by"], found["starts_on"])


async def reinstated_since(package_id: str, disputed_at: datetime) -> dict[str, datetime]:
    """The lots that had lapsed before the dispute and that an extension brought back during it, and when."""
    found = await rows(
        """SELECT m.lot_id, m.effective_at FROM movement m JOIN operation o ON o.id = m.operation_id
        WHERE m.package_id = $1 AND m.source = 'EXPIRED' AND m.effective_at >= $2 AND o.act = 'extend_package'""",
        package_id,
        disputed_at,
    )
    return {row["lot_id"]: row["effective_at"] for row in found}


async def end(dispute: Dispute, operation_id: str, ended_at: datetime, ended_on: date, lots: dict[str, int]) -> None:
    """Write down when the dispute ended, and the days it has added to which lots."""
    await execute(
        'UPDATE "freeze" SET thaws_on = $2, thaws_at = $3, days_added = $4, lots = $5, thawed_by = $6 WHERE id = $1',
        dispute.freeze_id,
        ended_on,
        ended_at,
        max(lots.values(), default=0),
        sorted(lots),
        operation_id,
    )


async def thaw(package_id: str, disputed_at: datetime, ended_at: datetime, start_by: date | None) -> None:
    """The package is disputed no more; the time of the dispute is its newest freeze unless one lasts longer."""
    await execute(
        """UPDATE package SET disputed_at = NULL, start_by = $4,
        frozen_from = CASE WHEN thaws_at > $3 THEN frozen_from ELSE $2 END,
        thaws_at = CASE WHEN thaws_at > $3 THEN thaws_at ELSE $3 END WHERE id = $1""",
        package_id,
        disputed_at,
        ended_at,
        start_by,
    )
