"""Months of sessions at other branches than the home of their packages, written by the database itself."""

from datetime import date
from typing import Any

import asyncpg

from tests.fixtures.chain import Harbour

_TABLES = ("operation", "movement", "journal_entry", "journal_line", "sealed_operation")


def _id(prefix: str, number: str) -> str:
    return f"'{prefix}_' || LPAD(({number})::text, 26, '0')"


_AT = "(on_day + TIME '12:00') AT TIME ZONE 'UTC'"

_HOUSES = f"""
INSERT INTO branch (id, chain_id, code, name, time_zone, currency, legal_entity, opened_at)
SELECT {_id("brn", "n")}, :chain, 'B' || n, 'Branch ' || n, 'Europe/Lisbon', 'EUR', 'Company ' || n % 3, NOW()
FROM generate_series(0, :branches - 1) n;

INSERT INTO package (id, chain_id, definition_id, definition_version_id, name, holder_id, home_branch_id,
    selling_branch_id, currency, price_minor, tax_minor, paid_minor, terms, sharing, sold_at, version)
SELECT {_id("pkg", "n")}, :chain, 'def_none', 'dfv_none', 'Many', 'cus_none', {_id("brn", "n")}, {_id("brn", "n")},
    'EUR', 45000, 0, 0, '{{}}', 'NONE', NOW(), 1 FROM generate_series(0, :branches - 1) n;
"""

# Of each branch's packages one session is performed at every other branch in turn, spread over the month.
_SESSIONS = """
CREATE TEMP TABLE done AS SELECT n, :since::date + ((n - :first) * :days::bigint / :sessions)::int AS on_day,
    n % :branches AS home, (n + 1 + n / :branches % (:branches - 1)) % :branches AS place
    FROM generate_series(:first, :first + :sessions - 1) n;
"""

_WRITTEN = f"""
INSERT INTO operation (id, chain_id, act, principal, principal_id, branch_id, package_id, package_version, customer_id,
    effective_at, recorded_at, reason, outcome)
SELECT {_id("op", "n")}, :chain, 'redeem_session', 'SYSTEM', 'system', {_id("brn", "place")}, {_id("pkg", "home")},
    n + 2, 'cus_none', {_AT}, {_AT}, '', '{{}}' FROM done ORDER BY n;

INSERT INTO movement (operation_id, package_id, package_version, lot_id, source, target, sessions, value_minor,
    tax_minor, effective_at, branch_id)
SELECT {_id("op", "n")}, {_id("pkg", "home")}, n + 2, 'lot_none', 'AVAILABLE', 'CONSUMED', 1, 4500, 0, {_AT},
    {_id("brn", "place")} FROM done ORDER BY n;

INSERT INTO journal_entry (id, chain_id, operation_id, event, posted_on, effective_at, currency)
SELECT {_id("jrn", "n")}, :chain, {_id("op", "n")}, 'SESSION', on_day, {_AT}, 'EUR' FROM done ORDER BY n;

INSERT INTO journal_line (entry_id, account, branch_id, debit_minor, credit_minor, counterparty_id, package_id)
SELECT {_id("jrn", "n")}, account, CASE at_home WHEN 1 THEN {_id("brn", "home")} ELSE {_id("brn", "place")} END, debit,
    credit, CASE WHEN due = 0 THEN NULL WHEN at_home = 1 THEN {_id("brn", "place")} ELSE {_id("brn", "home")} END,
    {_id("pkg", "home")}
FROM done CROSS JOIN (VALUES ('DEFERRED_REVENUE', 1, 4500, 0, 0), ('DUE_TO_BRANCH', 1, 0, 4500, 1),
    ('DUE_FROM_BRANCH', 0, 4500, 0, 1), ('REVENUE', 0, 0, 4500, 0)) AS line (account, at_home, debit, credit, due)
ORDER BY n;

INSERT INTO sealed_operation (chain_id, position, operation_id, hash)
SELECT :chain, (SELECT COALESCE(MAX(position), 0) FROM sealed_operation WHERE chain_id = :chain)
    + ROW_NUMBER() OVER (ORDER BY n), {_id("op", "n")}, '' FROM done ORDER BY n;

DROP TABLE done;
"""

VALUE_MINOR = 4500
"""Of each session."""


async def opened(url: str, house: Harbour, branches: int) -> None:
    """So many more branches, each with a package that is used everywhere but at home."""
    await _written(url, _HOUSES, chain=f"'{house.chain_id}'", branches=branches)


async def visited(url: str, house: Harbour, branches: int, first: int, sessions: int, since: date, days: int) -> None:
    """So many more sessions, spread evenly over these days; sealed in their order."""
    values = {"chain": f"'{house.chain_id}'", "branches": branches, "first": first, "sessions": sessions}
    await _written(url, _SESSIONS, _WRITTEN, **values, since=f"'{since}'", days=days)


async def _written(url: str, *scripts: str, **values: object) -> None:
    """Foreign keys and triggers are left out, and indexes made again at the end: that takes a fraction of the time."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(url)
    try:
        await connection.execute("SET session_replication_role = replica; SET work_mem = '256MB'")
        indexes = await connection.fetch(_INDEXES, list(_TABLES))
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['indexname']}")
        for script in scripts:
            for name, value in values.items():
                script = script.replace(f":{name}", str(value))
            await connection.execute(script)
        for index in indexes:
            await connection.execute(index["indexdef"])
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


_INDEXES = """SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY($1)
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"""
"""Those that no constraint stands on."""
