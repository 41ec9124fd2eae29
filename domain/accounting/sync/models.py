"""Tables of connections to accounting systems, what is called what there, and the documents that are sent."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Connection(Model):
    """An accounting system that is handed the journal of a chain, of some of its branches or of all.

    `position` is the place in the sealed order up to which documents were made. Who sends holds the lease. What opens
    the other system is kept encrypted in `credentials`, and what it lends for a while in `token`.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    name = fields.CharField(max_length=120)
    system = fields.CharField(max_length=12)
    mode = fields.CharField(max_length=14)
    branch_ids: fields.Field[list[str] | None] = fields.JSONField(null=True)
    starts_on = fields.DateField()
    locked_days = fields.CharField(max_length=6)
    settings: fields.Field[dict[str, object]] = fields.JSONField()
    credentials = fields.TextField(null=True)
    token = fields.TextField(null=True)
    token_expires_at = fields.DatetimeField(null=True)
    refreshing_until = fields.DatetimeField(null=True)
    state = fields.CharField(max_length=8)
    stopped_because = fields.CharField(max_length=500, db_default="")
    position = fields.BigIntField(db_default=0)
    leased_by = fields.CharField(max_length=64, null=True)
    leased_until = fields.DatetimeField(null=True)
    rests_until = fields.DatetimeField(null=True)
    reconciled_at = fields.DatetimeField(null=True)
    reconcile_for = fields.CharField(max_length=32, null=True)
    unread_times = fields.IntField(db_default=0)
    unread_at = fields.DatetimeField(null=True)
    unread_because = fields.CharField(max_length=500, db_default="")
    created_by = fields.CharField(max_length=32)
    created_at = fields.DatetimeField()

    class Meta:
        table = "accounting_connection"
        constraints = (
            UniqueConstraint(fields=("chain_id", "name"), name="uq_accounting_connection_name"),
            CheckConstraint(
                check="(leased_by IS NULL) = (leased_until IS NULL)", name="ck_accounting_connection_lease"
            ),
        )


class WaitingDay(Model):
    """A day of a branch on which something was posted that is summed when the day is over there, at `over_at`."""

    id = fields.BigIntField(primary_key=True)
    connection = fields.ForeignKeyField("models.Connection", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    day = fields.DateField()
    over_at = fields.DatetimeField()

    class Meta:
        table = "sync_waiting_day"
        constraints = (UniqueConstraint(fields=("connection_id", "day", "branch_id"), name="uq_sync_waiting_day"),)
        indexes = (Index(fields=("connection_id", "over_at", "branch_id"), name="ix_sync_waiting_day_over"),)


class AccountMapping(Model):
    """What a role of accounts is called in the other system, the narrowest row of the newest version; append-only.

    No account takes back what an earlier version said.
    """

    id = fields.BigIntField(primary_key=True)
    connection = fields.ForeignKeyField("models.Connection", related_name=False, on_delete=fields.RESTRICT)
    version = fields.IntField()
    account = fields.CharField(max_length=20)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    service = fields.ForeignKeyField("models.Service", related_name=False, null=True, on_delete=fields.RESTRICT)
    tax_code = fields.CharField(max_length=20, null=True)
    remote_account = fields.CharField(max_length=120, null=True)
    dimensions: fields.Field[dict[str, str]] = fields.JSONField()
    mapped_by = fields.CharField(max_length=32)
    mapped_at = fields.DatetimeField()

    class Meta:
        table = "account_mapping"
        indexes = (Index(fields=("connection_id", "account", "id"), name="ix_account_mapping"),)


class SyncDocument(Model):
    """What is booked as one journal in the other system; its lines and, once rendered, its bytes never change."""

    id = fields.CharField(max_length=32, primary_key=True)
    connection = fields.ForeignKeyField("models.Connection", related_name=False, on_delete=fields.RESTRICT)
    number = fields.BigIntField()
    branch = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    day = fields.DateField()
    booked_on = fields.DateField(null=True)
    currency = fields.CharField(max_length=3)
    memo = fields.CharField(max_length=500)
    lines: fields.Field[list[dict[str, object]]] = fields.JSONField()
    entries = fields.IntField()
    first_position = fields.BigIntField()
    last_position = fields.BigIntField()
    mapping_version = fields.IntField(null=True)
    body = fields.TextField(null=True)
    state = fields.CharField(max_length=9)
    attempts = fields.IntField(db_default=0)
    due_at = fields.DatetimeField(null=True)
    problem = fields.CharField(max_length=24, null=True)
    message = fields.CharField(max_length=1000, db_default="")
    hint = fields.CharField(max_length=500, db_default="")
    remote_id = fields.CharField(max_length=120, null=True)
    made_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)
    verified_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sync_document"
        constraints = (UniqueConstraint(fields=("connection_id", "number"), name="uq_sync_document_number"),)
        indexes = (
            Index(fields=("connection_id", "state", "number"), name="ix_sync_document_state"),
            Index(fields=("connection_id", "day"), name="ix_sync_document_day"),
            Index(fields=("connection_id", "id"), name="ix_sync_document_page"),
        )


class SyncDocumentEntry(Model):
    """A journal entry that a document books, as far as it is of the branch of the document; append-only."""

    id = fields.BigIntField(primary_key=True)
    connection = fields.ForeignKeyField("models.Connection", related_name=False, on_delete=fields.RESTRICT)
    document = fields.ForeignKeyField("models.SyncDocument", related_name=False, on_delete=fields.RESTRICT)
    entry = fields.ForeignKeyField("models.JournalEntry", related_name=False, on_delete=fields.RESTRICT)
    branch_id = fields.CharField(max_length=32, db_default="")

    class Meta:
        table = "sync_document_entry"
        constraints = (
            UniqueConstraint(fields=("connection_id", "entry_id", "branch_id"), name="uq_sync_document_entry"),
        )
        indexes = (
            Index(fields=("document_id",), name="ix_sync_document_entry_document"),
            Index(fields=("entry_id",), name="ix_sync_document_entry_entry"),
        )


class SyncAttempt(Model):
    """One call of the other system about a document, and how it ended; append-only."""

    id = fields.BigIntField(primary_key=True)
    document = fields.ForeignKeyField("models.SyncDocument", related_name=False, on_delete=fields.RESTRICT)
    call = fields.CharField(max_length=8)
    outcome = fields.CharField(max_length=9)
    status = fields.IntField(null=True)
    detail = fields.CharField(max_length=1000, db_default="")
    attempted_at = fields.DatetimeField()
    milliseconds = fields.IntField()

    class Meta:
        table = "sync_attempt"
        indexes = (Index(fields=("document_id", "id"), name="ix_sync_attempt_document"),)


class Reconciliation(Model):
    """A comparison of what the other system has booked with what was sent, by account, branch and day."""

    id = fields.CharField(max_length=32, primary_key=True)
    connection = fields.ForeignKeyField("models.Connection", related_name=False, on_delete=fields.RESTRICT)
    first_day = fields.DateField()
    last_day = fields.DateField()
    compared = fields.IntField()
    waiting = fields.IntField(db_default=0)
    differences: fields.Field[list[dict[str, object]]] = fields.JSONField()
    reconciled_by = fields.CharField(max_length=32)
    reconciled_at = fields.DatetimeField()

    class Meta:
        table = "sync_reconciliation"
        indexes = (Index(fields=("connection_id", "id"), name="ix_sync_reconciliation"),)
