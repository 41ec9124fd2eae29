"""The audit log: one row for every act that was carried out, and one for every denial; append-only in the database."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Operation(Model):
    """One act: who, when, where, why, under which idempotency key, and the facts of its outcome."""

    seq = fields.BigIntField(primary_key=True)
    id = fields.CharField(max_length=32, unique=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    act = fields.CharField(max_length=40)
    principal = fields.CharField(max_length=12)
    principal_id = fields.CharField(max_length=32)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, null=True, on_delete=fields.RESTRICT)
    package_version = fields.IntField(null=True)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, null=True, on_delete=fields.RESTRICT)
    effective_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    reason = fields.CharField(max_length=500, default="")
    idempotency_key = fields.CharField(max_length=255, null=True)
    input_hash = fields.CharField(max_length=64, null=True)
    outcome: fields.Field[object] = fields.JSONField()
    reverses = fields.CharField(max_length=32, null=True, unique=True)

    class Meta:
        table = "operation"
        constraints = (
            UniqueConstraint(fields=("chain_id", "principal_id", "act", "idempotency_key"), name="uq_operation_key"),
            UniqueConstraint(fields=("package_id", "package_version"), name="uq_operation_package_version"),
        )
        indexes = (
            Index(fields=("chain_id", "seq"), name="ix_operation_chain"),
            Index(fields=("customer_id",), name="ix_operation_customer"),
            Index(fields=("chain_id", "recorded_at"), name="ix_operation_recorded"),
        )


class Denial(Model):
    """What somebody asked for and may not do or read; nothing else was written."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    asked = fields.CharField(max_length=60)
    principal = fields.CharField(max_length=12)
    principal_id = fields.CharField(max_length=32)
    needs = fields.CharField(max_length=300)
    denied_at = fields.DatetimeField()

    class Meta:
        table = "denial"
        indexes = (Index(fields=("chain_id", "id"), name="ix_denial_chain"),)
