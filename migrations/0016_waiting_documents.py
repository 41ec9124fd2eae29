"""How many documents wait gets a column of its own, instead of standing beside the differences now and then."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQLITE = (
    "DROP TRIGGER sync_reconciliation_refuse_update",
    """UPDATE sync_reconciliation SET waiting = json_extract(differences, '$.waiting'),
        differences = json_extract(differences, '$.differences') WHERE json_type(differences) = 'object'""",
    """CREATE TRIGGER sync_reconciliation_refuse_update BEFORE UPDATE ON sync_reconciliation BEGIN
        SELECT RAISE(ABORT, 'sync_reconciliation is append-only'); END""",
)

POSTGRES = (
    "ALTER TABLE sync_reconciliation DISABLE TRIGGER sync_reconciliation_refuse_change",
    """UPDATE sync_reconciliation SET waiting = CAST(differences ->> 'waiting' AS INTEGER),
        differences = differences -> 'differences' WHERE jsonb_typeof(differences) = 'object'""",
    "ALTER TABLE sync_reconciliation ENABLE TRIGGER sync_reconciliation_refuse_change",
)


async def keep(_apps: Any, editor: Any) -> None:
    """What stood beside the differences moves to the column; the guard of the table stands aside for it."""
    client = editor.client
    for statement in SQLITE if client.capabilities.dialect == "sqlite" else POSTGRES:
        await client.execute_script(f"{statement};")


class Migration(migrations.Migration):
    """A column more, filled with what stood in another."""

    dependencies = (("models", "0015_keeping"),)
    operations = (
        ops.AddField(model_name="Reconciliation", name="waiting", field=fields.IntField(db_default=0)),
        ops.RunPython(keep),
    )
