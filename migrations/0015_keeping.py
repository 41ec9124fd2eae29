"""What ended long ago may go: deliveries with their attempts, and bodies of inbound events, and what is due is found."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

INDEXES = """CREATE INDEX ix_webhook_delivery_ended ON webhook_delivery (webhook_id, delivered_at)
    WHERE state = 'DELIVERED';
CREATE INDEX ix_inbound_event_ended ON inbound_event (processed_at)
    WHERE state IN ('PROCESSED', 'IGNORED') AND length(body) > 0;
CREATE INDEX ix_inbound_event_operation ON inbound_event (operation_id) WHERE operation_id IS NOT NULL;"""

_HAS_ENDED = """EXISTS (SELECT 1 FROM webhook_delivery d
    WHERE d.id = OLD.delivery_id AND d.state IN ('DELIVERED', 'CANCELLED'))"""

SQLITE = f"""DROP TRIGGER webhook_attempt_refuse_delete;
CREATE TRIGGER webhook_attempt_refuse_delete BEFORE DELETE ON webhook_attempt WHEN NOT {_HAS_ENDED} BEGIN
    SELECT RAISE(ABORT, 'webhook_attempt is append-only'); END;"""

POSTGRES = f"""CREATE FUNCTION refuse_change_of_webhook_attempt() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' AND {_HAS_ENDED} THEN RETURN OLD; END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $body$;
DROP TRIGGER webhook_attempt_refuse_change ON webhook_attempt;
CREATE TRIGGER webhook_attempt_refuse_change BEFORE UPDATE OR DELETE ON webhook_attempt
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_webhook_attempt();"""


async def guard(_apps: Any, editor: Any) -> None:
    """Attempts at a delivery that has ended may be deleted; the database's own dialect has its own triggers."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    await editor.client.execute_script((SQLITE if sqlite else POSTGRES) + INDEXES)


class Migration(migrations.Migration):
    """A column more for the webhook, a trigger that is less strict, and three indexes."""

    dependencies = (("models", "0014_waiting_days"),)
    operations = (
        ops.AddField(model_name="Webhook", name="forgotten_position", field=fields.BigIntField(db_default=0)),
        ops.RunPython(guard),
    )
