"""Which connections there is something to do for: one statement, however many there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.accounting.sync.connections_store import COLUMNS, connection_of
from domain.accounting.sync.documents_store import WAITS
from domain.accounting.sync.view import Connection
from domain.kernel.db import rows

# Each part ends at the first row of an index.
_TO_DO = f"""EXISTS (SELECT 1 FROM sealed_operation s WHERE s.chain_id = c.chain_id AND s.position > c.position)
    OR EXISTS (SELECT 1 FROM sync_waiting_day w WHERE w.connection_id = c.id AND w.over_at <= $1)
    OR EXISTS (SELECT 1 FROM sync_document d WHERE d.connection_id = c.id AND d.{WAITS} AND d.due_at <= $1)"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A connection, the clock of the oldest branch of its chain, and whether anything is to be made or sent."""

    connection: Connection
    time_zone: str
    to_do: bool


async def standings(now: datetime) -> list[Standing]:
    """Those of all chains that are at work, do not rest, and that nobody holds."""
    found = await rows(
        f"""SELECT {COLUMNS}, ({_TO_DO}) AS to_do,
        (SELECT b.time_zone FROM branch b WHERE b.chain_id = c.chain_id ORDER BY b.id LIMIT 1) AS time_zone
        FROM accounting_connection c WHERE state = 'ACTIVE' AND (rests_until IS NULL OR rests_until <= $1)
        AND (leased_until IS NULL OR leased_until < $1) ORDER BY id""",
        now,
    )
    return [_standing(row.pop("time_zone"), bool(row.pop("to_do")), row) for row in found]


def _standing(time_zone: str | None, to_do: bool, row: dict[str, Any]) -> Standing:
    return Standing(connection_of(row), time_zone or "UTC", to_do)
