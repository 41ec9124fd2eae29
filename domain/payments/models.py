"""Tables of the payments that customers made, and of what is charged to their accounts."""

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


class Charge(Model):
    """Sessions that no package had, put to a customer's account at list price; negative where it mirrors one."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    service = fields.ForeignKeyField("models.Service", related_name=False, on_delete=fields.RESTRICT)
    booking = fields.ForeignKeyField("models.Booking", related_name=False, null=True, on_delete=fields.RESTRICT)
    sessions = fields.IntField()
    amount_minor = fields.BigIntField()
    tax_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    charged_at = fields.DatetimeField()

    class Meta:
        table = "charge"
        constraints = (CheckConstraint(check="sessions <> 0", name="ck_charge_sessions"),)
        indexes = (
            Index(fields=("customer_id", "id"), name="ix_charge_customer"),
            Index(fields=("operation_id",), name="ix_charge_operation"),
        )
