"""Years of trade, written by the database itself in one statement a table: acts would take hours."""

from datetime import date
from typing import Any

import asyncpg

from tests.fixtures.chain import Harbour

_TABLES = ("package", "lot", "operation", "movement", "journal_entry", "journal_line", "sealed_operation")


def _id(prefix: str, number: str) -> str:
    return f"'{prefix}_' || LPAD(({number})::text, 26, '0')"


def _at(day: str) -> str:
    return f"({day} + TIME '12:00') AT TIME ZONE 'UTC'"


# Six or seven movements each: the sale, and five or six visits in the weeks after it, the fourth of them in Lisbon.
# Of the operations' numbers eight are reserved for each package.
_TOLD = (
    """CREATE TEMP TABLE sales AS SELECT n, $1::date + ((n - $6::int) * $2::bigint / $3::int)::int AS on_day,
        5 + LEAST(n % 3, 1) AS visits, ($4::text[])[1 + n % 3] AS home, ($5::text[])[1 + n % 2] AS definition
        FROM generate_series($6::int, $6::int + $3::int - 1) n""",
    """CREATE TEMP TABLE done AS SELECT n, n::bigint * 8 AS number, 0 AS k, on_day, home, home AS place FROM sales
        UNION ALL SELECT n, n::bigint * 8 + k, k, on_day + k * 7, home, CASE k WHEN 4 THEN ($4::text[])[1] ELSE home END
        FROM sales CROSS JOIN LATERAL generate_series(1, visits) k ORDER BY on_day, number""",
)

_WRITTEN = f"""
INSERT INTO package (id, chain_id, definition_id, definition_version_id, name, holder_id, home_branch_id,
    selling_branch_id, currency, price_minor, tax_minor, paid_minor, terms, sharing, sold_at, version)
SELECT {_id("pkg", "n")}, :chain, definition, 'dfv_none', 'Ten', 'cus_none', home, home, 'EUR', 45000, 0, 0, '{{}}',
    'NONE', {_at("on_day")}, visits + 1 FROM sales;

INSERT INTO lot (id, package_id, origin, bonus, item, priority, issued_at, last_day, expires_at, lapses_at, issued,
    available, held, consumed, expired, refunded, moved, value_issued_minor, value_left_minor, tax_left_minor,
    recognised_minor)
SELECT {_id("lot", "n")}, {_id("pkg", "n")}, 'PURCHASE', false, 0, 0, {_at("on_day")}, on_day + 3650,
    {_at("on_day + 3650")}, {_at("on_day + 3650")}, 10, 10 - visits, 0, visits, 0, 0, 0, 45000,
    45000 - 4500 * visits, 0, 4500 * visits FROM sales;

INSERT INTO operation (id, chain_id, act, principal, principal_id, branch_id, package_id, package_version, customer_id,
    effective_at, recorded_at, reason, outcome)
SELECT {_id("op", "number")}, :chain, CASE k WHEN 0 THEN 'sell_package' ELSE 'redeem_session' END, 'SYSTEM', 'system',
    place, {_id("pkg", "n")}, k + 1, 'cus_none', {_at("on_day")}, {_at("on_day")}, '', '{{}}' FROM done;

INSERT INTO movement (operation_id, package_id, package_version, lot_id, source, target, sessions, value_minor,
    tax_minor, effective_at, branch_id)
SELECT {_id("op", "number")}, {_id("pkg", "n")}, k + 1, {_id("lot", "n")},
    CASE k WHEN 0 THEN 'ISSUED' ELSE 'AVAILABLE' END, CASE k WHEN 0 THEN 'AVAILABLE' ELSE 'CONSUMED' END,
    CASE k WHEN 0 THEN 10 ELSE 1 END, CASE k WHEN 0 THEN 45000 ELSE 4500 END, 0, {_at("on_day")}, place FROM done;

INSERT INTO journal_entry (id, chain_id, operation_id, event, posted_on, effective_at, currency)
SELECT {_id("jrn", "number")}, :chain, {_id("op", "number")}, CASE k WHEN 0 THEN 'SALE' ELSE 'SESSION' END, on_day,
    {_at("on_day")}, 'EUR' FROM done;

INSERT INTO journal_line (entry_id, account, branch_id, debit_minor, credit_minor, counterparty_id, package_id)
SELECT {_id("jrn", "number")}, account, CASE at_home WHEN 1 THEN home ELSE place END, debit, credit,
    CASE WHEN between_branches = 0 THEN NULL WHEN at_home = 1 THEN place ELSE home END, {_id("pkg", "n")}
FROM done JOIN (VALUES (0, 0, 'RECEIVABLE', 1, 45000, 0), (0, 0, 'DEFERRED_REVENUE', 1, 0, 45000),
    (1, 0, 'DEFERRED_REVENUE', 1, 4500, 0), (1, 0, 'REVENUE', 0, 0, 4500),
    (1, 1, 'DUE_TO_BRANCH', 1, 0, 4500), (1, 1, 'DUE_FROM_BRANCH', 0, 4500, 0)
) AS line (use, between_branches, account, at_home, debit, credit)
ON line.use = LEAST(k, 1) AND (between_branches = 0 OR home <> place);

INSERT INTO sealed_operation (chain_id, position, operation_id, hash)
SELECT :chain, (SELECT COALESCE(MAX(position), 0) FROM sealed_operation WHERE chain_id = :chain) + ROW_NUMBER() OVER (),
    {_id("op", "number")}, '' FROM done;

DROP TABLE sales, done;
"""


async def traded(url: str, house: Harbour, first: int, packages: int, since: date, days: int) -> None:
    """So many more packages, sold evenly over these days and used; sealed, but not yet added up.

    Foreign keys and triggers are left out, and indexes made again at the end: that takes a fraction of the time.
    """
    connection: asyncpg.Connection[Any] = await asyncpg.connect(url)
    try:
        await connection.execute("SET session_replication_role = replica; SET work_mem = '256MB'")
        homes, definitions = [house.lis, house.mad, house.pdl], [house.ten, house.bundle]
        sales, done = _TOLD
        await connection.execute(sales, since, days, packages, homes, definitions, first)
        await connection.execute(done.replace("$4", "$1"), homes)
        indexes = await connection.fetch(_INDEXES, list(_TABLES))
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['indexname']}")
        await connection.execute(_WRITTEN.replace(":chain", f"'{house.chain_id}'"))
        for index in indexes:
            await connection.execute(index["indexdef"])
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


_INDEXES = """SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY($1)
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"""
"""Those that no constraint stands on."""
