"""Tables of sessions handed on from one customer to another."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class Transfer(Model):
    """Sessions of a package that go, or went, to another customer; `sessions` is null where all available go."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    into_package = fields.ForeignKeyField("models.Package", related_name=False, null=True, on_delete=fields.RESTRICT)
    sender = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    recipient = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    sessions = fields.IntField(null=True)
    moved = fields.IntField(null=True)
    value_minor = fields.BigIntField(null=True)
    with_bookings = fields.BooleanField()
    opened = fields.BooleanField(db_default=False)
    fee_minor = fields.BigIntField(db_default=0)
    fee_payer = fields.CharField(max_length=10, db_default="SENDER")
    state = fields.CharField(max_length=10)
    reason = fields.CharField(max_length=500, db_default="")
    requested_by = fields.CharField(max_length=32)
    requested_at = fields.DatetimeField()
    decided_by = fields.CharField(max_length=32, null=True)
    decided_at = fields.DatetimeField(null=True)
    decision = fields.CharField(max_length=500, db_default="")
    done_at = fields.DatetimeField(null=True)
    operation_id = fields.CharField(max_length=32, null=True)
    into_operation_id = fields.CharField(max_length=32, null=True)
    undone_at = fields.DatetimeField(null=True)
    undo_operation_id = fields.CharField(max_length=32, null=True)
    undo_into_operation_id = fields.CharField(max_length=32, null=True)

    class Meta:
        table = "transfer"
        constraints = (
            CheckConstraint(check="sessions IS NULL OR sessions >= 1", name="ck_transfer_sessions"),
            CheckConstraint(check="sender_id <> recipient_id", name="ck_transfer_persons"),
            CheckConstraint(
                check="state <> 'DONE' OR (into_package_id IS NOT NULL AND moved >= 1)", name="ck_transfer_done"
            ),
        )
        indexes = (
            Index(fields=("package_id", "id"), name="ix_transfer_package"),
            Index(fields=("into_package_id", "id"), name="ix_transfer_into"),
            Index(fields=("chain_id", "id"), name="ix_transfer_chain"),
            Index(fields=("chain_id", "state", "id"), name="ix_transfer_chain_state"),
            Index(fields=("sender_id",), name="ix_transfer_sender"),
            Index(fields=("recipient_id",), name="ix_transfer_recipient"),
        )


class TransferLot(Model):
    """Which lot the sessions left, which they arrived in, and what they carried; append-only."""

    id = fields.BigIntField(primary_key=True)
    transfer = fields.ForeignKeyField("models.Transfer", related_name=False, on_delete=fields.RESTRICT)
    lot = fields.ForeignKeyField("models.Lot", related_name=False, on_delete=fields.RESTRICT)
    into_lot = fields.ForeignKeyField("models.Lot", related_name=False, on_delete=fields.RESTRICT)
    sessions = fields.IntField()
    value_minor = fields.BigIntField()
    tax_minor = fields.BigIntField()

    class Meta:
        table = "transfer_lot"
        indexes = (
            Index(fields=("transfer_id",), name="ix_transfer_lot_transfer"),
            Index(fields=("lot_id",), name="ix_transfer_lot_lot"),
            Index(fields=("into_lot_id",), name="ix_transfer_lot_into"),
        )
