"""The statements that add up the journal by month and by year, and the proof that they did."""

from domain.kernel.db import execute, rows
from domain.ledger.audit_store import Doubt, doubts

MONTH = "CAST(REPLACE(SUBSTR(CAST(e.posted_on AS TEXT), 1, 7), '-', '') AS INTEGER)"
"""The month of an entry as 202603."""

_LINES = f"""SELECT {MONTH} AS period, l.account, l.branch_id, COALESCE(p.definition_id, '') AS definition_id,
    e.event, SUM(l.debit_minor) AS debit_minor, SUM(l.credit_minor) AS credit_minor
    FROM sealed_operation s JOIN journal_entry e ON e.operation_id = s.operation_id
    JOIN journal_line l ON l.entry_id = e.id LEFT JOIN package p ON p.id = l.package_id"""
_BY = "GROUP BY 1, 2, 3, 4, 5"
_YEARS = """SELECT period / 100 AS period, account, branch_id, definition_id, '' AS event,
    SUM(debit_minor) AS debit_minor, SUM(credit_minor) AS credit_minor FROM months"""


async def behind() -> list[str]:
    """The chains of which sealed operations have not been added up."""
    found = await rows(
        """SELECT c.id FROM chain c LEFT JOIN journal_totalled t ON t.chain_id = c.id
        WHERE (SELECT MAX(s.position) FROM sealed_operation s WHERE s.chain_id = c.id) > COALESCE(t.position, 0)
        ORDER BY c.id"""
    )
    return [row["id"] for row in found]


async def lock(chain_id: str) -> int | None:
    """Up to which position the chain has been added up, locked; None when another has it locked already."""
    await execute(
        "INSERT INTO journal_totalled (chain_id, position) VALUES ($1, 0) ON CONFLICT (chain_id) DO NOTHING", chain_id
    )
    found = await rows("SELECT position FROM journal_totalled WHERE chain_id = $1 FOR UPDATE SKIP LOCKED", chain_id)
    return found[0]["position"] if found else None


async def add(chain_id: str, after: int, until: int) -> None:
    """Add the lines of the operations sealed behind a position, up to another one; the chain's totals are locked."""
    await execute(
        f"""WITH months AS ({_LINES} WHERE s.chain_id = $1 AND s.position > $2 AND s.position <= $3 {_BY})
        INSERT INTO journal_total
            (chain_id, period, account, branch_id, definition_id, event, debit_minor, credit_minor)
        SELECT CAST($1 AS VARCHAR), added.* FROM (SELECT * FROM months UNION ALL {_YEARS} {_BY}) AS added WHERE 1 = 1
        ON CONFLICT (chain_id, period, account, branch_id, definition_id, event) DO UPDATE SET
            debit_minor = journal_total.debit_minor + excluded.debit_minor,
            credit_minor = journal_total.credit_minor + excluded.credit_minor""",
        chain_id,
        after,
        until,
    )
    await execute("UPDATE journal_totalled SET position = $2 WHERE chain_id = $1", chain_id, until)


async def wrong_totals(chain_id: str) -> list[Doubt]:
    """Totals that are not the sums of the lines up to the position, by period, account and branch."""
    return await doubts(
        f"""WITH months AS ({_LINES} WHERE s.chain_id = $1 AND s.position <=
            (SELECT MAX(position) FROM journal_totalled WHERE chain_id = $1) {_BY}),
        expected AS (SELECT * FROM months UNION ALL {_YEARS} {_BY}),
        compared AS (
            SELECT period, account, branch_id, definition_id, event, debit_minor AS e_debit, credit_minor AS e_credit,
                0 AS f_debit, 0 AS f_credit FROM expected
            UNION ALL SELECT period, account, branch_id, definition_id, event, 0, 0, debit_minor, credit_minor
                FROM journal_total WHERE chain_id = $1),
        summed AS (
            SELECT period, account, branch_id, definition_id, event, SUM(e_debit) AS e_debit, SUM(f_debit) AS f_debit,
                SUM(e_credit) AS e_credit, SUM(f_credit) AS f_credit FROM compared {_BY})
        SELECT branch_id AS subject, side || ' ' || account || ' ' || event || ' ' || definition_id || ' '
            || CAST(period AS TEXT) AS detail, expected, found
        FROM (SELECT summed.*, 'debits of' AS side, e_debit AS expected, f_debit AS found FROM summed
            UNION ALL SELECT summed.*, 'credits of', e_credit, f_credit FROM summed) AS sides
        WHERE expected <> found ORDER BY subject, detail""",
        chain_id,
    )
