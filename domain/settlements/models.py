"""Tables of what a branch earns for the sessions of others, and of the runs that settle it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class SettlementRate(Model):
    """What a branch earns from another for a session, from a day on; of the narrowest rule the newest day counts.

    A branch left out stands for any. `percent_bp` is of the performing branch's list price; append-only.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    home = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    performing = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    basis = fields.CharField(max_length=14)
    percent_bp = fields.IntField(null=True)
    starts_on = fields.DateField()

    class Meta:
        table = "settlement_rate"
        constraints = (
            CheckConstraint(check="(basis = 'LIST_PERCENT') = (percent_bp IS NOT NULL)", name="ck_settlement_rate"),
            CheckConstraint(check="percent_bp IS NULL OR percent_bp >= 0", name="ck_settlement_rate_percent"),
        )
        indexes = (Index(fields=("chain_id", "starts_on"), name="ix_settlement_rate_chain"),)


class Settlement(Model):
    """A run over the dues of all branches, posted until a day and sealed up to a position."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    previous = fields.ForeignKeyField("models.Settlement", related_name=False, null=True, on_delete=fields.RESTRICT)
    from_day = fields.DateField()
    until_day = fields.DateField()
    position = fields.BigIntField()
    floor_position = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    state = fields.CharField(max_length=10)
    run_by = fields.CharField(max_length=32)
    run_at = fields.DatetimeField()
    decided_by = fields.CharField(max_length=32, null=True)
    decided_at = fields.DatetimeField(null=True)
    decision = fields.CharField(max_length=500, db_default="")
    paid_at = fields.DatetimeField(null=True)

    class Meta:
        table = "settlement"
        indexes = (Index(fields=("chain_id", "id"), name="ix_settlement_chain"),)


class SettlementLine(Model):
    """What two branches owe each other in a run: both sides, and how many lines of entries are behind them."""

    id = fields.CharField(max_length=32, primary_key=True)
    settlement = fields.ForeignKeyField("models.Settlement", related_name=False, on_delete=fields.RESTRICT)
    one = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    other = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    one_owes_minor = fields.BigIntField()
    other_owes_minor = fields.BigIntField()
    entries = fields.IntField()
    paid_on = fields.DateField(null=True)
    paid_by = fields.CharField(max_length=32, null=True)
    operation_id = fields.CharField(max_length=32, null=True)

    class Meta:
        table = "settlement_line"
        constraints = (
            UniqueConstraint(fields=("settlement_id", "one_id", "other_id"), name="uq_settlement_line_pair"),
            CheckConstraint(check="one_id < other_id", name="ck_settlement_line_pair"),
        )
        indexes = (
            Index(fields=("one_id",), name="ix_settlement_line_one"),
            Index(fields=("other_id",), name="ix_settlement_line_other"),
        )


class SettlementDispute(Model):
    """What one entry says that two branches owe each other, put aside from a run until somebody lets it in again.

    `settled_in` is the run that took it up again.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    settlement = fields.ForeignKeyField("models.Settlement", related_name=False, on_delete=fields.RESTRICT)
    entry = fields.ForeignKeyField("models.JournalEntry", related_name=False, on_delete=fields.RESTRICT)
    one = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    other = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    one_owes_minor = fields.BigIntField()
    other_owes_minor = fields.BigIntField()
    reason = fields.CharField(max_length=500)
    disputed_by = fields.CharField(max_length=32)
    disputed_at = fields.DatetimeField()
    resolved_by = fields.CharField(max_length=32, null=True)
    resolved_at = fields.DatetimeField(null=True)
    resolution = fields.CharField(max_length=500, db_default="")
    settled_in = fields.ForeignKeyField("models.Settlement", related_name=False, null=True, on_delete=fields.RESTRICT)

    class Meta:
        table = "settlement_dispute"
        indexes = (
            Index(fields=("settlement_id",), name="ix_settlement_dispute_settlement"),
            Index(fields=("entry_id",), name="ix_settlement_dispute_entry"),
            Index(fields=("settled_in_id",), name="ix_settlement_dispute_settled"),
        )
