"""What Tortoise cannot say about the tables of 0012: append-only ones, and what is due in order."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

APPEND_ONLY = ("account_mapping", "sync_document_entry", "sync_attempt", "sync_reconciliation", "webhook_attempt")

INDEXES = """CREATE INDEX ix_sync_document_due ON sync_document (connection_id, due_at, number)
    WHERE state IN ('PENDING', 'SENDING', 'UNCERTAIN');
CREATE INDEX ix_webhook_delivery_due ON webhook_delivery (webhook_id, due_at, position) WHERE state = 'WAITING';
CREATE INDEX ix_webhook_delivery_waiting ON webhook_delivery (webhook_id, package_id, position)
    WHERE state = 'WAITING' AND package_id IS NOT NULL;
CREATE UNIQUE INDEX uq_inbound_hook_name ON inbound_hook (chain_id, name) WHERE closed_at IS NULL;
CREATE INDEX ix_inbound_event_due ON inbound_event (due_at, id) WHERE state = 'RECEIVED';"""


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

    dependencies = (("models", "0012_integration"),)
    operations = (ops.RunPython(guard),)
