"""The table of top-ups."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class TopUp(Model):
    """Sessions that were added to a package, as a lot of their own, for a price with its tax; append-only."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    lot = fields.ForeignKeyField("models.Lot", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    sessions = fields.IntField()
    amount_minor = fields.BigIntField()
    tax_minor = fields.BigIntField()
    topped_up_by = fields.CharField(max_length=32)
    topped_up_at = fields.DatetimeField()

    class Meta:
        table = "top_up"
        constraints = (
            UniqueConstraint(fields=("lot_id",), name="uq_top_up_lot"),
            CheckConstraint(check="sessions >= 1", name="ck_top_up_sessions"),
            CheckConstraint(check="tax_minor >= 0 AND tax_minor <= amount_minor", name="ck_top_up_amount"),
        )
        indexes = (
            Index(fields=("package_id", "id"), name="ix_top_up_package"),
            Index(fields=("operation_id",), name="ix_top_up_operation"),
        )
