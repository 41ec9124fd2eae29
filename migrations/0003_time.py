from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0002_append_only")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Booking",
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
                    "practitioner",
                    fields.ForeignKeyField(
                        "models.Staff",
                        source_field="practitioner_id",
                        null=True,
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
                    "package",
                    fields.ForeignKeyField(
                        "models.Package",
                        source_field="package_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("series_id", fields.CharField(null=True, max_length=32)),
                ("source", fields.CharField(null=True, max_length=40)),
                ("external_ref", fields.CharField(null=True, max_length=120)),
                ("told_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("sessions", fields.IntField()),
                ("charged", fields.IntField(db_default=0)),
                ("state", fields.CharField(max_length=24)),
                ("version", fields.IntField(db_default=1)),
                ("reschedules", fields.IntField(db_default=0)),
                ("booked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("flagged_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("attachments", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "booking",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("chain_id", "source", "external_ref"), name="uq_booking_external_ref"),
                    CheckConstraint(
                        check="sessions >= 1 AND charged >= 0 AND charged <= sessions", name="ck_booking_sessions"
                    ),
                    CheckConstraint(check="starts_at < ends_at", name="ck_booking_time"),
                    CheckConstraint(check="(source IS NULL) = (external_ref IS NULL)", name="ck_booking_external_ref"),
                ],
                "indexes": [
                    Index(fields=["branch_id", "starts_at", "id"], name="ix_booking_branch"),
                    Index(fields=["practitioner_id", "starts_at", "id"], name="ix_booking_practitioner"),
                    Index(fields=["customer_id", "starts_at", "id"], name="ix_booking_customer"),
                    Index(fields=["package_id", "starts_at", "id"], name="ix_booking_package"),
                    Index(fields=["chain_id", "starts_at", "id"], name="ix_booking_chain"),
                    Index(fields=["series_id"], name="ix_booking_series"),
                ],
                "pk_attr": "id",
                "table_description": "A visit of one or several persons, as it stands; `charged` of its sessions go to the customer's account.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BookingChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "booking",
                    fields.ForeignKeyField(
                        "models.Booking",
                        source_field="booking_id",
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
                ("kind", fields.CharField(max_length=24)),
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
                    "practitioner",
                    fields.ForeignKeyField(
                        "models.Staff",
                        source_field="practitioner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("cause", fields.CharField(null=True, max_length=10)),
                ("note", fields.CharField(db_default="", max_length=500)),
            ],
            options={
                "table": "booking_change",
                "app": "models",
                "indexes": [
                    Index(fields=["booking_id"], name="ix_booking_change_booking"),
                    Index(fields=["operation_id"], name="ix_booking_change_operation"),
                ],
                "pk_attr": "id",
                "table_description": "What an operation made of a booking: the story of a booking is its changes, oldest first; append-only.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BookingPerson",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "booking",
                    fields.ForeignKeyField(
                        "models.Booking",
                        source_field="booking_id",
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
            ],
            options={
                "table": "booking_person",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("booking_id", "customer_id"), name="uq_booking_person")],
                "indexes": [Index(fields=["customer_id"], name="ix_booking_person_customer")],
                "pk_attr": "id",
                "table_description": "A customer who comes: the one who booked, or a companion known by name.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BulkExtension",
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
                ("days", fields.IntField()),
                ("reason", fields.CharField(max_length=500)),
                ("as_of", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("done_until", fields.CharField(db_default="", max_length=32)),
                ("packages", fields.IntField()),
                ("extended", fields.IntField(db_default=0)),
                ("failed", fields.IntField(db_default=0)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "bulk_extension",
                "app": "models",
                "indexes": [Index(fields=["chain_id", "id"], name="ix_bulk_extension_chain")],
                "pk_attr": "id",
                "table_description": "One act over many packages, carried out package by package; goes on where it was left.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Charge",
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
                    "booking",
                    fields.ForeignKeyField(
                        "models.Booking",
                        source_field="booking_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sessions", fields.IntField()),
                ("amount_minor", fields.BigIntField()),
                ("tax_minor", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                ("charged_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "charge",
                "app": "models",
                "constraints": [CheckConstraint(check="sessions <> 0", name="ck_charge_sessions")],
                "indexes": [
                    Index(fields=["customer_id", "id"], name="ix_charge_customer"),
                    Index(fields=["operation_id"], name="ix_charge_operation"),
                ],
                "pk_attr": "id",
                "table_description": "Sessions that no package had, put to a customer's account at list price; negative where it mirrors one.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ExtensionFailure",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "bulk_extension",
                    fields.ForeignKeyField(
                        "models.BulkExtension",
                        source_field="bulk_extension_id",
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
                ("code", fields.CharField(max_length=60)),
                ("message", fields.CharField(max_length=500)),
            ],
            options={
                "table": "extension_failure",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("bulk_extension_id", "package_id"), name="uq_extension_failure")
                ],
                "pk_attr": "id",
                "table_description": "A package that a bulk extension could not extend, and why.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Freeze",
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
                ("cause", fields.CharField(max_length=10)),
                ("starts_on", fields.DateField()),
                ("thaws_on", fields.DateField(null=True)),
                ("frozen_from", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("thaws_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("days_added", fields.IntField(db_default=0)),
                ("lots", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("frozen_by", fields.CharField(max_length=32)),
                ("thawed_by", fields.CharField(null=True, max_length=32)),
            ],
            options={
                "table": "freeze",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="thaws_at IS NULL OR frozen_from <= thaws_at", name="ck_freeze_period")
                ],
                "indexes": [Index(fields=["package_id", "frozen_from"], name="ix_freeze_package")],
                "pk_attr": "id",
                "table_description": "A time in which a package cannot be used and does not grow older; the package itself bears the one that counts.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Chain",
            name="desk_extension_days",
            field=fields.IntField(db_default=14),
        ),
        ops.AddField(
            model_name="Chain",
            name="open_bookings",
            field=fields.CharField(db_default="FLAG", max_length=10),
        ),
        ops.AddField(
            model_name="Chain",
            name="reinstatement_days",
            field=fields.IntField(db_default=90),
        ),
        ops.AddField(
            model_name="Chain",
            name="shortfall",
            field=fields.CharField(db_default="REFUSE", max_length=10),
        ),
        ops.RemoveIndex(
            model_name="Lot",
            name="ix_lot_lapses_at",
            fields=None,
        ),
        ops.AddField(
            model_name="Movement",
            name="booking",
            field=fields.ForeignKeyField(
                "models.Booking",
                source_field="booking_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddIndex(
            model_name="Movement",
            index=Index(fields=["booking_id"], name="ix_movement_booking"),
        ),
        ops.AddField(
            model_name="Package",
            name="disputed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Package",
            name="extended_days",
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name="Package",
            name="frozen_from",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Package",
            name="start_by",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Package",
            name="thaws_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
