"""Every statement about the sealed order of operations and the queue in front of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.kernel.db import execute, insert, rows


@dataclass(frozen=True, slots=True)
class Content:
    """One operation with all it posted, as the canonical JSON that its seal covers."""

    operation_id: str
    json: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """An operation's place in its chain's order."""

    position: int
    operation_id: str
    hash: str


# Numbers that only this database gave (seq, movement and line ids) are left out: a copy elsewhere proves the same.
_OPERATION = """SELECT id, chain_id, act, principal, principal_id, branch_id, package_id, package_version, customer_id,
    effective_at, recorded_at, reason, idempotency_key, input_hash, outcome, reverses
    FROM operation WHERE id = ANY($1)"""
_MOVEMENTS = """SELECT operation_id, package_id, package_version, lot_id, source, target, sessions, value_minor,
    tax_minor, effective_at, service_id, branch_id, practitioner_id
    FROM movement WHERE operation_id = ANY($1) ORDER BY id"""
_ENTRIES = """SELECT operation_id, id, event, posted_on, effective_at, currency
    FROM journal_entry WHERE operation_id = ANY($1) ORDER BY id"""
_LINES = """SELECT e.operation_id, l.entry_id, l.account, l.branch_id, l.debit_minor, l.credit_minor, l.counterparty_id,
    l.package_id, l.service_id, l.payment_method
    FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
    WHERE e.operation_id = ANY($1) ORDER BY l.entry_id, l.id"""
_PAYMENTS = """SELECT operation_id, id, package_id, branch_id, method, amount_minor, currency, received_at
    FROM payment WHERE operation_id = ANY($1) ORDER BY id"""
_REDACTIONS = """SELECT erased_by_id AS operation_id, operation_id AS redacted_id, remainder,
    CASE WHEN intact THEN 1 ELSE 0 END AS intact
    FROM redaction WHERE erased_by_id = ANY($1) ORDER BY operation_id"""
_POSTED = {"movements": _MOVEMENTS, "entries": _ENTRIES, "lines": _LINES, "payments": _PAYMENTS}


async def waiting_chains() -> list[str]:
    """The chains that have operations without a position."""
    return [row["chain_id"] for row in await rows("SELECT DISTINCT chain_id FROM unsealed_operation")]


async def lock_order(chain_id: str) -> bool:
    """Keep other sealers out of the chain until the transaction ends; False when one is there already.

    NO KEY: the row is only a latch, and writers that refer to it with a foreign key must not wait for it.
    """
    locked = await rows("SELECT id FROM chain WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED", chain_id)
    return bool(locked)


async def last(chain_id: str) -> Sealed | None:
    """The newest sealed operation of the chain."""
    found = await rows(
        """SELECT position, operation_id, hash FROM sealed_operation WHERE chain_id = $1
        ORDER BY position DESC LIMIT 1""",
        chain_id,
    )
    return Sealed(**found[0]) if found else None


async def at(chain_id: str, position: int) -> Sealed | None:
    """The operation at a position."""
    found = await rows(
        "SELECT position, operation_id, hash FROM sealed_operation WHERE chain_id = $1 AND position = $2",
        chain_id,
        position,
    )
    return Sealed(**found[0]) if found else None


async def after(chain_id: str, position: int, at_most: int) -> list[Sealed]:
    """The next sealed operations of the chain, in their order."""
    found = await rows(
        """SELECT position, operation_id, hash FROM sealed_operation WHERE chain_id = $1 AND position > $2
        ORDER BY position LIMIT $3""",
        chain_id,
        position,
        at_most,
    )
    return [Sealed(**row) for row in found]


async def places(operation_ids: Sequence[str]) -> list[Sealed]:
    """Those of the operations that are sealed, with their places, in their order."""
    found = await rows(
        """SELECT position, operation_id, hash FROM sealed_operation WHERE operation_id = ANY($1)
        ORDER BY position""",
        list(operation_ids),
    )
    return [Sealed(**row) for row in found]


async def waiting(chain_id: str, at_most: int) -> list[str]:
    """The ids of the chain's operations without a position, in the order in which they will get one."""
    found = await rows(
        """SELECT o.id FROM unsealed_operation u JOIN operation o ON o.seq = u.seq WHERE u.chain_id = $1
        ORDER BY u.seq LIMIT $2""",
        chain_id,
        at_most,
    )
    return [row["id"] for row in found]


async def insert_sealed(chain_id: str, sealed: Sequence[Sealed]) -> None:
    """Give operations their places, and take them off the queue."""
    await insert(
        "sealed_operation",
        [
            {
                "chain_id": chain_id,
                "position": each.position,
                "operation_id": each.operation_id,
                "hash": each.hash,
            }
            for each in sealed
        ],
    )
    await execute(
        "DELETE FROM unsealed_operation WHERE seq IN (SELECT seq FROM operation WHERE id = ANY($1))",
        [each.operation_id for each in sealed],
    )


async def contents(operation_ids: Sequence[str]) -> list[Content]:
    """The operations with all that belongs to them, in the order of the ids given."""
    ids = list(operation_ids)
    operations = {row["id"]: row for row in await rows(_OPERATION, ids)}
    posted = {name: await _by_operation(sql, ids) for name, sql in _POSTED.items()}
    redacted = await _by_operation(_REDACTIONS, ids)
    return [
        Content(
            key,
            _canonical(
                {"operation": operations[key]}
                | {name: posted[name][key] for name in posted}
                | ({"redactions": redacted[key]} if key in redacted else {})
            ),
        )
        for key in ids
    ]


async def _by_operation(sql: str, ids: list[str]) -> defaultdict[str, list[dict[str, Any]]]:
    grouped: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await rows(sql, ids):
        grouped[row.pop("operation_id")].append(row)
    return grouped


def _canonical(content: dict[str, Any]) -> bytes:
    """Sorted keys, no blanks, instants in UTC: the same bytes from SQLite and from PostgreSQL."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
