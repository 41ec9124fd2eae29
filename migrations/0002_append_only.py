"""Make the ledgers append-only in the database itself, and queue every operation for sealing as it is written."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

APPEND_ONLY = ("operation", "movement", "journal_entry", "journal_line", "payment", "sealed_operation")


def sqlite_guards() -> str:
    """One trigger a table and verb, since SQLite has no trigger for several verbs."""
    refusals = "".join(
        f"""CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"""
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    )
    return (
        refusals
        + """CREATE TRIGGER operation_await_sealing AFTER INSERT ON operation
        BEGIN INSERT INTO unsealed_operation (seq, chain_id) VALUES (NEW.seq, NEW.chain_id); END;"""
    )


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
