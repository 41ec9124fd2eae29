"""Tables of accounting periods and of estimated breakage."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class AccountingPeriod(Model):
    """Days whose books are closed; `chain.books_open_from` is the day after the last that is not open again."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    first_day = fields.DateField(null=True)
    last_day = fields.DateField()
    closed_at = fields.DatetimeField()
    closed_by = fields.CharField(max_length=32)
    reopened_at = fields.DatetimeField(null=True)
    reopened_by = fields.CharField(max_length=32, null=True)

    class Meta:
        table = "accounting_period"
        indexes = (Index(fields=("chain_id", "last_day"), name="ix_accounting_period_chain"),)


class BreakageEstimate(Model):
    """The share of a definition's sessions that is expected never to be used; the newest counts."""

    id = fields.CharField(max_length=32, primary_key=True)
    definition = fields.ForeignKeyField("models.PackageDefinition", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    rate_bp = fields.IntField()
    estimated_at = fields.DatetimeField()

    class Meta:
        table = "breakage_estimate"
        constraints = (CheckConstraint(check="rate_bp >= 0 AND rate_bp < 10000", name="ck_breakage_estimate_rate"),)
        indexes = (Index(fields=("definition_id", "id"), name="ix_breakage_estimate_definition"),)


class BreakageRun(Model):
    """A catch-up of the packages sold before an estimate or the method changed, one operation each; restartable."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    definition = fields.ForeignKeyField(
        "models.PackageDefinition", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    operation_id = fields.CharField(max_length=32)
    posted_on = fields.DateField()
    packages = fields.IntField()
    done = fields.IntField(db_default=0)
    failed = fields.IntField(db_default=0)
    changed_minor = fields.BigIntField(db_default=0)
    after_package_id = fields.CharField(max_length=32, db_default="")
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "breakage_run"
        indexes = (Index(fields=("chain_id", "id"), name="ix_breakage_run_chain"),)
