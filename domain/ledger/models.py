"""Tables of the two ledgers, sessions and money, and of their sealed order; all append-only."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Movement(Model):
    """n sessions of a lot, with the value and tax they carry, moved from one bucket to another."""

    id = fields.BigIntField(primary_key=True)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    package_version = fields.IntField()
    lot = fields.ForeignKeyField("models.Lot", related_name=False, on_delete=fields.RESTRICT)
    source = fields.CharField(max_length=10)
    target = fields.CharField(max_length=10)
    sessions = fields.IntField()
    value_minor = fields.BigIntField()
    tax_minor = fields.BigIntField()
    breakage_minor = fields.BigIntField(db_default=0)
    effective_at = fields.DatetimeField()
    service = fields.ForeignKeyField("models.Service", related_name=False, null=True, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    practitioner = fields.ForeignKeyField("models.Staff", related_name=False, null=True, on_delete=fields.RESTRICT)
    booking = fields.ForeignKeyField("models.Booking", related_name=False, null=True, on_delete=fields.RESTRICT)

    class Meta:
        table = "movement"
        constraints = (
            CheckConstraint(check="sessions >= 1", name="ck_movement_sessions"),
            CheckConstraint(
                check="value_minor >= 0 AND tax_minor >= 0 AND tax_minor <= value_minor",
                name="ck_movement_value",
            ),
            CheckConstraint(check="source <> target", name="ck_movement_buckets"),
        )
        indexes = (
            Index(fields=("operation_id",), name="ix_movement_operation"),
            Index(fields=("package_id", "package_version"), name="ix_movement_package"),
            Index(fields=("lot_id",), name="ix_movement_lot"),
            Index(fields=("booking_id",), name="ix_movement_booking"),
            Index(fields=("effective_at",), name="ix_movement_effective"),
        )


class Revaluation(Model):
    """A lot's value left, estimated anew without a session moving: what of it is expected never to be used."""

    id = fields.BigIntField(primary_key=True)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    lot = fields.ForeignKeyField("models.Lot", related_name=False, on_delete=fields.RESTRICT)
    value_change_minor = fields.BigIntField()
    breakage_bp = fields.IntField()
    effective_at = fields.DatetimeField()

    class Meta:
        table = "revaluation"
        indexes = (
            Index(fields=("operation_id",), name="ix_revaluation_operation"),
            Index(fields=("package_id",), name="ix_revaluation_package"),
            Index(fields=("lot_id",), name="ix_revaluation_lot"),
        )


class JournalEntry(Model):
    """A balanced entry of the money journal; belongs to one operation, posted on one accounting day."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    event = fields.CharField(max_length=24)
    posted_on = fields.DateField()
    effective_at = fields.DatetimeField()
    currency = fields.CharField(max_length=3)

    class Meta:
        table = "journal_entry"
        indexes = (
            Index(fields=("operation_id",), name="ix_journal_entry_operation"),
            Index(fields=("chain_id", "id"), name="ix_journal_entry_chain"),
            Index(fields=("chain_id", "posted_on"), name="ix_journal_entry_posted_on"),
        )


class JournalLine(Model):
    """One debit or credit of an entry, with its dimensions."""

    id = fields.BigIntField(primary_key=True)
    entry = fields.ForeignKeyField("models.JournalEntry", related_name=False, on_delete=fields.RESTRICT)
    account = fields.CharField(max_length=20)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    debit_minor = fields.BigIntField()
    credit_minor = fields.BigIntField()
    counterparty = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, null=True, on_delete=fields.RESTRICT)
    service = fields.ForeignKeyField("models.Service", related_name=False, null=True, on_delete=fields.RESTRICT)
    payment_method = fields.CharField(max_length=16, null=True)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, null=True, on_delete=fields.RESTRICT)

    class Meta:
        table = "journal_line"
        constraints = (
            CheckConstraint(
                check="(debit_minor > 0 AND credit_minor = 0) OR (debit_minor = 0 AND credit_minor > 0)",
                name="ck_journal_line_side",
            ),
        )
        indexes = (
            Index(fields=("entry_id",), name="ix_journal_line_entry"),
            Index(fields=("branch_id", "account"), name="ix_journal_line_branch"),
            Index(fields=("package_id",), name="ix_journal_line_package"),
        )


class UnsealedOperation(Model):
    """The operations that wait for their position; filled by a trigger, so that none can be forgotten."""

    seq = fields.BigIntField(primary_key=True, generated=False)
    chain_id = fields.CharField(max_length=32)

    class Meta:
        table = "unsealed_operation"
        indexes = (Index(fields=("chain_id", "seq"), name="ix_unsealed_operation_chain"),)


class SealedOperation(Model):
    """An operation's gapless position in its chain, and the hash that chains it to the one before."""

    id = fields.BigIntField(primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    position = fields.BigIntField()
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "sealed_operation"
        constraints = (
            UniqueConstraint(fields=("chain_id", "position"), name="uq_sealed_operation_position"),
            UniqueConstraint(fields=("operation_id",), name="uq_sealed_operation_operation"),
        )


class Redaction(Model):
    """Words of an operation that were erased after it was sealed, by which operation; append-only.

    `remainder` is the SHA-256 of what the seal covered, without these words; `intact` says that the seal held before.
    """

    id = fields.BigIntField(primary_key=True)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    erased_by = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    remainder = fields.CharField(max_length=64)
    intact = fields.BooleanField()

    class Meta:
        table = "redaction"
        indexes = (
            Index(fields=("operation_id",), name="ix_redaction_operation"),
            Index(fields=("erased_by_id",), name="ix_redaction_erased_by"),
        )


class JournalTotal(Model):
    """What one account was debited and credited in a month, by branch, definition and event; summed from the lines.

    Only a cache: of the operations sealed up to the chain's `JournalTotalled.position`, and of no others. The period
    is the month as 202603; each year has rows of its own as 2026, for all events together.
    """

    id = fields.BigIntField(primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    period = fields.IntField()
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    definition_id = fields.CharField(max_length=32)
    event = fields.CharField(max_length=24)
    account = fields.CharField(max_length=20)
    debit_minor = fields.BigIntField()
    credit_minor = fields.BigIntField()

    class Meta:
        table = "journal_total"
        constraints = (
            UniqueConstraint(
                fields=("chain_id", "period", "account", "branch_id", "definition_id", "event"),
                name="uq_journal_total",
            ),
        )


class JournalTotalled(Model):
    """Up to which sealed position the journal of a chain has been totalled."""

    chain_id = fields.CharField(max_length=32, primary_key=True)
    position = fields.BigIntField()

    class Meta:
        table = "journal_totalled"
