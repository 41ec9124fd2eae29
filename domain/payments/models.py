"""Tables of the payments that customers made, and of what is charged to their accounts."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Payment(Model):
    """Money that came in, or credit that was used, by one method: for a package, or for a customer's account.

    `kept_minor` of it exceeded what was owed and is the customer's credit; a mistake is mirrored by a reversal.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, null=True, on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, null=True, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    method = fields.CharField(max_length=16)
    amount_minor = fields.BigIntField()
    kept_minor = fields.BigIntField(db_default=0)
    currency = fields.CharField(max_length=3)
    received_at = fields.DatetimeField()

    class Meta:
        table = "payment"
        constraints = (CheckConstraint(check="amount_minor > 0", name="ck_payment_amount"),)
        indexes = (
            Index(fields=("package_id",), name="ix_payment_package"),
            Index(fields=("customer_id",), name="ix_payment_customer"),
            Index(fields=("operation_id",), name="ix_payment_operation"),
        )


class PaymentReversal(Model):
    """A payment taken back: entered by mistake, or because its sale was void; once at most."""

    id = fields.CharField(max_length=32, primary_key=True)
    payment = fields.ForeignKeyField("models.Payment", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    reversed_at = fields.DatetimeField()

    class Meta:
        table = "payment_reversal"
        constraints = (UniqueConstraint(fields=("payment_id",), name="uq_payment_reversal"),)
        indexes = (Index(fields=("operation_id",), name="ix_payment_reversal_operation"),)


class Instalment(Model):
    """A part of what is owed for a package and the local day by whose end it is due; the newest plan counts."""

    id = fields.CharField(max_length=32, primary_key=True)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    plan = fields.IntField()
    number = fields.IntField()
    due_on = fields.DateField()
    overdue_at = fields.DatetimeField()
    amount_minor = fields.BigIntField()

    class Meta:
        table = "instalment"
        constraints = (
            UniqueConstraint(fields=("package_id", "plan", "number"), name="uq_instalment_number"),
            CheckConstraint(check="amount_minor > 0", name="ck_instalment_amount"),
        )
        indexes = (Index(fields=("operation_id",), name="ix_instalment_operation"),)


class Charge(Model):
    """Sessions that no package had, put to a customer's account at list price; negative where it mirrors one.

    Or the fee for handing sessions on, which is for no service. `credited_minor` of what is mirrored had been paid and
    is the customer's credit.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    purpose = fields.CharField(max_length=12, db_default="SESSIONS")
    service = fields.ForeignKeyField("models.Service", related_name=False, null=True, on_delete=fields.RESTRICT)
    booking = fields.ForeignKeyField("models.Booking", related_name=False, null=True, on_delete=fields.RESTRICT)
    sessions = fields.IntField()
    amount_minor = fields.BigIntField()
    tax_minor = fields.BigIntField()
    credited_minor = fields.BigIntField(db_default=0)
    currency = fields.CharField(max_length=3)
    charged_at = fields.DatetimeField()

    class Meta:
        table = "charge"
        constraints = (
            CheckConstraint(check="sessions <> 0", name="ck_charge_sessions"),
            CheckConstraint(check="purpose <> 'SESSIONS' OR service_id IS NOT NULL", name="ck_charge_service"),
        )
        indexes = (
            Index(fields=("customer_id", "id"), name="ix_charge_customer"),
            Index(fields=("operation_id",), name="ix_charge_operation"),
        )
