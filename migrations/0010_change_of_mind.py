from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0009_branches_guards")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Holiday",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "branch",
                    fields.ForeignKeyField(
                        "models.Branch",
                        source_field="branch_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("day", fields.DateField()),
                ("name", fields.CharField(max_length=120)),
            ],
            options={
                "table": "holiday",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("branch_id", "day"), name="uq_holiday_day"),
                    CheckConstraint(check="name <> ''", name="ck_holiday_name"),
                ],
                "pk_attr": "id",
                "table_description": "A local day on which no business is done at a branch, besides those of its weekend.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Refund",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                (
                    "chain",
                    fields.ForeignKeyField(
                        "models.Chain",
                        source_field="chain_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "package",
                    fields.ForeignKeyField(
                        "models.Package",
                        source_field="package_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "home_branch",
                    fields.ForeignKeyField(
                        "models.Branch",
                        source_field="home_branch_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sessions", fields.IntField(null=True)),
                ("booking_ids", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("to_credit", fields.BooleanField()),
                ("hardship", fields.CharField(db_default="", max_length=500)),
                ("goodwill_minor", fields.BigIntField(db_default=0)),
                ("state", fields.CharField(max_length=10)),
                ("reason", fields.CharField(db_default="", max_length=500)),
                ("quote_hash", fields.CharField(max_length=64)),
                ("currency", fields.CharField(max_length=3)),
                ("reckoned_by", fields.CharField(max_length=16)),
                ("cooling_off", fields.BooleanField()),
                ("given_back", fields.IntField()),
                ("refund_minor", fields.BigIntField()),
                ("fee_minor", fields.BigIntField()),
                ("waived_minor", fields.BigIntField()),
                ("cleared_minor", fields.BigIntField()),
                ("value_minor", fields.BigIntField(null=True)),
                ("tax_minor", fields.BigIntField(null=True)),
                ("standing", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("steps", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("requested_by", fields.CharField(max_length=32)),
                ("requested_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_by", fields.CharField(null=True, max_length=32)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decision", fields.CharField(db_default="", max_length=500)),
                ("agreed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("completed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("operation_id", fields.CharField(null=True, max_length=32)),
            ],
            options={
                "table": "refund",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="sessions IS NULL OR sessions >= 1 OR (sessions = 0 AND goodwill_minor > 0)",
                        name="ck_refund_sessions",
                    ),
                    CheckConstraint(
                        check="refund_minor >= 0 AND goodwill_minor >= 0 AND cleared_minor >= 0 AND waived_minor >= 0",
                        name="ck_refund_amounts",
                    ),
                    CheckConstraint(
                        check="(agreed_at IS NULL) = (operation_id IS NULL) AND (state IN ('APPROVED', 'COMPLETED')) = (agreed_at IS NOT NULL)",
                        name="ck_refund_agreed",
                    ),
                ],
                "indexes": [
                    Index(fields=["package_id", "id"], name="ix_refund_package"),
                    Index(fields=["chain_id", "id"], name="ix_refund_chain"),
                    Index(fields=["chain_id", "state", "id"], name="ix_refund_chain_state"),
                    Index(fields=["chain_id", "agreed_at", "id"], name="ix_refund_agreed"),
                    Index(fields=["home_branch_id", "id"], name="ix_refund_home"),
                    Index(fields=["customer_id"], name="ix_refund_customer"),
                    Index(fields=["requested_by", "requested_at"], name="ix_refund_requested_by"),
                    Index(fields=["decided_by", "decided_at"], name="ix_refund_decided_by"),
                ],
                "pk_attr": "id",
                "table_description": "Sessions that a customer gives back, or wants to; `sessions` is null where all that can are given back.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RefundLimit",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                (
                    "chain",
                    fields.ForeignKeyField(
                        "models.Chain",
                        source_field="chain_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("role", fields.CharField(max_length=12)),
                (
                    "branch",
                    fields.ForeignKeyField(
                        "models.Branch",
                        source_field="branch_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("currency", fields.CharField(max_length=3)),
                ("at_once_minor", fields.BigIntField(null=True)),
                ("per_day_minor", fields.BigIntField(null=True)),
                ("set_by", fields.CharField(max_length=32)),
                ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "refund_limit",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="(at_once_minor IS NULL OR at_once_minor >= 0) AND (per_day_minor IS NULL OR per_day_minor >= 0)",
                        name="ck_refund_limit_amounts",
                    )
                ],
                "indexes": [Index(fields=["chain_id", "role", "branch_id", "id"], name="ix_refund_limit")],
                "pk_attr": "id",
                "table_description": "The most that a role may agree to refund, at one branch or wherever it is held; the newest row counts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RefundPart",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                (
                    "refund",
                    fields.ForeignKeyField(
                        "models.Refund",
                        source_field="refund_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "models.Payment",
                        source_field="payment_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("method", fields.CharField(max_length=16)),
                (
                    "branch",
                    fields.ForeignKeyField(
                        "models.Branch",
                        source_field="branch_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("amount_minor", fields.BigIntField()),
                ("paid_out_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("paid_out_by", fields.CharField(null=True, max_length=32)),
                ("operation_id", fields.CharField(null=True, max_length=32)),
            ],
            options={
                "table": "refund_part",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("refund_id", "number"), name="uq_refund_part_number"),
                    CheckConstraint(check="amount_minor > 0", name="ck_refund_part_amount"),
                    CheckConstraint(
                        check="(paid_out_at IS NULL) = (operation_id IS NULL)", name="ck_refund_part_paid_out"
                    ),
                ],
                "indexes": [
                    Index(fields=["payment_id"], name="ix_refund_part_payment"),
                    Index(fields=["operation_id"], name="ix_refund_part_operation"),
                ],
                "pk_attr": "id",
                "table_description": "A part of a refund: by the method and at the branch of the payment that it goes back on, or as credit.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TopUp",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                (
                    "chain",
                    fields.ForeignKeyField(
                        "models.Chain",
                        source_field="chain_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "package",
                    fields.ForeignKeyField(
                        "models.Package",
                        source_field="package_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "lot",
                    fields.ForeignKeyField(
                        "models.Lot",
                        source_field="lot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "branch",
                    fields.ForeignKeyField(
                        "models.Branch",
                        source_field="branch_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "operation",
                    fields.ForeignKeyField(
                        "models.Operation",
                        source_field="operation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sessions", fields.IntField()),
                ("amount_minor", fields.BigIntField()),
                ("tax_minor", fields.BigIntField()),
                ("topped_up_by", fields.CharField(max_length=32)),
                ("topped_up_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "top_up",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("lot_id",), name="uq_top_up_lot"),
                    CheckConstraint(check="sessions >= 1", name="ck_top_up_sessions"),
                    CheckConstraint(check="tax_minor >= 0 AND tax_minor <= amount_minor", name="ck_top_up_amount"),
                ],
                "indexes": [
                    Index(fields=["package_id", "id"], name="ix_top_up_package"),
                    Index(fields=["operation_id"], name="ix_top_up_operation"),
                ],
                "pk_attr": "id",
                "table_description": "Sessions that were added to a package, as a lot of their own, for a price with its tax; append-only.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Upgrade",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                (
                    "chain",
                    fields.ForeignKeyField(
                        "models.Chain",
                        source_field="chain_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "package",
                    fields.ForeignKeyField(
                        "models.Package",
                        source_field="package_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "into_package",
                    fields.ForeignKeyField(
                        "models.Package",
                        source_field="into_package_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "branch",
                    fields.ForeignKeyField(
                        "models.Branch",
                        source_field="branch_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "operation",
                    fields.ForeignKeyField(
                        "models.Operation",
                        source_field="operation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("into_operation_id", fields.CharField(max_length=32)),
                ("method", fields.CharField(max_length=16)),
                ("currency", fields.CharField(max_length=3)),
                ("used", fields.IntField()),
                ("unused_value_minor", fields.BigIntField()),
                ("difference_minor", fields.BigIntField()),
                ("outstanding_carried_minor", fields.BigIntField()),
                ("due_minor", fields.BigIntField()),
                ("credit_minor", fields.BigIntField()),
                ("sessions_after", fields.IntField()),
                ("refundable_minor", fields.BigIntField()),
                ("kept_minor", fields.BigIntField()),
                ("approval_above_minor", fields.BigIntField(null=True)),
                ("steps", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("upgraded_by", fields.CharField(max_length=32)),
                ("upgraded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "upgrade",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("package_id",), name="uq_upgrade_package"),
                    UniqueConstraint(fields=("into_package_id",), name="uq_upgrade_into"),
                    CheckConstraint(check="package_id <> into_package_id", name="ck_upgrade_packages"),
                    CheckConstraint(
                        check="due_minor >= 0 AND credit_minor >= 0 AND kept_minor >= 0",
                        name="ck_upgrade_amounts",
                    ),
                ],
                "indexes": [
                    Index(fields=["chain_id", "id"], name="ix_upgrade_chain"),
                    Index(fields=["operation_id"], name="ix_upgrade_operation"),
                ],
                "pk_attr": "id",
                "table_description": "A package that was closed for another one, and what that came to, amounts with tax; append-only.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Branch",
            name="weekend",
            field=fields.CharField(db_default="67", max_length=7),
        ),
        ops.RemoveConstraint(
            model_name="Package",
            name="ck_package_given_back",
            fields=None,
        ),
        ops.AddField(
            model_name="Package",
            name="brought_minor",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddConstraint(
            model_name="Package",
            constraint=CheckConstraint(
                check="credited_minor >= 0 AND refunded_minor >= 0 AND (refunded_minor = 0 OR refunded_minor <= paid_minor + brought_minor)",
                name="ck_package_given_back",
            ),
        ),
    ]
