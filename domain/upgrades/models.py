"""The table of upgrades."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Upgrade(Model):
    """A package that was closed for another one, and what that came to, amounts with tax; append-only.

    `refundable_minor` is what the terms of the old one would have left of what was paid, without what was credited:
    that brings no more later. Below zero it is what they would have asked for, so that paying it for the new one buys
    nothing back; `kept_minor` they would not have kept in hardship. `approval_above_minor` is the least amount above
    which refunds of it, or of those before, needed approval; null for none.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    into_package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    into_operation_id = fields.CharField(max_length=32)
    method = fields.CharField(max_length=16)
    currency = fields.CharField(max_length=3)
    used = fields.IntField()
    unused_value_minor = fields.BigIntField()
    difference_minor = fields.BigIntField()
    outstanding_carried_minor = fields.BigIntField()
    due_minor = fields.BigIntField()
    credit_minor = fields.BigIntField()
    sessions_after = fields.IntField()
    refundable_minor = fields.BigIntField()
    kept_minor = fields.BigIntField()
    approval_above_minor = fields.BigIntField(null=True)
    steps: fields.Field[list[dict[str, object]]] = fields.JSONField()
    upgraded_by = fields.CharField(max_length=32)
    upgraded_at = fields.DatetimeField()

    class Meta:
        table = "upgrade"
        constraints = (
            UniqueConstraint(fields=("package_id",), name="uq_upgrade_package"),
            UniqueConstraint(fields=("into_package_id",), name="uq_upgrade_into"),
            CheckConstraint(check="package_id <> into_package_id", name="ck_upgrade_packages"),
            CheckConstraint(
                check="due_minor >= 0 AND credit_minor >= 0 AND kept_minor >= 0", name="ck_upgrade_amounts"
            ),
        )
        indexes = (
            Index(fields=("chain_id", "id"), name="ix_upgrade_chain"),
            Index(fields=("operation_id",), name="ix_upgrade_operation"),
        )
