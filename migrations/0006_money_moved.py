"""What Tortoise cannot say about the tables of 0005, and what their new columns hold for what was written before."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

APPEND_ONLY = {
    "payment_reversal": (("id",), ("payment_id",)),
    "instalment": (("id",), ("package_id", "plan", "number")),
    "revaluation": (("id",),),
    "breakage_estimate": (("id",),),
}
"""The tables with their unique keys, by any of which SQLite finds a row to replace."""

INDEXES = """CREATE INDEX ix_journal_line_customer ON journal_line (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX ix_breakage_run_open ON breakage_run (id) WHERE finished_at IS NULL;"""

FILLED = (
    "UPDATE movement SET breakage_minor = value_minor WHERE source = 'EXPIRED' OR target = 'EXPIRED'",
    """UPDATE lot SET recognised_minor = m.value, tax_recognised_minor = m.tax FROM (
        SELECT lot_id, SUM(CASE target WHEN 'CONSUMED' THEN value_minor ELSE -value_minor END) AS value,
        SUM(CASE target WHEN 'CONSUMED' THEN tax_minor ELSE -tax_minor END) AS tax
        FROM movement WHERE source = 'CONSUMED' OR target = 'CONSUMED' GROUP BY lot_id) m WHERE m.lot_id = lot.id""",
    """INSERT INTO delivery_cost (service_id, branch_id, starts_on, starts_at, cost_minor)
        SELECT service_id, branch_id, CAST('1970-01-01' AS {date}), CAST('1970-01-01 00:00:00+00:00' AS {instant}),
        delivery_cost_minor FROM service_price
        WHERE delivery_cost_minor IS NOT NULL""",
    "UPDATE payment SET customer_id = (SELECT p.holder_id FROM package p WHERE p.id = payment.package_id)",
    """UPDATE journal_line SET customer_id = (SELECT MIN(c.customer_id) FROM charge c
        JOIN journal_entry e ON e.operation_id = c.operation_id WHERE e.id = journal_line.entry_id)
        WHERE account = 'RECEIVABLE' AND package_id IS NULL""",
)
"""Lapses were all breakage; what was used is what lots have recognised; costs count from the beginning.

Holders have paid for their packages, and what is owed outside of packages is owed by those who were charged.
"""

ASIDE = ("movement", "payment", "journal_line")
"""The append-only tables that get a new column filled in."""


CLOSED = "SELECT 1 FROM chain WHERE id = NEW.chain_id AND books_open_from > NEW.posted_on"


def sqlite_guards() -> str:
    """Triggers that refuse every change and removal, also the one that INSERT OR REPLACE makes, and closed books."""
    books = f"""CREATE TRIGGER journal_entry_refuse_closed BEFORE INSERT ON journal_entry WHEN EXISTS ({CLOSED})
        BEGIN SELECT RAISE(ABORT, 'the books are closed'); END;"""
    return books + "".join(
        f"""CREATE TRIGGER {table}_refuse_{verb} BEFORE {event} BEGIN
        SELECT RAISE(ABORT, '{table} is append-only'); END;"""
        for table, keys in APPEND_ONLY.items()
        for verb, event in (
            ("update", f"UPDATE ON {table}"),
            ("delete", f"DELETE ON {table}"),
            ("replace", f"INSERT ON {table} WHEN {' OR '.join(_in_its_way(table, key) for key in keys)}"),
        )
    )


def _in_its_way(table: str, key: tuple[str, ...]) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"


def postgres_guards() -> str:
    """The function is the one of 0002, but for the one that refuses closed books."""
    books = f"""CREATE FUNCTION refuse_closed_books() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN IF EXISTS ({CLOSED}) THEN RAISE EXCEPTION 'the books are closed'; END IF; RETURN NEW; END $body$;
        CREATE TRIGGER journal_entry_refuse_closed BEFORE INSERT ON journal_entry
        FOR EACH ROW EXECUTE FUNCTION refuse_closed_books();"""
    return books + "".join(
        f"""CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"""
        for table in APPEND_ONLY
    )


async def guard(_apps: Any, editor: Any) -> None:
    """Create triggers and partial indexes in the database's own dialect."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    await editor.client.execute_script((sqlite_guards() if sqlite else postgres_guards()) + INDEXES)


async def fill(_apps: Any, editor: Any) -> None:
    """Fill in the new columns; the guards of append-only tables stand aside for those that they get."""
    client = editor.client
    sqlite = client.capabilities.dialect == "sqlite"
    day, instant = ("TEXT", "TEXT") if sqlite else ("DATE", "TIMESTAMPTZ")
    if sqlite:
        guards = await client.execute_query_dict(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_refuse_update'"
        )
        aside = [guard for guard in guards if guard["name"].removesuffix("_refuse_update") in ASIDE]
        before = [f"DROP TRIGGER {guard['name']}" for guard in aside]
        after = [guard["sql"] for guard in aside]
    else:
        before = [f"ALTER TABLE {table} DISABLE TRIGGER {table}_refuse_change" for table in ASIDE]
        after = [f"ALTER TABLE {table} ENABLE TRIGGER {table}_refuse_change" for table in ASIDE]
    for statement in (*before, *FILLED, *after):
        await client.execute_script(statement.replace("{date}", day).replace("{instant}", instant))


class Migration(migrations.Migration):
    """Triggers, partial indexes and columns filled in; no table changes."""

    dependencies = (("models", "0005_money"),)
    operations = (ops.RunPython(guard), ops.RunPython(fill))
