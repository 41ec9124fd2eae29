"""Table of the payments that customers made."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class Payment(Model):
    """Money that came in for a package, by one method; append-only, corrected by mirroring operations."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    method = fields.CharField(max_length=16)
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    received_at = fields.DatetimeField()

    class Meta:
        table = "payment"
        constraints = (CheckConstraint(check="amount_minor > 0", name="ck_payment_amount"),)
        indexes = (
            Index(fields=("package_id",), name="ix_payment_package"),
            Index(fields=("operation_id",), name="ix_payment_operation"),
        )
