"""What Tortoise cannot say about the tables of 0010: append-only ones, and that one refund of a package waits."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

APPEND_ONLY = ("top_up", "upgrade", "refund_limit")

INDEXES = """CREATE UNIQUE INDEX uq_refund_requested ON refund (package_id) WHERE state = 'REQUESTED';
CREATE INDEX ix_refund_part_open ON refund_part (refund_id) WHERE paid_out_at IS NULL;"""


def sqlite_guards() -> str:
    """Triggers that refuse every change and removal, also the one that INSERT OR REPLACE makes."""
    return "".join(
        f"""CREATE TRIGGER {table}_refuse_{verb} BEFORE {event} BEGIN
        SELECT RAISE(ABORT, '{table} is append-only'); END;"""
        for table in APPEND_ONLY
        for verb, event in (
            ("update", f"UPDATE ON {table}"),
            ("delete", f"DELETE ON {table}"),
            ("replace", f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"),
        )
    )


def postgres_guards() -> str:
    """The function is the one of 0002."""
    return "".join(
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


class Migration(migrations.Migration):
    """Triggers and partial indexes; no table changes."""

    dependencies = (("models", "0010_change_of_mind"),)
    operations = (ops.RunPython(guard),)
