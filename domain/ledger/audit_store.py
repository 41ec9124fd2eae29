"""The proofs of the auditor as statements: each finds the places where its proof fails, as of one moment."""

from dataclasses import dataclass
from typing import Any

from domain.kernel.db import rows


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place where two figures should agree and do not."""

    subject: str
    detail: str
    expected: int
    found: int


_BUCKETS = ("AVAILABLE", "HELD", "CONSUMED", "EXPIRED", "REFUNDED", "MOVED")
_MOVEMENTS = "FROM movement m JOIN package p ON p.id = m.package_id WHERE p.chain_id = $1"
_LINES = "FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id WHERE e.chain_id = $1"


def _live(bucket: str) -> str:
    return f"CASE WHEN m.{bucket} IN ('AVAILABLE', 'HELD') THEN 1 ELSE 0 END"


_SIGN = f"({_live('target')} - {_live('source')})"
_USED = "(CASE WHEN m.target = 'CONSUMED' THEN 1 WHEN m.source = 'CONSUMED' THEN -1 ELSE 0 END)"
_SUMS = {
    "issued": "CASE WHEN m.source = 'ISSUED' THEN m.sessions ELSE 0 END",
    **{
        bucket.lower(): f"CASE '{bucket}' WHEN m.target THEN m.sessions WHEN m.source THEN -m.sessions ELSE 0 END"
        for bucket in _BUCKETS
    },
    "value_issued_minor": "CASE WHEN m.source = 'ISSUED' THEN m.value_minor ELSE 0 END",
    "value_left_minor": f"m.value_minor * {_SIGN}",
    "tax_left_minor": f"m.tax_minor * {_SIGN}",
    "recognised_minor": f"m.value_minor * {_USED}",
    "tax_recognised_minor": f"m.tax_minor * {_USED}",
}
_OWED = "p.price_minor - p.credited_minor - p.brought_minor - p.paid_minor"
_REVALUED = {"value_left_minor": 1, "recognised_minor": -1}
"""The sums that estimates of breakage change too, and in which direction."""


async def wrong_counts(chain_id: str) -> list[Doubt]:
    """Lots whose cached counts or values are not the sums of their movements."""
    sums = ", ".join(f"SUM({term}) AS {name}" for name, term in _SUMS.items())
    pairs = ", ".join(f"{_expected(name)} AS e_{name}, l.{name} AS f_{name}" for name in _SUMS)
    differing = " UNION ALL ".join(
        f"SELECT id, '{name}' AS detail, e_{name} AS expected, f_{name} AS found FROM compared"
        f" WHERE e_{name} <> f_{name}"
        for name in _SUMS
    )
    return await doubts(
        f"""WITH sums AS (SELECT m.lot_id, {sums} {_MOVEMENTS} GROUP BY m.lot_id),
        estimates AS (SELECT v.lot_id, SUM(v.value_change_minor) AS change FROM revaluation v
            JOIN package p ON p.id = v.package_id WHERE p.chain_id = $1 GROUP BY v.lot_id),
        compared AS (SELECT l.id, {pairs} FROM lot l JOIN package p ON p.id = l.package_id
            LEFT JOIN sums s ON s.lot_id = l.id LEFT JOIN estimates v ON v.lot_id = l.id WHERE p.chain_id = $1)
        SELECT id AS subject, detail, expected, found FROM ({differing}) AS d ORDER BY subject, detail""",
        chain_id,
    )


def _expected(name: str) -> str:
    estimated = f" + {_REVALUED[name]} * COALESCE(v.change, 0)" if name in _REVALUED else ""
    return f"COALESCE(s.{name}, 0){estimated}"


async def negative_buckets(chain_id: str) -> list[Doubt]:
    """Lots of which a bucket, or the value left, was below zero after some movement; tells the lowest."""
    return await doubts(
        f"""WITH steps AS (
            SELECT m.lot_id, m.id, m.target AS bucket, m.sessions AS change {_MOVEMENTS}
            UNION ALL SELECT m.lot_id, m.id, m.source, -m.sessions {_MOVEMENTS} AND m.source <> 'ISSUED'
            UNION ALL SELECT m.lot_id, m.id, 'VALUE', m.value_minor * {_SIGN} {_MOVEMENTS}
                AND NOT EXISTS (SELECT 1 FROM revaluation v WHERE v.lot_id = m.lot_id)),
        running AS (
            SELECT lot_id, bucket, SUM(change) OVER (PARTITION BY lot_id, bucket ORDER BY id) AS count FROM steps)
        SELECT lot_id AS subject, bucket AS detail, 0 AS expected, MIN(count) AS found FROM running WHERE count < 0
        GROUP BY lot_id, bucket ORDER BY subject, detail""",
        chain_id,
    )


async def unbalanced_entries(chain_id: str) -> list[Doubt]:
    """Entries that do not balance for a branch in them; those that do for each do so in all."""
    return await doubts(
        f"""SELECT l.entry_id AS subject, l.branch_id AS detail, SUM(l.debit_minor) AS expected,
        SUM(l.credit_minor) AS found {_LINES} GROUP BY l.entry_id, l.branch_id
        HAVING SUM(l.debit_minor) <> SUM(l.credit_minor) ORDER BY subject, detail""",
        chain_id,
    )


async def wrong_deferred_revenue(chain_id: str) -> list[Doubt]:
    """Branches whose deferred revenue is not the value left in the lots they are home of."""
    return await doubts(
        f"""WITH parts AS (
            SELECT p.home_branch_id AS branch_id, t.value_left_minor AS lots, 0 AS journal
            FROM lot t JOIN package p ON p.id = t.package_id WHERE p.chain_id = $1
            UNION ALL SELECT l.branch_id, 0, l.credit_minor - l.debit_minor {_LINES} AND l.account = 'DEFERRED_REVENUE')
        SELECT branch_id AS subject, 'DEFERRED_REVENUE' AS detail, SUM(lots) AS expected, SUM(journal) AS found
        FROM parts GROUP BY branch_id HAVING SUM(lots) <> SUM(journal) ORDER BY subject""",
        chain_id,
    )


async def wrong_receivables(chain_id: str) -> list[Doubt]:
    """Packages of which the unpaid part of the price is not what the journal says is receivable."""
    return await doubts(
        f"""WITH receivable AS (SELECT l.package_id, SUM(l.debit_minor - l.credit_minor) AS amount {_LINES}
            AND l.account = 'RECEIVABLE' GROUP BY l.package_id)
        SELECT p.id AS subject, 'RECEIVABLE' AS detail, {_OWED} AS expected,
        COALESCE(r.amount, 0) AS found FROM package p LEFT JOIN receivable r ON r.package_id = p.id
        WHERE p.chain_id = $1 AND {_OWED} <> COALESCE(r.amount, 0) ORDER BY subject""",
        chain_id,
    )


async def left_behind(chain_id: str) -> list[Doubt]:
    """Packages of which something is deferred or receivable at a branch that is not their home."""
    return await doubts(
        f"""WITH there AS (SELECT l.package_id, l.branch_id, l.account, SUM(l.debit_minor - l.credit_minor) AS amount
            {_LINES} AND l.account IN ('DEFERRED_REVENUE', 'RECEIVABLE') AND l.package_id IS NOT NULL
            GROUP BY l.package_id, l.branch_id, l.account HAVING SUM(l.debit_minor - l.credit_minor) <> 0)
        SELECT t.package_id AS subject, t.account || ' at ' || t.branch_id AS detail, 0 AS expected, t.amount AS found
        FROM there t JOIN package p ON p.id = t.package_id WHERE t.branch_id <> p.home_branch_id
        ORDER BY subject, detail""",
        chain_id,
    )


async def wrong_dues(chain_id: str) -> list[Doubt]:
    """Pairs of branches and days on which the one owes another amount than the other is owed."""
    return await doubts(
        f"""WITH dues AS (
            SELECT l.branch_id AS debtor, l.counterparty_id AS creditor, e.posted_on,
                l.credit_minor - l.debit_minor AS owed, 0 AS claimed {_LINES} AND l.account = 'DUE_TO_BRANCH'
            UNION ALL SELECT l.counterparty_id, l.branch_id, e.posted_on,
                0, l.debit_minor - l.credit_minor {_LINES} AND l.account = 'DUE_FROM_BRANCH')
        SELECT debtor || ' to ' || creditor AS subject, CAST(posted_on AS TEXT) AS detail,
        SUM(owed) AS expected, SUM(claimed) AS found FROM dues GROUP BY debtor, creditor, posted_on
        HAVING SUM(owed) <> SUM(claimed) ORDER BY subject, detail""",
        chain_id,
    )


async def wrong_settlements(chain_id: str) -> list[Doubt]:
    """Pairs of branches of which the paid lines of settlements say another amount than the journal says was settled."""
    return await doubts(
        f"""WITH settled AS (
            SELECT t.one_id AS debtor, t.other_id AS creditor, t.one_owes_minor AS confirmed, 0 AS posted
            FROM settlement_line t JOIN settlement r ON r.id = t.settlement_id
            WHERE r.chain_id = $1 AND t.paid_on IS NOT NULL
            UNION ALL SELECT t.other_id, t.one_id, t.other_owes_minor, 0
            FROM settlement_line t JOIN settlement r ON r.id = t.settlement_id
            WHERE r.chain_id = $1 AND t.paid_on IS NOT NULL
            UNION ALL SELECT l.branch_id, l.counterparty_id, 0, l.debit_minor - l.credit_minor {_LINES}
            AND e.event = 'SETTLEMENT' AND l.account = 'DUE_TO_BRANCH')
        SELECT debtor || ' to ' || creditor AS subject, 'DUE_TO_BRANCH' AS detail, SUM(confirmed) AS expected,
        SUM(posted) AS found FROM settled GROUP BY debtor, creditor HAVING SUM(confirmed) <> SUM(posted)
        ORDER BY subject""",
        chain_id,
    )


async def forgotten_operations(chain_id: str) -> list[Doubt]:
    """Operations that have no place in the sealed order and do not wait for one either."""
    return await doubts(
        """SELECT o.id AS subject, 'place in the sealed order' AS detail, 1 AS expected, 0 AS found FROM operation o
        WHERE o.chain_id = $1 AND NOT EXISTS (SELECT 1 FROM sealed_operation s WHERE s.operation_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM unsealed_operation u WHERE u.seq = o.seq) ORDER BY o.seq""",
        chain_id,
    )


async def all_chains() -> list[str]:
    """The ids of every chain in the database."""
    return [row["id"] for row in await rows("SELECT id FROM chain ORDER BY id")]


async def doubts(sql: str, chain_id: str) -> list[Doubt]:
    """What a proof has found in a chain."""
    return [_doubt(row) for row in await rows(sql, chain_id)]


def _doubt(row: dict[str, Any]) -> Doubt:
    return Doubt(row["subject"], row["detail"], int(row["expected"]), int(row["found"]))
