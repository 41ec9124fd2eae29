"""Every statement about last days that are moved and about freezes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.expiry.errors import BookingInTheWay
from domain.expiry.rules.freezing import Period, Used
from domain.kernel.db import execute, insert, rows

MANUAL = "MANUAL"
"""The cause of a freeze that somebody asked for."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """A freeze that somebody asked for, as it is written down."""

    id: str
    starts_on: date
    thaws_on: date
    frozen_from: datetime
    days_added: int
    lots: Sequence[str]


async def note_extension(package_id: str, days: int, start_by: date | None) -> None:
    """Add to the days that the front desk has given the package, which is locked, and note the last day to start."""
    await execute(
        "UPDATE package SET extended_days = extended_days + $2, start_by = $3 WHERE id = $1", package_id, days, start_by
    )


async def used(package_id: str) -> Used:
    """How long and how often the package was frozen; one that was taken back before it began does not count."""
    (found,) = await rows(
        """SELECT COALESCE(SUM(days_added), 0) AS days, COUNT(*) AS times FROM "freeze"
        WHERE package_id = $1 AND cause = $2 AND frozen_from < thaws_at""",
        package_id,
        MANUAL,
    )
    return Used(int(found["days"]), found["times"])


async def bookings_between(package_id: str, start: datetime, end: datetime) -> list[BookingInTheWay]:
    """The confirmed bookings of the package that start in this time, earliest first."""
    found = await rows(
        """SELECT id AS booking_id, starts_at FROM booking WHERE package_id = $1 AND state = 'CONFIRMED'
        AND starts_at >= $2 AND starts_at < $3 ORDER BY starts_at, id""",
        package_id,
        start,
        end,
    )
    return [BookingInTheWay(**row) for row in found]


async def begin(
    freeze_id: str, package_id: str, period: Period, lot_ids: Sequence[str], start_by: date | None, operation_id: str
) -> None:
    """Write a freeze down and let the package, which is locked, bear it."""
    record: dict[str, Any] = {
        "id": freeze_id,
        "package_id": package_id,
        "cause": MANUAL,
        "starts_on": period.starts_on,
        "thaws_on": period.thaws_on,
        "frozen_from": period.frozen_from,
        "thaws_at": period.thaws_at,
        "days_added": period.days,
        "lots": list(lot_ids),
        "frozen_by": operation_id,
    }
    await insert("freeze", [record])
    await _bear(package_id, period.frozen_from, period.thaws_at, start_by)


async def newest(package_id: str, frozen_from: datetime) -> Freeze:
    """The freeze that the package, which is locked, bears."""
    (found,) = await rows(
        """SELECT id, starts_on, thaws_on, frozen_from, days_added, lots FROM "freeze"
        WHERE package_id = $1 AND cause = $2 AND frozen_from = $3 AND frozen_from < thaws_at""",
        package_id,
        MANUAL,
        frozen_from,
    )
    return Freeze(**found)


async def thaw(
    freeze: Freeze, package_id: str, thaws_on: date, thaws_at: datetime, start_by: date | None, operation_id: str
) -> None:
    """End a freeze before its time; one that had not begun leaves the package with the one before, if any."""
    await execute(
        'UPDATE "freeze" SET thaws_on = $2, thaws_at = $3, days_added = $4, thawed_by = $5 WHERE id = $1',
        freeze.id,
        thaws_on,
        thaws_at,
        (thaws_on - freeze.starts_on).days,
        operation_id,
    )
    if freeze.frozen_from < thaws_at:
        await _bear(package_id, freeze.frozen_from, thaws_at, start_by)
    else:
        await _bear(package_id, *await _one_before(package_id), start_by)


async def _one_before(package_id: str) -> tuple[datetime | None, datetime | None]:
    found = await rows(
        """SELECT frozen_from, thaws_at FROM "freeze" WHERE package_id = $1 AND frozen_from < thaws_at
        ORDER BY thaws_at DESC LIMIT 1""",
        package_id,
    )
    return (found[0]["frozen_from"], found[0]["thaws_at"]) if found else (None, None)


async def _bear(
    package_id: str, frozen_from: datetime | None, thaws_at: datetime | None, start_by: date | None
) -> None:
    await execute(
        "UPDATE package SET frozen_from = $2, thaws_at = $3, start_by = $4 WHERE id = $1",
        package_id,
        frozen_from,
        thaws_at,
        start_by,
    )
