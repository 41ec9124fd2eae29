"""Tables of refunds, the parts in which they are paid out, and how much of that who may decide."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Refund(Model):
    """Sessions that a customer gives back, or wants to; `sessions` is null where all that can are given back.

    It is 0 where none is, and an amount is refunded as goodwill.

    `booking_ids` are the visits that are called off for it. The figures are those that were asked for until somebody
    agrees, then those that were agreed; `standing` is what they were reckoned from, `steps` how they come about.
    `home_branch_id` is where it was agreed, and so whose books owe what is to be paid out.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    home_branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    sessions = fields.IntField(null=True)
    booking_ids: fields.Field[list[str]] = fields.JSONField(default=list)
    to_credit = fields.BooleanField()
    hardship = fields.CharField(max_length=500, db_default="")
    goodwill_minor = fields.BigIntField(db_default=0)
    state = fields.CharField(max_length=10)
    reason = fields.CharField(max_length=500, db_default="")
    quote_hash = fields.CharField(max_length=64)
    currency = fields.CharField(max_length=3)
    reckoned_by = fields.CharField(max_length=16)
    cooling_off = fields.BooleanField()
    given_back = fields.IntField()
    refund_minor = fields.BigIntField()
    fee_minor = fields.BigIntField()
    waived_minor = fields.BigIntField()
    cleared_minor = fields.BigIntField()
    value_minor = fields.BigIntField(null=True)
    tax_minor = fields.BigIntField(null=True)
    standing: fields.Field[dict[str, object]] = fields.JSONField()
    steps: fields.Field[list[dict[str, object]]] = fields.JSONField()
    requested_by = fields.CharField(max_length=32)
    requested_at = fields.DatetimeField()
    decided_by = fields.CharField(max_length=32, null=True)
    decided_at = fields.DatetimeField(null=True)
    decision = fields.CharField(max_length=500, db_default="")
    agreed_at = fields.DatetimeField(null=True)
    completed_at = fields.DatetimeField(null=True)
    operation_id = fields.CharField(max_length=32, null=True)

    class Meta:
        table = "refund"
        constraints = (
            CheckConstraint(
                check="sessions IS NULL OR sessions >= 1 OR (sessions = 0 AND goodwill_minor > 0)",
                name="ck_refund_sessions",
            ),
            CheckConstraint(
                check="refund_minor >= 0 AND goodwill_minor >= 0 AND cleared_minor >= 0 AND waived_minor >= 0",
                name="ck_refund_amounts",
            ),
            CheckConstraint(
                check="(agreed_at IS NULL) = (operation_id IS NULL)"
                " AND (state IN ('APPROVED', 'COMPLETED')) = (agreed_at IS NOT NULL)",
                name="ck_refund_agreed",
            ),
        )
        indexes = (
            Index(fields=("package_id", "id"), name="ix_refund_package"),
            Index(fields=("chain_id", "id"), name="ix_refund_chain"),
            Index(fields=("chain_id", "state", "id"), name="ix_refund_chain_state"),
            Index(fields=("chain_id", "agreed_at", "id"), name="ix_refund_agreed"),
            Index(fields=("home_branch_id", "id"), name="ix_refund_home"),
            Index(fields=("customer_id",), name="ix_refund_customer"),
            Index(fields=("requested_by", "requested_at"), name="ix_refund_requested_by"),
            Index(fields=("decided_by", "decided_at"), name="ix_refund_decided_by"),
        )


class RefundPart(Model):
    """A part of a refund: by the method and at the branch of the payment that it goes back on, or as credit.

    `paid_out_at` and what follows tell of it once it is paid out, which may be elsewhere and in another way.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    refund = fields.ForeignKeyField("models.Refund", related_name=False, on_delete=fields.RESTRICT)
    number = fields.IntField()
    payment = fields.ForeignKeyField("models.Payment", related_name=False, null=True, on_delete=fields.RESTRICT)
    method = fields.CharField(max_length=16)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    amount_minor = fields.BigIntField()
    paid_out_at = fields.DatetimeField(null=True)
    paid_out_by = fields.CharField(max_length=32, null=True)
    operation_id = fields.CharField(max_length=32, null=True)

    class Meta:
        table = "refund_part"
        constraints = (
            UniqueConstraint(fields=("refund_id", "number"), name="uq_refund_part_number"),
            CheckConstraint(check="amount_minor > 0", name="ck_refund_part_amount"),
            CheckConstraint(check="(paid_out_at IS NULL) = (operation_id IS NULL)", name="ck_refund_part_paid_out"),
        )
        indexes = (
            Index(fields=("payment_id",), name="ix_refund_part_payment"),
            Index(fields=("operation_id",), name="ix_refund_part_operation"),
        )


class RefundLimit(Model):
    """The most that a role may agree to refund, at one branch or wherever it is held; the newest row counts.

    `at_once_minor` is for one package on one day, `per_day_minor` for all that one person agrees to on a day at a
    branch; null for any amount.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    role = fields.CharField(max_length=12)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    currency = fields.CharField(max_length=3)
    at_once_minor = fields.BigIntField(null=True)
    per_day_minor = fields.BigIntField(null=True)
    set_by = fields.CharField(max_length=32)
    set_at = fields.DatetimeField()

    class Meta:
        table = "refund_limit"
        constraints = (
            CheckConstraint(
                check="(at_once_minor IS NULL OR at_once_minor >= 0) AND (per_day_minor IS NULL OR per_day_minor >= 0)",
                name="ck_refund_limit_amounts",
            ),
        )
        indexes = (Index(fields=("chain_id", "role", "branch_id", "id"), name="ix_refund_limit"),)
