from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0004_time_guards")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AccountingPeriod",
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
                ("first_day", fields.DateField(null=True)),
                ("last_day", fields.DateField()),
                ("closed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_by", fields.CharField(max_length=32)),
                ("reopened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reopened_by", fields.CharField(null=True, max_length=32)),
            ],
            options={
                "table": "accounting_period",
                "app": "models",
                "indexes": [Index(fields=["chain_id", "last_day"], name="ix_accounting_period_chain")],
                "pk_attr": "id",
                "table_description": "Days whose books are closed; `chain.books_open_from` is the day after the last that is not open again.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BreakageEstimate",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                (
                    "definition",
                    fields.ForeignKeyField(
                        "models.PackageDefinition",
                        source_field="definition_id",
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
                ("rate_bp", fields.IntField()),
                ("estimated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "breakage_estimate",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="rate_bp >= 0 AND rate_bp < 10000", name="ck_breakage_estimate_rate")
                ],
                "indexes": [Index(fields=["definition_id", "id"], name="ix_breakage_estimate_definition")],
                "pk_attr": "id",
                "table_description": "The share of a definition's sessions that is expected never to be used; the newest counts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BreakageRun",
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
                    "definition",
                    fields.ForeignKeyField(
                        "models.PackageDefinition",
                        source_field="definition_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("operation_id", fields.CharField(max_length=32)),
                ("posted_on", fields.DateField()),
                ("packages", fields.IntField()),
                ("done", fields.IntField(db_default=0)),
                ("failed", fields.IntField(db_default=0)),
                ("changed_minor", fields.BigIntField(db_default=0)),
                ("after_package_id", fields.CharField(db_default="", max_length=32)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "breakage_run",
                "app": "models",
                "indexes": [Index(fields=["chain_id", "id"], name="ix_breakage_run_chain")],
                "pk_attr": "id",
                "table_description": "A catch-up of the packages sold before an estimate or the method changed, one operation each; restartable.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DeliveryCost",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "service",
                    fields.ForeignKeyField(
                        "models.Service",
                        source_field="service_id",
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
                ("starts_on", fields.DateField()),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("cost_minor", fields.BigIntField(null=True)),
                ("recorded_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "delivery_cost",
                "app": "models",
                "constraints": [CheckConstraint(check="cost_minor >= 0", name="ck_delivery_cost")],
                "indexes": [Index(fields=["service_id", "branch_id", "starts_at"], name="ix_delivery_cost")],
                "pk_attr": "id",
                "table_description": "What one session of the service costs the branch to deliver, from a local day on until a later one says so.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Instalment",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
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
                ("plan", fields.IntField()),
                ("number", fields.IntField()),
                ("due_on", fields.DateField()),
                ("overdue_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("amount_minor", fields.BigIntField()),
            ],
            options={
                "table": "instalment",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("package_id", "plan", "number"), name="uq_instalment_number"),
                    CheckConstraint(check="amount_minor > 0", name="ck_instalment_amount"),
                ],
                "indexes": [Index(fields=["operation_id"], name="ix_instalment_operation")],
                "pk_attr": "id",
                "table_description": "A part of what is owed for a package and the local day by whose end it is due; the newest plan counts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="JournalTotal",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
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
                ("period", fields.IntField()),
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
                ("definition_id", fields.CharField(max_length=32)),
                ("event", fields.CharField(max_length=24)),
                ("account", fields.CharField(max_length=20)),
                ("debit_minor", fields.BigIntField()),
                ("credit_minor", fields.BigIntField()),
            ],
            options={
                "table": "journal_total",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("chain_id", "period", "account", "branch_id", "definition_id", "event"),
                        name="uq_journal_total",
                    )
                ],
                "pk_attr": "id",
                "table_description": "What one account was debited and credited in a month, by branch, definition and event; summed from the lines.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="JournalTotalled",
            fields=[
                ("chain_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("position", fields.BigIntField()),
            ],
            options={
                "table": "journal_totalled",
                "app": "models",
                "pk_attr": "chain_id",
                "table_description": "Up to which sealed position the journal of a chain has been totalled.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PaymentReversal",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "models.Payment",
                        source_field="payment_id",
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
                ("reversed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "payment_reversal",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("payment_id",), name="uq_payment_reversal")],
                "indexes": [Index(fields=["operation_id"], name="ix_payment_reversal_operation")],
                "pk_attr": "id",
                "table_description": "A payment taken back: entered by mistake, or because its sale was void; once at most.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Revaluation",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
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
                ("value_change_minor", fields.BigIntField()),
                ("breakage_bp", fields.IntField()),
                ("effective_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "revaluation",
                "app": "models",
                "indexes": [
                    Index(fields=["operation_id"], name="ix_revaluation_operation"),
                    Index(fields=["package_id"], name="ix_revaluation_package"),
                    Index(fields=["lot_id"], name="ix_revaluation_lot"),
                ],
                "pk_attr": "id",
                "table_description": "A lot's value left, estimated anew without a session moving: what of it is expected never to be used.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Chain",
            name="books_open_from",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Chain",
            name="breakage_method",
            field=fields.CharField(db_default="AT_LAPSE", max_length=12),
        ),
        ops.AddField(
            model_name="Chain",
            name="duplicate_sale_minutes",
            field=fields.IntField(db_default=10),
        ),
        ops.AddField(
            model_name="Chain",
            name="lapse_tax",
            field=fields.CharField(db_default="NONE", max_length=10),
        ),
        ops.AddField(
            model_name="Chain",
            name="largest_payment_minor",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Charge",
            name="credited_minor",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddField(
            model_name="JournalLine",
            name="customer",
            field=fields.ForeignKeyField(
                "models.Customer",
                source_field="customer_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Lot",
            name="breakage_bp",
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name="Lot",
            name="recognised_minor",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddField(
            model_name="Lot",
            name="revalued_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Lot",
            name="tax_recognised_minor",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddConstraint(
            model_name="Lot",
            constraint=CheckConstraint(check="breakage_bp >= 0 AND breakage_bp < 10000", name="ck_lot_breakage"),
        ),
        ops.AddField(
            model_name="Movement",
            name="breakage_minor",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddIndex(
            model_name="Movement",
            index=Index(fields=["effective_at"], name="ix_movement_effective"),
        ),
        ops.AddIndex(
            model_name="Operation",
            index=Index(fields=["chain_id", "recorded_at"], name="ix_operation_recorded"),
        ),
        ops.AddField(
            model_name="Package",
            name="closed_as",
            field=fields.CharField(null=True, max_length=12),
        ),
        ops.AddField(
            model_name="Package",
            name="closed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Package",
            name="credited_minor",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddField(
            model_name="Package",
            name="refunded_minor",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddConstraint(
            model_name="Package",
            constraint=CheckConstraint(
                check="credited_minor >= 0 AND refunded_minor >= 0 AND refunded_minor <= paid_minor",
                name="ck_package_given_back",
            ),
        ),
        ops.AlterModelOptions(
            name="Payment",
            options={
                "table": "payment",
                "app": "models",
                "constraints": [CheckConstraint(check="amount_minor > 0", name="ck_payment_amount")],
                "indexes": [
                    Index(fields=["package_id"], name="ix_payment_package"),
                    Index(fields=["customer_id"], name="ix_payment_customer"),
                    Index(fields=["operation_id"], name="ix_payment_operation"),
                ],
                "pk_attr": "id",
                "table_description": "Money that came in, or credit that was used, by one method: for a package, or for a customer's account.",
            },
        ),
        ops.AlterField(
            model_name="Payment",
            name="package",
            field=fields.ForeignKeyField(
                "models.Package",
                source_field="package_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Payment",
            name="customer",
            field=fields.ForeignKeyField(
                "models.Customer",
                source_field="customer_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Payment",
            name="kept_minor",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddIndex(
            model_name="Payment",
            index=Index(fields=["customer_id"], name="ix_payment_customer"),
        ),
    ]
