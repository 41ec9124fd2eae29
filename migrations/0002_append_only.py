"""Make the ledgers append-only in the database itself, and queue every operation for sealing as it is written."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

APPEND_ONLY = {
    "operation": (
        ("seq",),
        ("id",),
        ("reverses",),
        ("chain_id", "principal_id", "act", "idempotency_key"),
        ("package_id", "package_version"),
    ),
    "movement": (("id",),),
    "journal_entry": (("id",),),
    "journal_line": (("id",),),
    "payment": (("id",),),
    "sealed_operation": (("id",), ("chain_id", "position"), ("operation_id",)),
}
"""The tables with their unique keys, by any of which SQLite finds a row to replace."""


def sqlite_guards() -> str:
    """One trigger a table and verb, since SQLite has no trigger for several verbs."""
    refusals = "".join(
        _sqlite_guard(table, verb, f"BEFORE {verb} ON {table}")
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    )
    return (
        refusals
        + "".join(_sqlite_guard_of_keys(table, keys) for table, keys in APPEND_ONLY.items())
        + """CREATE TRIGGER operation_await_sealing AFTER INSERT ON operation
        BEGIN INSERT INTO unsealed_operation (seq, chain_id) VALUES (NEW.seq, NEW.chain_id); END;"""
    )


def _sqlite_guard_of_keys(table: str, keys: tuple[tuple[str, ...], ...]) -> str:
    """INSERT OR REPLACE deletes what is in its way without a DELETE trigger, unless recursive triggers are on."""
    in_its_way = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {_same(key)})" for key in keys)
    return _sqlite_guard(table, "REPLACE", f"BEFORE INSERT ON {table} WHEN {in_its_way}")


def _same(key: tuple[str, ...]) -> str:
    return " AND ".join(f"{column} = NEW.{column}" for column in key)


def _sqlite_guard(table: str, verb: str, event: str) -> str:
    return f"""CREATE TRIGGER {table}_refuse_{verb.lower()} {event}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"""


def postgres_guards() -> str:
    """One function for all tables; TRUNCATE is refused as well."""
    refusals = "".join(
        f"""CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"""
        for table in APPEND_ONLY
    )
    return (
        """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $body$;
        CREATE FUNCTION await_sealing() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            INSERT INTO unsealed_operation (seq, chain_id) VALUES (NEW.seq, NEW.chain_id);
            RETURN NULL;
        END $body$;
        CREATE TRIGGER operation_await_sealing AFTER INSERT ON operation
        FOR EACH ROW EXECUTE FUNCTION await_sealing();"""
        + refusals
    )


async def create_guards(_apps: Any, editor: Any) -> None:
    """Create the triggers in the database's own dialect."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    await editor.client.execute_script(sqlite_guards() if sqlite else postgres_guards())


class Migration(migrations.Migration):
    """Triggers only; no table changes."""

    dependencies = (("models", "0001_initial"),)
    operations = (ops.RunPython(create_guards),)
