"""Tables of what other systems tell: the doors they knock at, and every event as it came."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class InboundHook(Model):
    """A door at `/hooks/<id>` for one other system; the secret that its events are signed with is encrypted."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    name = fields.CharField(max_length=120)
    provider = fields.CharField(max_length=16)
    secret = fields.TextField()
    former_secret = fields.TextField(null=True)
    former_until = fields.DatetimeField(null=True)
    created_by = fields.CharField(max_length=32)
    created_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "inbound_hook"


class InboundEvent(Model):
    """An event as it came, byte for byte; once however often it comes, and processed once."""

    id = fields.CharField(max_length=32, primary_key=True)
    hook = fields.ForeignKeyField("models.InboundHook", related_name=False, on_delete=fields.RESTRICT)
    event_id = fields.CharField(max_length=255)
    body = fields.BinaryField()
    received_at = fields.DatetimeField()
    repeated = fields.IntField(db_default=0)
    state = fields.CharField(max_length=9)
    attempts = fields.IntField(db_default=0)
    due_at = fields.DatetimeField(null=True)
    processed_at = fields.DatetimeField(null=True)
    problem = fields.CharField(max_length=40, null=True)
    message = fields.CharField(max_length=1000, db_default="")
    operation_id = fields.CharField(max_length=32, null=True)

    class Meta:
        table = "inbound_event"
        constraints = (UniqueConstraint(fields=("hook_id", "event_id"), name="uq_inbound_event"),)
        indexes = (Index(fields=("hook_id", "state", "id"), name="ix_inbound_event_state"),)
