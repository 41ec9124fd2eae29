"""Every statement about upgrades that the acts need; what the graph reads stands in `reading.py`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.db import insert, rows
from domain.kernel.errors import NotFound
from domain.packages.store import BOUGHT

_BEFORE = """WITH RECURSIVE before AS (SELECT u.package_id AS id FROM upgrade u WHERE u.into_package_id = $1
    UNION SELECT u.package_id FROM before JOIN upgrade u ON u.into_package_id = before.id)"""
"""The packages that were changed for this one, one after the other."""


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A package that was changed before and is owed for again, since a payment for it was taken back."""

    package_id: str
    paid_minor: int
    outstanding_minor: int


@dataclass(frozen=True, slots=True)
class Known:
    """What an upgrade depends on besides the package: branches, holder, and what waits."""

    time_zone: str
    closed_at: datetime | None
    home_closed_at: datetime | None
    erased_at: datetime | None
    transfer_id: str | None
    transfer_requested_at: datetime | None
    refund_id: str | None
    refund_requested_at: datetime | None
    bought: int
    """How many packages of the new definition the holder has bought."""
    unpaid_before: Unpaid | None
    """The last of the packages before that is owed for again."""


async def known(package_id: str, definition_id: str, branch_id: str) -> Known:
    """What is known of a package of the chain, of what it is changed for, and of a branch.

    Lock the package and its holder first where it is to be changed.
    """
    found = await rows(
        f"""{_BEFORE} SELECT b.time_zone, b.closed_at, h.closed_at AS home_closed_at, c.erased_at,
        w.id AS transfer_id, w.requested_at AS transfer_requested_at,
        r.id AS refund_id, r.requested_at AS refund_requested_at,
        q.id AS unpaid_id, q.paid_minor + q.brought_minor - q.refunded_minor AS unpaid_paid_minor,
        q.price_minor - q.credited_minor - q.brought_minor - q.paid_minor AS unpaid_minor,
        (SELECT COUNT(*) FROM package WHERE {BOUGHT.format(definition="$3", holder="p.holder_id")}) AS bought
        FROM package p JOIN branch b ON b.chain_id = p.chain_id AND b.id = $2
        JOIN branch h ON h.id = p.home_branch_id JOIN customer c ON c.id = p.holder_id
        LEFT JOIN transfer w ON w.id = (SELECT MIN(x.id) FROM transfer x
            WHERE x.package_id = p.id AND x.state = 'REQUESTED')
        LEFT JOIN refund r ON r.id = (SELECT MIN(x.id) FROM refund x
            WHERE x.package_id = p.id AND x.state = 'REQUESTED')
        LEFT JOIN package q ON q.id = (SELECT MAX(x.id) FROM package x JOIN before ON before.id = x.id
            WHERE x.price_minor - x.credited_minor - x.brought_minor - x.paid_minor > 0)
        WHERE p.id = $1""",
        package_id,
        branch_id,
        definition_id,
    )
    if not found:
        raise NotFound("branch", branch_id, "branchId")
    row = found[0]
    unpaid = Unpaid(row["unpaid_id"], row["unpaid_paid_minor"], row["unpaid_minor"]) if row["unpaid_id"] else None
    known = {name: row[name] for name in Known.__slots__ if name in row}
    return Known(**known | {"unpaid_before": unpaid})


async def insert_upgrade(record: dict[str, Any]) -> None:
    """Write down what was changed for what, and what that came to."""
    await insert("upgrade", [record])
