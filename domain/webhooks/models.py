"""Tables of webhooks: who wants to be told, with which secrets, and what was delivered to them."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class Webhook(Model):
    """An address that is told of events as they are sealed; `position` is the place in that order it has come to.

    Of what was told up to `forgotten_position`, some deliveries are gone.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    url = fields.CharField(max_length=1000)
    description = fields.CharField(max_length=200, db_default="")
    event_types: fields.Field[list[str]] = fields.JSONField()
    state = fields.CharField(max_length=8)
    stopped_because = fields.CharField(max_length=500, db_default="")
    position = fields.BigIntField(db_default=0)
    forgotten_position = fields.BigIntField(db_default=0)
    leased_by = fields.CharField(max_length=64, null=True)
    leased_until = fields.DatetimeField(null=True)
    created_by = fields.CharField(max_length=32)
    created_at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "webhook"
        constraints = (CheckConstraint(check="(leased_by IS NULL) = (leased_until IS NULL)", name="ck_webhook_lease"),)
        indexes = (Index(fields=("chain_id", "id"), name="ix_webhook_chain"),)


class WebhookSecret(Model):
    """A secret that deliveries are signed with, encrypted, until it ends; two are good while one is rotated out."""

    id = fields.BigIntField(primary_key=True)
    webhook = fields.ForeignKeyField("models.Webhook", related_name=False, on_delete=fields.RESTRICT)
    secret = fields.TextField()
    created_at = fields.DatetimeField()
    ends_at = fields.DatetimeField(null=True)

    class Meta:
        table = "webhook_secret"
        indexes = (Index(fields=("webhook_id",), name="ix_webhook_secret"),)


class WebhookDelivery(Model):
    """One event for one address; its id is the `webhook-id` of every attempt, and its body never changes."""

    id = fields.CharField(max_length=32, primary_key=True)
    webhook = fields.ForeignKeyField("models.Webhook", related_name=False, on_delete=fields.RESTRICT)
    position = fields.BigIntField()
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    package_id = fields.CharField(max_length=32, null=True)
    event_type = fields.CharField(max_length=40)
    body = fields.TextField()
    state = fields.CharField(max_length=9)
    attempts = fields.IntField(db_default=0)
    due_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    delivered_at = fields.DatetimeField(null=True)
    replays = fields.CharField(max_length=32, null=True)

    class Meta:
        table = "webhook_delivery"
        constraints = (CheckConstraint(check="(state = 'WAITING') = (due_at IS NOT NULL)", name="ck_webhook_delivery"),)
        indexes = (
            Index(fields=("webhook_id", "position"), name="ix_webhook_delivery_position"),
            Index(fields=("webhook_id", "state", "id"), name="ix_webhook_delivery_state"),
            Index(fields=("operation_id",), name="ix_webhook_delivery_operation"),
        )


class WebhookAttempt(Model):
    """One attempt to deliver, and how it ended; append-only."""

    id = fields.BigIntField(primary_key=True)
    delivery = fields.ForeignKeyField("models.WebhookDelivery", related_name=False, on_delete=fields.RESTRICT)
    status = fields.IntField(null=True)
    detail = fields.CharField(max_length=500, db_default="")
    attempted_at = fields.DatetimeField()
    milliseconds = fields.IntField()

    class Meta:
        table = "webhook_attempt"
        indexes = (Index(fields=("delivery_id", "id"), name="ix_webhook_attempt_delivery"),)
